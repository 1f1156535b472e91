"""How homes and providers do for the children placed in them, like for like, with how certain each figure is."""
