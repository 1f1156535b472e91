"""What every page stands in: base templates, navigation, sign-in page, error pages, style sheets."""
