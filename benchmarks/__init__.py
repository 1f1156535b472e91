"""Measurements of what the product promises, each against its aim. Run one with `python -m benchmarks.imports`."""
