"""Looking across, changing nothing: what the market as a whole holds and what policies would do to it."""
