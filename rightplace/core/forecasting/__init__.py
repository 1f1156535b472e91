"""Forecasts of children looked after: a population model, its draws, its back-test, scenarios and what they cost.

Pure: NumPy throughout, no clock, no database, no unseeded chance. Months are numbered from year 0 (`year * 12 + month - 1`), a
child counts in a month when looked after on its first day, and “elapsed” months count from the month the forecast starts in.
"""
