"""BACS Standard 18: the file in which a bank is told whom to pay what on which day."""
