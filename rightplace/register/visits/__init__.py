"""Visits to homes: one quality framework and one plan for own, block, framework and spot provision."""
