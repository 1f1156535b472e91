"""Rightplace: children's placements found, agreed, paid for, reviewed and planned by an authority or many."""
