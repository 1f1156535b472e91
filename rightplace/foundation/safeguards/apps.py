"""The app of safeguards: the trail asks it to mark looks."""

from __future__ import annotations

from django.apps import AppConfig


class SafeguardsConfig(AppConfig):
    """Restricted cases, emergency access, support visits, sharing agreements, reviews of access."""

    name = "rightplace.foundation.safeguards"
    label = "safeguards"

    def ready(self) -> None:
        """Let every look into a child's file be marked and counted before it goes into the trail."""
        from rightplace.foundation.audit import record
        from rightplace.foundation.safeguards.watching import mark_looks

        record.before_writing(mark_looks)
