"""Telling people: notices on their desk and e-mails without personal data."""
