"""Savings and growth of the medium-term plan: projects, their profile, and what contracts show that they delivered."""
