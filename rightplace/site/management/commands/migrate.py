"""`migrate` as Django has it, with the models of each step rendered sparingly and each step recorded as it is made."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand

from rightplace.site.migrating import rendering_what_changes, whole_steps


class Command(DjangoCommand):
    """Bring the database up to date."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step that is missing."""
        with rendering_what_changes(), whole_steps():
            super().handle(*args, **options)
