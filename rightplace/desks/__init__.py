"""The pages, by who is at the door: one folder per desk, over shared components and layout."""
