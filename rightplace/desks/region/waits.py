"""Who waits across the consortium: anonymised profiles of those that share them, with homes proposed for all together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import count
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.oversight.waiting import Shared, shared_waits

COLUMNS = (
    Column("Who waits", "name", sort="name"),
    Column("Needed", "urgency", sort="urgency"),
    Column("Children", "children", "number", sort="children"),
    Column("Ages", "ages"),
    Column("Needs", "needs"),
    Column("Homes that would do", "suitable", "number", sort="suitable"),
    Column("Proposed", lambda row: row.proposed or "no home", sort="proposed"),
    Column("Its own rank", "rank", "number"),
    Column("Best homes wanted too by", "wanted_by"),
)


class ProfileFilter(forms.Form):
    """Which profiles."""

    q = forms.CharField(label="Authority or need", required=False, max_length=60)
    home = forms.ChoiceField(
        label="Home proposed",
        required=False,
        choices=(("", "All"), ("with", "With a home"), ("without", "Without a home")),
    )
    wanted = forms.BooleanField(label="Only where another authority wants the same homes", required=False)


def who_waits(request: HttpRequest) -> HttpResponse:
    """The profiles that are shared, with how many homes would do, what is proposed, and who wants the same homes."""
    shared = shared_waits(actor_of(request), timezone.now())

    def rows(filters: Mapping[str, Any], sort: str) -> Any:
        text = (filters.get("q") or "").strip().lower()
        wanted = [one for one in shared.profiles if text in f"{one.authority} {one.needs}".lower()]
        if home := filters.get("home"):
            wanted = [one for one in wanted if bool(one.proposed) == (home == "with")]
        if filters.get("wanted"):
            wanted = [one for one in wanted if one.wanted_by]
        return sorted(
            wanted, key=lambda one: getattr(one, sort.removeprefix("-")), reverse=sort.startswith("-")
        )

    listing = Listing(
        "Who waits", "request", COLUMNS, rows, ProfileFilter, sort="suitable",
        context={"tiles": tiles(shared), "lead": lead_of(shared)},
        empty="Nobody is shared: no authority shares its profiles, or nobody waits there.",
    )  # fmt: skip
    return list_page(request, "region/who_waits.html", listing)


def lead_of(shared: Shared) -> str:
    """Who shares."""
    who = ", ".join(shared.authorities) or "no authority"
    return (
        f"Anonymised profiles, shared by agreement by {who}. No name, number, day or address; no own carers."
    )


def _sharers(number: int) -> str:
    return f"{count(number, 'authority', 'authorities')} that {'shares' if number == 1 else 'share'}"


def tiles(shared: Shared) -> list[Tile]:
    """The consortium at a glance."""
    left = shared.children - shared.placed
    return [
        Tile("Children who wait", shared.children, f"of {_sharers(len(shared.authorities))}"),
        Tile(
            "With a home proposed", shared.placed, "proven best together" if shared.is_best else "best found"
        ),
        Tile("Without a home", left, "the homes of the register alone", tone="care" if left else "good"),
    ]
