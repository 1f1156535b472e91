"""Buying: evidence that providers give once, applications to frameworks and markets, tenders, plans, uplifts, who leads."""
