"""Panels: what is brought to whom, whether those present may decide, what they decided, and what came of it."""
