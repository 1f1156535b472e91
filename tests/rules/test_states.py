"""Every life in states: each state can be reached, each verb has an action, and who may is a table that people review."""

from __future__ import annotations

import csv
import importlib
import inspect
import pkgutil
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

import rightplace.exchange
import rightplace.foundation
import rightplace.journey
import rightplace.oversight
import rightplace.register
from rightplace.core.workflow import Workflow
from rightplace.foundation.access.roles import ROLES, SYSTEM
from tests.rules.measures import ROOT

LIVES: list[Workflow] = runpy.run_path(str(ROOT / "tools" / "write_reference.py"))["workflows"]()
TABLE = Path(__file__).with_name("states.csv")
# Signing is one action for both sides: the role says for which.
ONE_ACTION = {"sign_for_authority": "sign_contract", "sign_for_provider": "sign_contract"}
# What is decided of a line says which verb; what is released of an invoice, whether anything stays disputed.
ONE_ACTION |= dict.fromkeys(("accept_line", "reduce_line", "dispute_line"), "decide_lines")
ONE_ACTION |= {"release_undisputed": "release_invoice", "settle_line": "resolve_query"}
# To which stage a complaint goes follows from where it is; how an action of a visit ends says which verb.
ONE_ACTION |= dict.fromkeys(("take_to_stage_2", "take_to_stage_3"), "take_complaint_further")
ONE_ACTION |= dict.fromkeys(("accept_action", "return_action", "drop_action"), "close_action")
# Which step an applicant reached says which verb.
ONE_ACTION |= dict.fromkeys(
    ("visit_applicant", "accept_application", "pass_stage_1", "send_to_fostering_panel"), "move_applicant"
)


def actions() -> dict[str, Callable[..., object]]:
    """Every function that is an action."""
    floors = (
        rightplace.foundation, rightplace.register, rightplace.journey, rightplace.oversight, rightplace.exchange,
    )  # fmt: skip
    names = [m.name for floor in floors for m in pkgutil.walk_packages(floor.__path__, f"{floor.__name__}.")]
    modules = [importlib.import_module(name) for name in names if ".migrations" not in name]
    return {
        name: found
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if hasattr(found, "is_action") and not name.startswith("_")
    }


def cells() -> list[tuple[str, str, str, str]]:
    """Every state with every role: the verbs that are open to it."""
    return [
        (life.name, state, role, " ".join(sorted(step.verb for step in life.open_to(state=state, role=role))))
        for life in LIVES
        for state in life.states
        for role in sorted({*ROLES, SYSTEM})
        if life.open_to(state=state, role=role)
    ]


def reviewed() -> list[tuple[str, ...]]:
    with TABLE.open(newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_every_state_can_be_reached(life: Workflow) -> None:
    assert set(life.states) - life.reachable() == set()


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_every_step_leads_between_known_states_for_known_roles(life: Workflow) -> None:
    for step in life.transitions:
        assert step.sources <= set(life.states)
        assert step.target is None or step.target in life.states
        assert step.roles
        assert step.roles <= {*ROLES, SYSTEM}


def test_no_verb_stands_twice_in_a_table() -> None:
    verbs = [(life.name, step.verb) for life in LIVES for step in life.transitions]
    assert len(verbs) == len(set(verbs))


def test_every_verb_of_a_person_is_an_action() -> None:
    known = set(actions())
    verbs = {step.verb for life in LIVES for step in life.transitions if step.roles != {SYSTEM}}
    assert {verb for verb in verbs if ONE_ACTION.get(verb, verb) not in known} == set()


def test_what_each_role_may_do_in_each_state_is_reviewed() -> None:
    """A changed right fails here with the line to change in tests/rules/states.csv, once somebody has thought about it."""
    now, then = set(cells()), set(reviewed())
    new, gone = sorted(now - then), sorted(then - now)
    assert (new, gone) == ([], []), "\n".join(["Add:", *map(",".join, new), "Remove:", *map(",".join, gone)])


def test_nobody_decides_on_what_they_may_also_ask_for_alone() -> None:
    """Looking and placing are separate powers: who checks or searches does not choose or approve."""
    may = {step.verb: step.roles for life in LIVES for step in life.transitions}
    assert not may["approve_placement"] & may["pass_request"]
    assert not may["approve_placement"] & may["submit_offer"]


def test_every_action_says_its_rule_and_takes_who_and_when() -> None:
    for name, action in actions().items():
        names = inspect.signature(action).parameters
        assert inspect.getdoc(action), name
        assert {"by", "now"} <= set(names), name
        assert all(p.kind is p.KEYWORD_ONLY for p in names.values()), name
