"""Invoices: what providers ask for, held against what was commissioned, and what of it is released for payment."""
