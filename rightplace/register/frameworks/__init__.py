"""Frameworks and lots: from whom may be bought, and at what ceiling."""
