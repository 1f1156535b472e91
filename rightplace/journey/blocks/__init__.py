"""Blocks of beds: kept by one authority or several, filled in turn, settled every month to the penny."""
