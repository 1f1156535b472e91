"""The monthly review of access: opening it, every account confirmed or ended, signing the month off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.safeguards import queries, reviewing
from rightplace.foundation.safeguards.models import ReviewedAccess

LEAD = (
    "Once a month every account is looked at: who still needs it, who has not signed in for long, who looked at children "
    "outside their team."
)
DECISIONS = {
    "": ("waiting", "Not decided"),
    "confirmed": ("approved", "Confirmed"),
    "ended": ("ended", "Ended"),
}
COLUMNS = (
    Column(
        "Month",
        lambda row: str(row),
        sort="month",
        link=lambda row: reverse("governance:access_review", args=[row.pk]),
    ),
    Column("Accounts", "accounts", "number"),
    Column("Not decided", "undecided", "number"),
    Column("Ended", "ended", "number", "ended"),
    Column("Due", "due_on", "date", "due"),
    Column("Signed off by", "signed_off_by"),
    Column("On", "signed_off_at", "moment"),
)
SORTS = {"name": "name", "looks": "looks", "outside": "looks_outside_team", "signed_in": "last_sign_in"}
LINES = (
    Column("Person", "name", sort="name"),
    Column("Role", lambda row: ROLES[row.role].words if row.role in ROLES else row.role),
    Column("Team", "team"),
    Column("Last sign-in", "last_sign_in", "moment", "signed_in"),
    Column("Looks", "looks", "number", "looks"),
    Column("Outside team", "looks_outside_team", "number", "outside"),
    Column("In an emergency", "looks_in_emergency", "number"),
    Column("Dormant", lambda row: ("late", "Dormant") if row.is_dormant else None, "status"),
    Column("Decision", lambda row: DECISIONS[row.decision], "status"),
    Column("By", "decided_by"),
)


class LineForm(forms.Form):
    """Which accounts."""

    q = forms.CharField(label="Person", required=False, max_length=60)
    decision = forms.ChoiceField(
        label="Decision",
        required=False,
        choices=(("", "All"), ("waiting", "Not decided"), ("confirmed", "Confirmed"), ("ended", "Ended")),
    )
    dormant = forms.BooleanField(label="Dormant only", required=False)


def review_list(request: HttpRequest) -> HttpResponse:
    """Every month's review."""
    rows, month = queries.reviews(actor_of(request)), timezone.localdate().replace(day=1)
    states = {
        "open": ("Open", Q(signed_off_at__isnull=True)),
        "signed": ("Signed off", Q(signed_off_at__isnull=False)),
    }
    by = ("signed_off_by__first_name", "signed_off_by__last_name")
    found_rows = Rows(
        rows, by, "Signed off by", states, {"month": "month", "due": "due_on", "ended": "ended"}
    )
    return show_list(
        request, "governance/access_reviews.html", found_rows, COLUMNS, caption="Access reviews", noun="review",
        empty="No month has been reviewed yet.", lead=LEAD, may_open=not rows.filter(month=month).exists(),
    )  # fmt: skip


def open_month(request: HttpRequest) -> HttpResponse:
    """Open this month's review."""
    outcome = reviewing.open_review(by=actor_of(request), now=timezone.now())
    then = reverse("governance:access_review", args=[outcome.done().pk]) if outcome.is_done else _list_url()
    return answer(request, outcome, then=then, said="The review is open: decide about each account.")


def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """One month: every account as it stood, to confirm or to end."""
    actor = actor_of(request)
    row: Any = found(queries.reviews(actor).filter(pk=review_id).first())

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[ReviewedAccess]:
        wanted: QuerySet[ReviewedAccess] = row.lines.select_related("decided_by")
        if words := filters.get("q"):
            wanted = wanted.filter(name__icontains=words)
        if decision := filters.get("decision"):
            wanted = wanted.filter(decision="" if decision == "waiting" else decision)
        if filters.get("dormant"):
            wanted = wanted.filter(is_dormant=True)
        column = SORTS.get(sort.removeprefix("-"), "name")
        return wanted.order_by(("-" if sort.startswith("-") else "") + column, "id")

    context = {
        "row": row, "may_sign": row.signed_off_at is None and row.undecided == 0,
        "lead": f"Every account as it stood on {day(row.opened_at)}, with the looks since the month before. "
        f"Due {day(row.due_on)}.",
        "own": actor.user_id,
    }  # fmt: skip
    listing = Listing(
        f"Access review of {row}", "account", LINES, rows, LineForm, sort="name", context=context
    )
    return list_page(request, "governance/access_review.html", listing)


def confirm(request: HttpRequest, line_id: int) -> HttpResponse:
    """Confirm an account."""
    return _decided(request, reviewing.confirm_access, line_id, "Confirmed.")


def end(request: HttpRequest, line_id: int) -> HttpResponse:
    """End an account."""
    return _decided(request, reviewing.end_access, line_id, "Ended from today.")


def sign_off(request: HttpRequest, review_id: int) -> HttpResponse:
    """Sign the month off."""
    outcome = reviewing.sign_off_review(
        by=actor_of(request), now=timezone.now(), review_id=review_id, version=version_of(request)
    )
    then = reverse("governance:access_review", args=[review_id])
    return answer(request, outcome, then=then, said="Signed off and kept.")


def _decided(request: HttpRequest, verb: Any, line_id: int, said: str) -> HttpResponse:
    actor = actor_of(request)
    line: ReviewedAccess = found(
        ReviewedAccess.objects.filter(pk=line_id, authority_id=actor.authority_id).first()
    )
    outcome = verb(by=actor, now=timezone.now(), line_id=line_id)
    then = reverse("governance:access_review", args=[line.review_id])
    return answer(request, outcome, then=f"{then}?decision=waiting", said=f"{line.name}: {said}")


def _list_url() -> str:
    return reverse("governance:access_reviews")
