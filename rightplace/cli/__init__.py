"""The `rightplace` command."""
