"""Miles that own carers claim, for the fostering officer: the list, one claim, agreeing it or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, number
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Button, Part, Record, record_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.journey.payments import claiming
from rightplace.journey.payments.models import MilesClaim
from rightplace.journey.payments.states import MILES_CLAIM

TITLE = "Miles claimed by own carers"
ALL = "all"
DECIDED = tuple((key, words) for key, words in MILES_CLAIM.states.items() if key != "claimed")


class MilesFilter(forms.Form):
    """Which claims."""

    q = forms.CharField(label="Household", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "To decide"), (ALL, "All"), *DECIDED)
    )


COLUMNS = (
    Column("Household", "household.carers", link=lambda row: reverse("brokerage:miles_claim", args=[row.pk])),
    Column("Child", "contract.child_initials"),
    Column("Day", "on", "date", sort="on"),
    Column("Miles", "miles", "number", sort="miles"),
    Column("For", "words"),
    Column("State", lambda row: (row.state, MILES_CLAIM.states[row.state]), "status"),
)


def miles(request: HttpRequest) -> HttpResponse:
    """Claims to decide first; the decided by a filter."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[MilesClaim]:
        state = filters.get("state") or "claimed"
        return claiming.claims(
            actor, words=filters.get("q") or "", state="" if state == ALL else state, order=sort
        )

    lead = "Agreed miles are due at the rate of their day, up to the miles a week that the contract allows."
    listing = Listing(TITLE, "claim", COLUMNS, rows, MilesFilter, sort="on", is_file=False,
                      context={"lead": lead}, empty="No claim waits.")  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def claim(request: HttpRequest, miles_claim_id: int) -> HttpResponse:
    """One claim, with the buttons while it waits."""
    actor = actor_of(request)
    row = _claim(request, miles_claim_id)
    may = {step.verb for step in MILES_CLAIM.open_to(state=row.state, role=actor.role)}
    facts = [
        SummaryRow("Household", f"{row.household.carers}, {row.household.reference}"),
        SummaryRow("Child", row.contract.child_initials or "Not said"),
        SummaryRow("Day", day(row.on)),
        SummaryRow("Miles", number(float(row.miles))),
        SummaryRow("For", row.words),
        SummaryRow("Claimed by", str(row.claimed_by), note=day(timezone.localdate(row.claimed_at))),
        *([SummaryRow("Decided by", str(row.decided_by), note=row.reason)] if row.decided_by else []),
    ]
    buttons = [
        Button(reverse("brokerage:agree_miles", args=[row.pk]), "Agree the miles", row.version, "primary")
    ]
    record = Record(
        str(row), TITLE, reverse("brokerage:miles_claims"), state=(row.state, MILES_CLAIM.states[row.state]),
        links=[NavItem("Do not agree them", reverse("brokerage:decline_miles", args=[row.pk]))] if "decline_miles" in may else [],
        parts=[Part(summary=facts, buttons=buttons if "agree_miles" in may else [])],
    )  # fmt: skip
    return record_page(request, record)


def agree(request: HttpRequest, miles_claim_id: int) -> HttpResponse:
    """Agree a claim."""
    row = _claim(request, miles_claim_id)
    outcome = claiming.agree_miles(
        by=actor_of(request), now=timezone.now(), claim_id=row.pk, version=version_of(request)
    )
    then = reverse("brokerage:miles_claims") if outcome.is_done else _url(row)
    return answer(request, outcome, then=then, said=f"{row}: agreed. The carers are told.")


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label="Why not?", max_length=300, help_text="The carers read this and may claim again."
    )


def decline(request: HttpRequest, miles_claim_id: int) -> HttpResponse:
    """Do not agree a claim."""
    row = _claim(request, miles_claim_id)
    verb = Verb(
        "Do not agree them",
        str(row),
        "It is not agreed. The carers are told.",
        _url(row),
        str(row),
        row.version,
    )
    return verb_page(request, DeclineForm, claiming.decline_miles, {"claim_id": row.pk}, verb)


def _claim(request: HttpRequest, miles_claim_id: int) -> MilesClaim:
    row: MilesClaim = found(claiming.claims(actor_of(request)).filter(pk=miles_claim_id).first())
    return row


def _url(row: MilesClaim) -> str:
    return reverse("brokerage:miles_claim", args=[row.pk])
