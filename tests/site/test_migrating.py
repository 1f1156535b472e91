"""Migrations render what changes, and no more."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db.migrations.state import ProjectState

from rightplace.site.migrating import rendering_what_changes, what_changes


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
