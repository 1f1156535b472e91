"""Pages of the panels themselves: which there are, how each works, who sits on it, and what is due there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, see_other
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.panel.calendar import feed_url
from rightplace.desks.panel.deeds import open_deeds
from rightplace.desks.panel.kind_forms import AddPanelForm
from rightplace.desks.panel.meeting_deeds import KIND_DEEDS, KINDS, kind_url
from rightplace.foundation.audit.queries import history
from rightplace.journey.panels import kinds as verbs
from rightplace.journey.panels.due import RULES
from rightplace.journey.panels.models import PanelKind, PanelMember, PanelTerms
from rightplace.journey.panels.queries import panel_page, panels, rules_of, sitting_on, terms_of
from rightplace.journey.panels.states import ARRANGERS
from rightplace.journey.panels.words import HOLIDAY_RULES, PARTS, SECTORS, rhythm_words


def kind_list(request: HttpRequest) -> HttpResponse:
    """Every panel of the authority."""
    actor = actor_of(request)
    today = timezone.localdate()
    rows = list(panels(actor))
    columns = (
        Column("Panel", "name", link=kind_url),
        Column("What for", "purpose"),
        Column("Meets", lambda row: _rhythm(terms_of(row, today)[0])),
        Column("Quorum", lambda row: _quorum(terms_of(row, today)[0])),
        Column("Members", lambda row: sum(1 for one in row.members.all() if one.ends_on is None), "number"),
    )
    empty = "This authority has no panels yet. Set up the usual ones, then change them to how yours work."
    table = Table(columns, rows, "Panels", empty=empty, hide_caption=True)
    known = {"table": table, "has_none": not rows, "may_arrange": actor.role in ARRANGERS}
    return render(request, "panel/kinds.html", known)


def _rhythm(terms: PanelTerms | None) -> str:
    if terms is None:
        return ""
    return f"{rhythm_words(terms.every, terms.weekday, terms.week_of_month)} at {terms.starts_at:%H:%M}"


def _quorum(terms: PanelTerms | None) -> str:
    if terms is None:
        return ""
    needs = ", ".join(SECTORS[code] for code in terms.sectors)
    return f"{terms.quorum} with the chair{f'; {needs}' if needs else ''}"


def set_up(request: HttpRequest) -> HttpResponse:
    """The usual panels for an authority that has none."""
    outcome = verbs.set_up_panels(by=actor_of(request), now=timezone.now())
    said = f"{outcome.value} panels are set up. Change them to how yours work, and add members."
    return answer(request, outcome, then=reverse("panel:kinds"), said=said)


def add(request: HttpRequest) -> HttpResponse:
    """A panel of the authority's own."""
    actor, now = actor_of(request), timezone.now()
    form = AddPanelForm(request.POST or None, actor=actor, row=None, now=now)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = verbs.add_panel(by=actor, now=now, **form.cleaned_data)
            if outcome.is_done:
                messages.success(request, "The panel is added. Add its members, then plan its meetings.")
                return see_other(kind_url(outcome.done()))
            add_problems(form, outcome.problems)
    return render(request, "panel/kind_add.html", {"form": form}, status=status)


def kind(request: HttpRequest, key: int) -> HttpResponse:
    """One panel: how it works, who sits on it, what is due there."""
    actor, today = actor_of(request), timezone.localdate()
    row: PanelKind = found(panel_page(actor, key))
    now, others = terms_of(row, today)
    known = {
        "kind": row,
        "summary": _summary(row, now) if now else [],
        "others": [_other(terms) for terms in others],
        "members": _members(request, row, actor.role in ARRANGERS),
        "rules": Table(
            (
                Column("What is due", lambda rule: RULES[rule.rule].said(rule.figure).capitalize()),
                Column("Since", "starts_on", "date"),
                Column("Source", "source"),
            ),
            [rule for rule in rules_of(row, today) if rule.rule in RULES],
            "What is due at this panel",
            empty="No rules yet: items are added by hand.",
        ),
        "deeds": open_deeds(KINDS, KIND_DEEDS, row, actor),
        "history": history(actor, subject="panel", subject_id=row.pk),
    }
    return render(request, "panel/kind.html", known)


def _summary(row: PanelKind, terms: PanelTerms) -> list[SummaryRow]:
    needs = ", ".join(SECTORS[code] for code in terms.sectors)
    return [
        SummaryRow("For", row.purpose),
        SummaryRow(
            "Meets", _rhythm(terms), note=f"for {terms.minutes} minutes, {terms.item_minutes} for an item"
        ),
        SummaryRow("Where", terms.place or "Not said"),
        SummaryRow("On a bank holiday", HOLIDAY_RULES[terms.holiday_rule]),
        SummaryRow(
            "Quorum",
            f"{terms.quorum} members with the chair or vice chair",
            note=f"and somebody for {needs}" if needs else "",
        ),
        SummaryRow("Papers due", f"{terms.papers_days} working days before"),
        SummaryRow("Since", f"{terms.period.lower:%-d %B %Y}", note=terms.source),
    ]


def _other(terms: PanelTerms) -> str:
    until = f" until {terms.period.upper:%-d %B %Y}" if terms.period.upper else ""
    return f"From {terms.period.lower:%-d %B %Y}{until}: {_rhythm(terms).lower()}, quorum {terms.quorum}"


def _members(request: HttpRequest, row: PanelKind, may_arrange: bool) -> Table:
    def address(member: PanelMember) -> str:
        # A partner has no page of their own: the clerk hands the address over.
        return feed_url(request, member) if may_arrange and member.user_id is None else ""

    columns: list[Any] = [
        Column("Name", "name"),
        Column("Part", lambda member: PARTS[member.part]),
        Column("For", lambda member: SECTORS[member.sector].capitalize()),
        Column("Organisation", "organisation"),
        Column("Since", "starts_on", "date"),
    ]
    rows = sitting_on(row, timezone.localdate())
    if any(address(member) for member in rows):
        columns.append(Column("Calendar address", address))
    return Table(columns, rows, "Members", empty="Nobody sits on this panel yet.")
