"""Migrations in seconds: for each step only the models that it changes are rendered anew.

Django renders every model that is related to a changed one at any remove. Ours all lead to the authority, so that each of some
hundred steps would render every model of the product: minutes of work before a newcomer sees the first page, and before
an upgrade lets people write again. What a step does to the database needs the changed model, and those that point at it;
steps in Python are given every model rendered whole, as Django itself does after changes that it delays.

Each step is recorded in the transaction that makes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate as djangos
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

Keys = set[tuple[str, str]]


def what_changes(state: Any, app_label: str, model_name: str, delay: bool = False) -> Keys:
    """The changed model and those whose keys point at it. Marks the state, so that a step in Python has all rendered first."""
    state.is_delayed = True
    found: Keys = {(app_label, model_name)}
    try:
        before = state.apps.get_model(app_label, model_name)
    except LookupError:
        return found
    for field in before._meta.get_fields(include_hidden=True):
        if field.auto_created and field.is_relation and not field.concrete:
            found.add((field.related_model._meta.app_label, field.related_model._meta.model_name))
    return found


@contextmanager
def rendering_what_changes() -> Iterator[None]:
    """Within this, Django's state of the models renders no more than `what_changes`."""
    whole = ProjectState._find_reload_model  # type: ignore[attr-defined]  # Django's own, not in its types
    ProjectState._find_reload_model = what_changes  # type: ignore[attr-defined]  # for the time of the run
    try:
        yield
    finally:
        ProjectState._find_reload_model = whole  # type: ignore[attr-defined]  # as it was


class WholeSteps(MigrationExecutor):
    """Django's executor, each step and its record in one transaction.

    Django records a step that makes foreign keys in a transaction after its own (its ticket 32374): killed between the
    two, every later run would find the tables already there and stop.
    """

    def apply_migration(self, *args: Any, **options: Any) -> ProjectState:
        """Apply one step. No step of ours may state that it is not atomic (tests/site/test_migrating.py)."""
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(*args, **options)


@contextmanager
def whole_steps() -> Iterator[None]:
    """Within this, Django's `migrate` applies its steps by `WholeSteps`."""
    djangos.MigrationExecutor = WholeSteps  # type: ignore[attr-defined]  # for the time of the run
    try:
        yield
    finally:
        djangos.MigrationExecutor = MigrationExecutor  # type: ignore[attr-defined]  # as it was
