"""Children on the social work desk: search, one child's file (each look recorded), and a request started from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Figure, Span, timeline_bar
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day
from rightplace.desks.layout.answers import add_problems, see_other, status_of
from rightplace.desks.layout.doors import found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.social_work.listing import needed_by, state_of
from rightplace.desks.social_work.living_with import living_rows
from rightplace.foundation.reference.codes import meaning
from rightplace.journey.placements.queries import placements_of_child
from rightplace.journey.requests import actions, case_people
from rightplace.journey.requests.child_files import ChildFile, age_of, children_found, open_child
from rightplace.journey.requests.queries import OPEN

LIVED = frozenset({"started", "ended"})


class ChildFilters(forms.Form):
    """The search for a child."""

    words = forms.CharField(label="Name or number", required=False, max_length=60)
    mine = forms.BooleanField(label="Only children I work with", required=False)


CHILD_COLUMNS = (
    Column("Child", str, sort="name", link=lambda child: reverse("social_work:child", args=[child.pk])),
    Column("Number", "local_number", sort="number"),
    Column("Age", lambda child: age_of(child, timezone.localdate()), "number", sort="born"),
    Column("Social worker", lambda child: str(child.social_worker or "")),
    Column("Team", lambda child: str(child.team or "")),
    Column("Open requests", lambda child: child.open_requests or "", "text"),
)


def children(request: HttpRequest) -> HttpResponse:
    """The children of the authority, searched by name or number."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        words, is_mine = filters.get("words", ""), bool(filters.get("mine"))
        return children_found(actor, words=words, mine=is_mine, order=sort)

    listing = Listing(
        "Children",
        "child",
        CHILD_COLUMNS,
        rows,
        ChildFilters,
        sort="name",
        empty="No child fits these words.",
        context={
            "lead": "Every look into a child’s file is recorded.",
            "may_add": opens_for(reverse("social_work:add_child"), actor.role),
        },
        is_file=False,
    )
    return list_page(request, "social_work/children.html", listing)


def child(request: HttpRequest, child_id: int) -> HttpResponse:
    """A child's file: facts, legal status, family, placements, requests, and who looked."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    file: ChildFile = found(open_child(actor, child_id, timezone.now()))
    placements = list(placements_of_child(actor, child_id))
    context = {
        "file": file,
        "facts": _facts(file),
        "living": living_rows(actor, child_id),
        "legal": _legal_table(file, may_end=actor.role in {"social_worker", "team_manager"}),
        "lived": _placement_figure(placements),
        "placements": _placement_table(placements),
        "requests": _request_table(file),
        "looks": _look_table(file),
        "may_ask": actor.role in {"social_worker", "team_manager"},
        "may_give": actor.role in case_people.GIVERS,
        "may_name": actor.role in case_people.NAMERS,
    }
    return render(request, "social_work/child.html", context)


def _facts(file: ChildFile) -> list[SummaryRow]:
    one, basis = file.child, file.legal_basis_now
    rows = (
        ("Known as", one.known_as),
        ("Born", f"{day(one.born_on)} (aged {file.age})"),
        ("Sex", file.sex),
        ("Number", one.local_number),
        ("Legal status now", f"{basis.code}: {basis.words}" if basis else "None recorded"),
        ("Main need", file.need),
        ("Ethnicity", file.ethnicity),
        ("Language", one.language),
        ("Faith", one.faith),
        ("Home postcode", one.home_postcode),
        ("School", " ".join(part for part in (one.school_name, one.school_postcode) if part)),
        ("Social worker", str(one.social_worker or "")),
        ("Team", str(one.team or "")),
        ("Reviewing officer", file.reviewed_by),
    )
    return [SummaryRow(key, value or "Not recorded") for key, value in rows if value or key != "Known as"]


def _legal_table(file: ChildFile, *, may_end: bool) -> Table:
    columns = [
        Column("Status", lambda basis: f"{basis.code}: {basis.words}"),
        Column("From", "starts_on", "date"),
        Column("Until", lambda basis: day(basis.ends_on) or "Now"),
    ]
    if may_end:
        words = Column(
            "Change",
            lambda basis: "" if basis.ends_on else "End it",
            link=lambda basis: _end_url(file, basis),
        )
        columns.append(words)
    return Table(
        columns, file.legal_bases[::-1], "Legal status", id="legal", empty="None recorded.", hide_caption=True
    )


def _end_url(file: ChildFile, basis: Any) -> str:
    return "" if basis.ends_on else reverse("social_work:end_legal_status", args=[file.child.pk, basis.id])


def _placement_figure(placements: Sequence[Any]) -> Figure | None:
    """Where the child has lived, as bars over time; planned placements are in the table only."""
    lived = [row for row in placements if row.state in LIVED and row.period and row.period.lower]
    spans = [Span(_place(row), row.period.lower, row.period.upper, "1", _kind(row)) for row in lived]
    return timeline_bar(spans, "Where the child has lived", timezone.localdate()) if spans else None


def _placement_table(placements: Sequence[Any]) -> Table:
    columns = (
        Column("Place", _place, link=lambda row: reverse("placements:placement", args=[row.pk])),
        Column("Kind", _kind),
        Column("From", lambda row: day(row.period.lower) if row.period else ""),
        Column("Until", lambda row: day(row.period.upper) if row.period and row.period.upper else ""),
        Column("State", "state", "status"),
    )
    return Table(
        columns,
        placements[::-1],
        "Placements",
        id="placements",
        empty="No placement recorded.",
        hide_caption=True,
    )


def _place(row: Any) -> str:
    return str(row.setting or row.household or row.named_carer or _kind(row))


def _kind(row: Any) -> str:
    return meaning("PLACE", row.place_code)


def _request_table(file: ChildFile) -> Table:
    today = timezone.localdate()
    columns = (
        Column("Request", "reference", link=lambda row: reverse("social_work:request", args=[row.pk])),
        Column("State", state_of, "status"),
        Column("Needed by", lambda row: needed_by(row, today), "clock"),
        Column("Asked by", lambda row: str(row.social_worker)),
    )
    return Table(
        columns, file.requests, "Requests", id="requests", empty="No request yet.", hide_caption=True
    )


def _look_table(file: ChildFile) -> Table:
    columns = (
        Column("Last", "last_at", "moment"),
        Column("Who", lambda look: f"{look.who}, {look.role.lower()}"),
        Column("What", "what"),
        Column("Times that day", "times", "number"),
    )
    return Table(columns, file.looks, "Who looked", id="looks", empty="Nobody yet.", hide_caption=True)


class StartForm(forms.Form):
    """Which brothers and sisters a request is for too, and by when."""

    hide_optional = True

    def __init__(self, *args: Any, siblings: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(str(one.child.pk), f"{one.child}, {one.age}") for one in siblings]
        if choices:
            self.fields["siblings"] = forms.TypedMultipleChoiceField(
                label="Ask for brothers and sisters in the same request?", required=False, coerce=int, choices=choices,
                widget=forms.CheckboxSelectMultiple, help_text="One request for the group. You can change this later.",
            )  # fmt: skip
        self.fields["needed_by"] = DateInPartsField(
            label="Needed by",
            required=False,
            help_text="You can leave this for later. For example, 27 3 2027",
        )


def start(request: HttpRequest, child_id: int) -> HttpResponse:
    """Start a request for a child, with brothers and sisters if wanted; the rest is filled in from the register."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    file: ChildFile = found(open_child(actor, child_id, timezone.now()))
    form = StartForm(request.POST or None, siblings=file.siblings)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            ids = (child_id, *form.cleaned_data.get("siblings", ()))
            outcome = actions.start_request(
                by=actor, now=timezone.now(), child_ids=ids, needed_by=form.cleaned_data["needed_by"]
            )
            if outcome.is_done:
                return see_other(reverse("social_work:step", args=[outcome.done().pk, "why"]))
            add_problems(form, outcome.problems)
        status = status_of(())
    open_requests = [row for row in file.requests if row.state in OPEN]
    context = {"file": file, "form": form, "open_requests": open_requests, "known": _known(file)}
    return render(request, "social_work/start.html", context, status=status)


def _known(file: ChildFile) -> str:
    """What will be filled in from the register, in words."""
    one = file.child
    held = (
        ("language", one.language), ("faith", one.faith), ("home area", one.home_postcode), ("school", one.school_name),
        (count(len(file.siblings), "brother or sister", "brothers and sisters"), file.siblings),
    )  # fmt: skip
    return ", ".join(label for label, value in held if value)
