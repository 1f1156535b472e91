"""Decisions: the team manager chooses; permission is given by limit or panel."""
