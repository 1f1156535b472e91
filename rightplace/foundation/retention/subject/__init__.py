"""One person's own data on request (UK GDPR article 15): every row found, others hidden after review, one readable bundle."""
