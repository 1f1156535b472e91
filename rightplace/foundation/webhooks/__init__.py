"""Webhooks: other systems are told what happened, by signed messages that carry numbers and no personal data."""
