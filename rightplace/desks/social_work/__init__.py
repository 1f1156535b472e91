"""The social work desk: requests, children's files, choosing an offer."""
