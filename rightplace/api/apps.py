"""The API as an app: its page's template, and the messages that go out when something happens."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Ready when the journey is."""

    name = "rightplace.api"
    label = "api"

    def ready(self) -> None:
        """Let webhooks be told of what happens."""
        from rightplace.api import outgoing

        outgoing.listen()
