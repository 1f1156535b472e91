"""When everything is loaded: reactions are registered, and after migrations the row security is written again."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    """The last app, ready when all others are."""

    name = "rightplace.site"
    label = "site"

    def ready(self) -> None:
        """Connect the reactions of the journey and the row security."""
        from rightplace.foundation.tenancy import apply_row_security
        from rightplace.journey import consequences

        consequences.listen()
        # Django tells only apps that have tables; payments is the last of those, so every table is there.
        post_migrate.connect(apply_row_security, sender=apps.get_app_config("payments"))
