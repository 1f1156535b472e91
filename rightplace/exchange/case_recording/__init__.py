"""The nightly exchange with the authority's case system: children and workers come in, placements, costs and outcomes go out."""
