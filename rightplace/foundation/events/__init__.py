"""What happened, told to whoever must react."""
