"""Other systems and files: what comes in is read by meaning and checked, what goes out cannot do harm."""
