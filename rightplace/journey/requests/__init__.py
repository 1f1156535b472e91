"""Requests: a social worker asks; a broker checks the quality before it leaves."""
