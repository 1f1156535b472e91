"""How services of each kind fare: what was met in time, what kept children out of care, plans and their cost, who comes of age.

It changes nothing and has no tables. What it counts follows from the terms of the kinds; a few figures are of one group.
"""
