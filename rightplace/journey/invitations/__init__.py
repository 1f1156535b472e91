"""Services that are asked to offer for a child, and what exactly each was told: the provider answers in the portal."""
