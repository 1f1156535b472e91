"""Quality in numbers: when reviews and visits are due and why, what outcomes come to, which placements are shaky."""
