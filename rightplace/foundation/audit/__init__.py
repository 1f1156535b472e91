"""What was done and looked at, kept so that nobody can change it."""
