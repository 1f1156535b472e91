"""Payments: dated lines of the contract, to the penny."""
