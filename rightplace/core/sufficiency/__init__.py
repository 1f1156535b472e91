"""What is missing: children by need against the homes they could truly use, by the same musts as matching."""
