"""Budgets of a year, outturn frozen each month with its bridge, and what a month has found to be cleared up."""
