"""Matching a child's needs with homes: the vocabulary, the hard rules, and a plain explained score."""
