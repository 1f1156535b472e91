"""The standing books: children, carers, providers, frameworks."""
