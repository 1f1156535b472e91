"""Joint funding: who bears which share of a placement, and what partners owe for it."""
