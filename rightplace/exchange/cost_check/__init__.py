"""The placement cost check: contracts, placements and payments as spreadsheets, held against each other. Nothing is taken in."""
