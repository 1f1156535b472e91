"""A mail server that is not there."""

from __future__ import annotations

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Fails every message."""

    def send_messages(self, messages: object) -> int:
        """Fail as a lost connection does."""
        raise ConnectionError("no such server")
