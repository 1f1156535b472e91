"""Commands of Django that run in our way."""
