"""Notices of buying as releases of the Open Contracting Data Standard 1.1: made from our own rows, checked, read from others."""
