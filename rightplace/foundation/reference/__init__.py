"""Reference facts that ship with the product."""
