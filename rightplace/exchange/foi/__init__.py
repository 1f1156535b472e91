"""Answers to the tables that are asked for most often under the Freedom of Information Act."""
