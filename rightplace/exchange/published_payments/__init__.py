"""What councils publish of their spending: payments read in any layout, payees linked to providers of the register."""
