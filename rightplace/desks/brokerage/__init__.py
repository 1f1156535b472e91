"""The brokerage desk: quality check, search, offers, own carers, homes."""
