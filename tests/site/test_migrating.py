"""Migrations render what changes, and no more; each step and its record stand or fall together."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.core.management.commands import migrate as djangos
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from rightplace.site.migrating import WholeSteps, rendering_what_changes, what_changes, whole_steps


def test_a_changed_model_is_rendered_with_those_that_point_at_it_and_nothing_else() -> None:
    state = SimpleNamespace(apps=apps, is_delayed=False)
    found = what_changes(state, "panels", "panelitem")
    assert {("panels", "panelitem"), ("panels", "panelview"), ("panels", "panelinterest")} <= found
    assert ("organisations", "authority") not in found
    assert len(found) < 10
    assert state.is_delayed, "a step in Python must have every model rendered whole"


def test_a_new_model_is_rendered_alone() -> None:
    state = SimpleNamespace(apps=apps, is_delayed=False)
    assert what_changes(state, "panels", "not_there_yet") == {("panels", "not_there_yet")}


def test_it_holds_for_the_run_only_and_for_every_way_to_migrate() -> None:
    before = ProjectState._find_reload_model
    with pytest.raises(KeyError), rendering_what_changes():
        assert ProjectState._find_reload_model is what_changes
        raise KeyError
    assert ProjectState._find_reload_model is before
    command = load_command_class(get_commands()["migrate"], "migrate")
    assert type(command).__module__ == "rightplace.site.management.commands.migrate"


class CutOff(WholeSteps):
    """Is killed when a step is made and not yet recorded."""

    def record_migration(self, migration: migrations.Migration) -> None:
        raise KeyboardInterrupt(migration.name)


def two_tables() -> migrations.Migration:
    """A step whose foreign key is written at its end, as those of Django's own that are recorded apart."""
    step = migrations.Migration("0001_initial", "sketch")
    number = ("id", models.BigAutoField(primary_key=True))
    to_one = ("one", models.ForeignKey("sketch.one", on_delete=models.CASCADE))
    step.operations = [
        migrations.CreateModel("One", [number]),
        migrations.CreateModel("Many", [number, to_one]),
    ]
    return step


@pytest.mark.django_db
def test_a_step_that_is_cut_off_before_it_is_recorded_leaves_nothing() -> None:
    with pytest.raises(KeyboardInterrupt):
        CutOff(connection).apply_migration(ProjectState(), two_tables())
    assert "sketch_one" not in connection.introspection.table_names()
    WholeSteps(connection).apply_migration(ProjectState(), two_tables())
    assert {"sketch_one", "sketch_many"} <= set(connection.introspection.table_names())
    assert ("sketch", "0001_initial") in MigrationLoader(connection).applied_migrations


def test_every_step_is_one_transaction() -> None:
    with pytest.raises(KeyError), whole_steps():
        assert djangos.MigrationExecutor is WholeSteps
        raise KeyError
    assert djangos.MigrationExecutor is MigrationExecutor
    steps = MigrationLoader(None).disk_migrations
    assert len(steps) > 150
    assert [key for key, step in steps.items() if not step.atomic] == []
