"""Children: the protected book. Few may import it, every look is logged."""
