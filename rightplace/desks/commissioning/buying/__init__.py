"""Buying at the commissioning desk: frameworks, applications, tenders, notices, plans, prices, uplifts, the consortium."""
