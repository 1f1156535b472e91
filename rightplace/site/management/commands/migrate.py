"""`migrate` as Django has it, with the models of each step rendered sparingly: a fifth of the time from an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand

from rightplace.site.migrating import rendering_what_changes


class Command(DjangoCommand):
    """Bring the database up to date."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step that is missing."""
        with rendering_what_changes():
            super().handle(*args, **options)
