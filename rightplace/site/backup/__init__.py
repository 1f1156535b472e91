"""Backups that only the holder of a key can read, and the way back: dumps, base backups with shipped logs, proofs."""
