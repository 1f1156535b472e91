"""The continuity pack: what an authority needs to go on by hand when the product is away for weeks."""
