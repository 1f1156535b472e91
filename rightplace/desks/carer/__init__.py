"""The desk of the authority's own foster carers: who lives with them, money, dates, and when they are free."""
