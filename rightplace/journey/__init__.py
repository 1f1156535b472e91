"""The life of a placement, in order: requests, search, offers, decisions, placements, contracts, payments."""
