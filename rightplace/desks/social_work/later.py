"""What became of a request in the stages after it: search, choice, permission, placements, each with its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.pieces import status_tag
from rightplace.desks.components.words import day, moment, pounds
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.access.actor import Actor
from rightplace.journey.decisions.models import Choice
from rightplace.journey.decisions.queries import current_choice
from rightplace.journey.offers.queries import home_words
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.queries import placements
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Search
from rightplace.journey.search.queries import search_of_request

COMPARED = frozenset({"offers_in", "chosen", "permitted", "placed"})


@dataclass(frozen=True, slots=True)
class Later:
    """The search, the choice with its permission, and the placements of a request, as far as it has come."""

    search: Search | None
    choice: Choice | None
    placements: tuple[Placement, ...]

    @property
    def dates(self) -> dict[str, date | datetime | None]:
        """When each stretch of the journey was done, by its title."""
        permission = self.choice.permission if self.choice else None
        return {
            "Search": self.search.closed_at if self.search else None,
            "Choice of an offer": self.choice.at if self.choice else None,
            "Permission to place": permission.decided_at
            if permission and permission.state == "approved"
            else None,
        }


def later_of(actor: Actor, row: PlacementRequest) -> Later:
    """What followed a request; three statements, none while it is still being written or checked."""
    if row.state in {"draft", "submitted", "returned"}:
        return Later(None, None, ())
    rows = placements(actor).filter(permission__choice__request_id=row.pk).order_by("id")
    return Later(search_of_request(actor, row.pk), current_choice(actor, row.pk), tuple(rows))


def later_rows(actor: Actor, row: PlacementRequest, later: Later) -> list[SummaryRow]:
    """The later stages in words, each with the way to its page where this role may open it."""
    rows: list[SummaryRow] = []
    if later.search is not None:
        rows.append(_search(actor, row, later.search))
    if later.choice is not None:
        rows += _choice(actor, later.choice)
    for placed in later.placements:
        url = reverse("placements:placement", args=[placed.pk])
        starts = f"{placed.child}, from {day(placed.period.lower)}"
        rows.append(SummaryRow("Placement", starts, url, "Open", status_tag(placed.state)))
    return rows


def _search(actor: Actor, row: PlacementRequest, search: Search) -> SummaryRow:
    words = f"Closed {moment(search.closed_at)}" if search.closed_at else f"Closes {moment(search.closes_at)}"
    offers = reverse("brokerage:search_offers", args=[search.pk])
    if row.state in COMPARED and opens_for(offers, actor.role):
        return SummaryRow("Search", words, offers, "Compare the offers")
    return SummaryRow("Search", words, _if_open(actor, reverse("brokerage:search", args=[search.pk])), "Open")


def _if_open(actor: Actor, url: str) -> str:
    return url if opens_for(url, actor.role) else ""


def _choice(actor: Actor, choice: Choice) -> list[SummaryRow]:
    chosen = SummaryRow(
        "Chosen", f"{home_words(choice.offer)}, by {choice.by} on {day(choice.at)}", note=choice.reason
    )
    permission = choice.permission
    cost = f"{pounds(permission.whole_cost_pence)} in all, {pounds(permission.weekly_pence)} a week"
    url = _if_open(actor, reverse("panel:permission", args=[permission.pk]))
    return [chosen, SummaryRow("Permission", cost, url, "Open", status_tag(permission.state))]
