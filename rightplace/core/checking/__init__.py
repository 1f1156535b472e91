"""Checks of completeness and meaning, as tables of rules with plain words."""
