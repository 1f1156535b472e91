"""The rules and sums of placing children, pure: no database, clock, network or unseeded chance."""
