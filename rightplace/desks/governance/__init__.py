"""The governance desk: who has access, who looked at what, how long records are kept."""
