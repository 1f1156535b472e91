"""The one map from a state to the words and the colour that people see, for every stage."""

from typing import NamedTuple

from rightplace.desks.components.words import sentence_case


class Look(NamedTuple):
    """How a state looks: words, and one of the GOV.UK tag colours."""

    words: str
    colour: str


# grey: not started or over · blue: under way · yellow: waiting for somebody · purple: with a decision
# maker · teal: in force · green: done well · orange: needs care · red: refused, failed or stopped
COLOURS: dict[str, str] = {
    "grey": "draft not_started not_asked cancelled withdrawn closed expired superseded ended inactive skipped "
    "no_longer_needed void archived cannot_start left lapsed undone stopped sent seen declined not_chosen taken_back "
    "fallen paused lifted",
    "blue": "in_progress searching own_carers market open submitted issued received under_way invited viewed planned resubmitted "
    "visited stage_1 stage_2 scheduled negotiating interviewing new papers_out gathering building filed",
    "yellow": "waiting awaiting_check with_broker in_check quality_check awaiting_reply awaiting_signature "
    "part_signed awaiting_signatures awaiting_start sealed on_hold held asked requested proposed pending "
    "enquired partly_paid matched_in_part to_ratify in_review half_agreed prepared due",
    "purple": "awaiting_decision offers_in with_panel awaiting_permission with_manager chosen shortlisted awaiting_approval "
    "deferred listed compared carried reviewed panel",
    "teal": "active running started in_force varying current live placed registered signed available ready moved",
    "green": "approved offered accepted agreed complete completed done passed paid met permitted matched on_time "
    "confirmed filled awarded good outstanding agreed_with_conditions minuted upheld noted decided "
    "handed_over green",
    "orange": "moved_first returned sent_back needs_more late query queried disputed notice_given requires_improvement "
    "incomplete conditional approved_with_conditions emergency at_risk retrospective reopened amber",
    "red": "turned_down refused rejected failed broken_down not_arrived suspended blocked overdue not_met inadequate "
    "unregistered breached error not_agreed not_ratified red",
}

WORDS: dict[str, str] = {
    "in_check": "In quality check",
    "with_broker": "With the broker",
    "with_panel": "With the panel",
    "with_manager": "With the manager",
    "sealed": "Sealed until closing",
    "in_force": "In force",
    "sent": "Not opened yet",
    "seen": "Opened",
    "own_carers": "Asking own carers",
    "market": "Asking all providers",
    "broken_down": "Broken down",
    "requires_improvement": "Requires improvement to be good",
}

_COLOUR_OF = {state: colour for colour, states in COLOURS.items() for state in states.split()}


def look_of(state: str) -> Look:
    """The look of a state; one that is not in the map is shown in grey, by its own name."""
    key = str(state).lower().replace(" ", "_").replace("-", "_")
    return Look(WORDS.get(key, sentence_case(key)), _COLOUR_OF.get(key, "grey"))
