"""The commissioning desk: the market, frameworks, imports."""
