"""A package, so that what its `conftest.py` loads can be kept for its modules together and undone after the last of them."""
