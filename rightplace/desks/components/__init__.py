"""Template tags, form parts and drawings that every desk builds its pages from."""
