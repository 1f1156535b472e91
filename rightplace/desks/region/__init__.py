"""The region desk: the market across authorities."""
