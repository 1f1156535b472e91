"""People of the authority: the list, one person's account, and the list of joiners, movers and leavers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, moment
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access import people as verbs
from rightplace.foundation.access import rosters
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.roles import ACCESS_OFFICER, ROLES
from rightplace.foundation.access.second_steps import second_steps
from rightplace.foundation.access.sessions import sessions_of

STATES = (
    ("", "All"),
    ("here", "Here"),
    ("coming", "Coming"),
    ("left", "Left"),
    ("no_step", "Without second step"),
)
PERSON = "governance:person"


class PeopleFilter(forms.Form):
    """Which people."""

    q = forms.CharField(label="Name", required=False, max_length=60)
    role = forms.ChoiceField(label="Role", required=False, choices=(("", "All"), *rosters.staff_roles()))
    state = forms.ChoiceField(label="Who", required=False, choices=STATES)


class ChangesFilter(forms.Form):
    """Which changes, and when."""

    happened = forms.ChoiceField(
        label="What",
        required=False,
        choices=(("", "All"), ("joined", "Joined"), ("moved", "Changed role"), ("left", "Left")),
    )
    since = DateInPartsField(label="From", required=False)
    until = DateInPartsField(label="To", required=False)


def standing(user: Any) -> tuple[str, str]:
    """Whether somebody is here, coming, or has left, for a table."""
    if user.is_here:
        return ("active", "Here")
    return ("draft", "Coming") if user.is_coming else ("closed", "Left")


PEOPLE = (
    Column("Person", str, sort="last_name", link=lambda row: reverse(PERSON, args=[row.pk])),
    Column("Signs in with", "username", sort="username"),
    Column("Roles", "role_words"),
    Column("Second step", lambda row: "Yes" if row.has_step else "Not yet"),
    Column("Last signed in", "last_login", "moment", sort="last_login"),
    Column("Standing", standing, "status"),
)
CHANGES = (
    Column("Person", "user", sort="user__last_name", link=lambda row: reverse(PERSON, args=[row.user_id])),
    Column("Role", lambda row: ROLES[row.role].words),
    Column("Began", "starts_on", "date", sort="starts_on"),
    Column("As", lambda row: rosters.BEGAN[rosters.began_as(row)]),
    Column("Given by", lambda row: row.given_by or "the operator"),
    Column("Ends", "ends_on", "date", sort="ends_on"),
    Column("Because", lambda row: rosters.ENDED.get(row.ended_because or "", "")),
    Column("Ended by", lambda row: row.ended_by or ""),
)
ROLES_HELD = (
    Column("Role", lambda row: ROLES[row.role].words),
    Column("Team", lambda row: row.team or ""),
    Column("From", "starts_on", "date"),
    Column("Until", "ends_on", "date"),
    Column("Given by", lambda row: row.given_by or "the operator"),
    Column("Ended by", lambda row: row.ended_by or ""),
)


def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody who has or had access."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[User]:
        chosen = {
            "text": filters.get("q", ""),
            "role": filters.get("role", ""),
            "state": filters.get("state", ""),
        }
        return rosters.people(actor, today=today, **chosen).order_by(sort, "pk")

    def with_roles(users: list[User]) -> list[User]:
        held = rosters.roles_by_person(actor, [user.pk for user in users], today=today)
        for user in users:
            user.role_words = ", ".join(ROLES[row.role].words for row in held.get(user.pk, []))  # type: ignore[attr-defined]  # for the table
        return users

    lead = "Who holds which role in this authority, and has a second step."
    context = {"lead": lead, "may_change": actor.role == ACCESS_OFFICER}
    listing = Listing(
        "People",
        "person|people",
        PEOPLE,
        rows,
        PeopleFilter,
        sort="last_name",
        context=context,
        as_rows=with_roles,
    )
    return list_page(request, "governance/people.html", listing)


def changes_list(request: HttpRequest) -> HttpResponse:
    """Joiners, movers and leavers."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Membership]:
        chosen = {name: filters.get(name) for name in ("since", "until")}
        found_rows = rosters.changes(actor, happened=filters.get("happened", ""), **chosen)
        return found_rows.order_by(sort, "-pk")

    lead = "Who joined, changed role and left, when, and by whose hand. One line is one role."
    listing = Listing(
        "Joiners, movers and leavers",
        "role",
        CHANGES,
        rows,
        ChangesFilter,
        sort="-starts_on",
        context={"lead": lead},
    )
    return list_page(request, "governance/people_changes.html", listing)


def person_page(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: roles past and coming, second steps, sessions, and what was changed about the account."""
    actor = actor_of(request)
    user: User = found(verbs.person_of(actor, person_id))
    rows = list(rosters.roles_of(actor, person_id))
    today = timezone.localdate()
    table = Table(ROLES_HELD, rows, "Roles", hide_caption=True)
    trail = [
        Happening(each.words, each.at, each.actor_name)
        for each in rosters.entries_about(actor, person_id)[:20]
    ]
    known = {
        "person": user,
        "summary": _summary(user),
        "table": table,
        "recent": trail,
        "may_change": actor.role == ACCESS_OFFICER and actor.user_id != user.pk,
        "is_oneself": actor.user_id == user.pk,
        "has_role": any(row.ends_on is None or row.ends_on > today for row in rows),
    }
    return render(request, "governance/person.html", known)


def _summary(user: User) -> list[SummaryRow]:
    steps = ", ".join(step.name for step in second_steps(user))
    open_sessions = sessions_of(user.pk, now=timezone.now()).count()
    return [
        SummaryRow("Signs in with", user.username),
        SummaryRow("E-mail", user.email or "none: no link can be sent"),
        SummaryRow("Account", "open" if user.is_active else "closed"),
        SummaryRow("Second step", steps or "none yet: set up at the next sign-in"),
        SummaryRow("Last signed in", moment(user.last_login) if user.last_login else "never"),
        SummaryRow("Signed in now", f"in {open_sessions} browser{'' if open_sessions == 1 else 's'}"),
    ]


def roles_still_held(by: Actor, person_id: int) -> list[tuple[str, str]]:
    """The roles that a person holds or will hold here, as choices."""
    today = timezone.localdate()
    rows = rosters.roles_of(by, person_id).filter(not_over(today))
    return [(str(row.pk), f"{ROLES[row.role].words}, since {day(row.starts_on)}") for row in rows]
