"""Paying: the journal, bank accounts of payees, payment runs, and the close of each month."""
