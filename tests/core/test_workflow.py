"""A table of transitions: who may do what from where, why not, and which states can be reached at all."""

from __future__ import annotations

import pytest

from rightplace.core.problems import Problem
from rightplace.core.workflow import Workflow, transition


@pytest.fixture
def requests() -> Workflow:
    """A short life of a request, with a state that nothing leads to."""
    return Workflow(
        "request",
        {"draft": "Draft", "sent": "Sent to brokers", "placed": "Placed", "lost": "Lost"},
        "draft",
        (
            transition("send", "Send to brokers", "draft", "sent", ["social_worker"]),
            transition("note", "Add a note", "draft sent", None, ["social_worker", "broker"]),
            transition("place", "Place the child", ["sent"], "placed", ["broker"], is_grave=True),
            transition("forget", "Forget", "lost", "lost", ["broker"]),
        ),
    )


def test_a_row_is_written_with_its_sources_as_words_or_as_a_list(requests: Workflow) -> None:
    send, note, place, _ = requests.transitions
    assert (send.verb, send.label, send.target) == ("send", "Send to brokers", "sent")
    assert (send.sources, send.roles) == (frozenset({"draft"}), frozenset({"social_worker"}))
    assert note.sources == frozenset({"draft", "sent"})
    assert place.sources == frozenset({"sent"})


def test_only_what_is_said_to_be_grave_is_grave(requests: Workflow) -> None:
    assert [row.verb for row in requests.transitions if row.is_grave] == ["place"]


def test_a_verb_is_found_by_its_name_wherever_it_stands(requests: Workflow) -> None:
    for row in requests.transitions:
        assert requests.transition(row.verb) is row


def test_a_verb_that_is_not_in_the_table_is_an_error_that_names_both(requests: Workflow) -> None:
    with pytest.raises(KeyError, match="request has no verb 'cancel'"):
        requests.transition("cancel")


@pytest.mark.parametrize(
    ("verb", "state", "role"),
    [
        ("send", "draft", "social_worker"),
        ("note", "sent", "broker"),
        ("place", "sent", "broker"),
    ],
)
def test_nothing_stands_against_the_right_role_in_the_right_state(
    requests: Workflow, verb: str, state: str, role: str
) -> None:
    assert requests.problems(verb, state=state, role=role) == []


def test_another_role_is_told_that_it_may_not(requests: Workflow) -> None:
    assert requests.problems("send", state="draft", role="broker") == [
        Problem("not_yours", "Your role may not do this: send to brokers.")
    ]


def test_another_role_does_not_learn_the_state(requests: Workflow) -> None:
    (problem,) = requests.problems("send", state="placed", role="broker")
    assert problem.code == "not_yours"


def test_the_right_role_too_late_is_told_how_it_stands_now(requests: Workflow) -> None:
    assert requests.problems("place", state="placed", role="broker") == [
        Problem("wrong_state", "This is now “placed”, so it is too late to do this: place the child.")
    ]


@pytest.mark.parametrize(
    ("state", "role", "verbs"),
    [
        ("draft", "social_worker", ["send", "note"]),
        ("draft", "broker", ["note"]),
        ("sent", "broker", ["note", "place"]),
        ("placed", "broker", []),
        ("draft", "visitor", []),
    ],
)
def test_the_buttons_are_what_this_role_may_do_from_here(
    requests: Workflow, state: str, role: str, verbs: list[str]
) -> None:
    assert [row.verb for row in requests.open_to(state=state, role=role)] == verbs


def test_a_button_is_shown_exactly_where_nothing_stands_against_it(requests: Workflow) -> None:
    for state in requests.states:
        for role in ("social_worker", "broker", "visitor"):
            shown = {row.verb for row in requests.open_to(state=state, role=role)}
            allowed = {
                row.verb
                for row in requests.transitions
                if not requests.problems(row.verb, state=state, role=role)
            }
            assert shown == allowed


def test_states_are_reached_step_by_step_from_the_first_and_no_other_way(requests: Workflow) -> None:
    """Placed is two steps away; lost leads only to itself; a verb that keeps the state adds none."""
    assert requests.reachable() == frozenset({"draft", "sent", "placed"})


def test_where_nothing_leads_on_only_the_first_state_is_reached() -> None:
    assert Workflow("stone", {"lies": "Lies"}, "lies", ()).reachable() == frozenset({"lies"})
