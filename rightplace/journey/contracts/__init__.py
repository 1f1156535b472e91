"""Contracts: the individual placement contract, signed by both sides, in versions."""
