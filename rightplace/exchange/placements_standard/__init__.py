"""The Placements Data Standard, version 2: the placements of an authority as the sector's own records, as JSON and CSV."""
