"""Placements: where each child is from when to when; never two places, never one bed twice."""
