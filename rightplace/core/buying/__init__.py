"""Buying, pure: who wins a tender and how sure that is, what a price is worth beside need, how a market is shared out."""
