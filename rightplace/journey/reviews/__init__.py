"""Reviews of looked-after children and what they show: outcomes scored, what follows, steadiness, complaints, surveys."""
