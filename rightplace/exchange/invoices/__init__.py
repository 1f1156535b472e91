"""Providers' invoices from files: spreadsheets with columns of any names, and electronic invoices (UBL, EN 16931)."""
