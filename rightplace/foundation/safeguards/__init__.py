"""Who gets in beyond one's role: restricted cases, emergency access, support visits, sharing agreements, reviews of access."""
