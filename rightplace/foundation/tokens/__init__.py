"""API tokens: how another system shows who it acts for, with which scopes, and until when."""
