"""A market of placements simulated day by day from a seed, to compare policies of choosing among offers."""
