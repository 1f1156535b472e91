"""Pages of items, actions and appeals: lists, and one of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.panel.deeds import Deed, open_deeds
from rightplace.desks.panel.item_deeds import (
    ACTION_DEEDS,
    ACTIONS,
    APPEAL_DEEDS,
    APPEALS,
    ITEM_DEEDS,
    ITEMS,
    action_url,
    appeal_url,
    item_url,
)
from rightplace.desks.panel.sections import drawn
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR, PANEL_CHAIR, PANEL_CLERK, TEAM_MANAGER
from rightplace.foundation.audit.queries import history
from rightplace.journey.panels import appeals as appealing
from rightplace.journey.panels import deciding, following_up, queries
from rightplace.journey.panels.models import PanelAction, PanelAppeal, PanelItem
from rightplace.journey.panels.states import PANEL_ACTION, PANEL_APPEAL, PANEL_ITEM
from rightplace.journey.panels.words import MANNERS, OUTCOMES, PARTS, VIEWS

APPEAL_READERS = (PANEL_CHAIR, PANEL_CLERK, DIRECTOR, TEAM_MANAGER)
ITEM_SORTS = {"meeting": "meeting__starts_at", "title": "title", "state": "state", "outcome": "outcome"}
ACTION_SORTS = {"due": "due_on", "owner": "owner__last_name", "panel": "kind__name", "state": "state"}
APPEAL_SORTS = {"asked": "asked_at", "state": "state"}


class ItemFilters(forms.Form):
    """Filters of the list of items."""

    words = forms.CharField(label="Item or panel", required=False, max_length=100)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *PANEL_ITEM.states.items()]
    )
    outcome = forms.ChoiceField(label="Decision", required=False, choices=[("", "All"), *OUTCOMES.items()])


def item_list(request: HttpRequest) -> HttpResponse:
    """Every item that this person may read, the latest meeting first."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[PanelItem]:
        found_ = queries.items_seen(actor, timezone.localdate())
        if filters.get("words"):
            found_ = found_.filter(title__icontains=filters["words"]) | found_.filter(
                meeting__kind__name__icontains=filters["words"]
            )
        wanted = {name: filters[name] for name in ("state", "outcome") if filters.get(name)}
        return found_.filter(**wanted).order_by(
            _order(ITEM_SORTS, sort, "-meeting__starts_at"), "position", "id"
        )

    columns = (
        Column("Item", "title", sort="title", link=item_url),
        Column("Panel", "meeting.kind.name"),
        Column("Meeting", lambda row: timezone.localdate(row.meeting.starts_at), "date", "meeting"),
        Column("State", lambda row: (row.state, PANEL_ITEM.states[row.state]), "status", "state"),
        Column("Decision", lambda row: OUTCOMES.get(row.outcome, ""), sort="outcome"),
        Column("Presented by", lambda row: str(row.presenter or "")),
    )
    listing = Listing("Panel items", "item", columns, rows, ItemFilters, sort="-meeting")
    return list_page(request, "layout/list.html", listing)


def _order(sorts: Mapping[str, str], sort: str, default: str) -> str:
    column = sorts.get(sort.removeprefix("-"))
    return default if column is None else f"-{column}" if sort.startswith("-") else column


def item(request: HttpRequest, key: int) -> HttpResponse:
    """One item: what is asked, what the record says, who has an interest, what was decided, what came of it."""
    actor, now = actor_of(request), timezone.now()
    row, read = found(queries.item_page(actor, key, now))
    meeting = row.meeting
    may_see_table = actor.role not in ("social_worker", TEAM_MANAGER)
    known = {
        "item": row,
        "state": (row.outcome or row.state, _state_words(row)),
        "asked": _asked(row, read.children),
        "sections": drawn(read.sections),
        "decision": _decision(row),
        "asks_url": _asks_url(row, actor),
        "meeting_url": reverse("panel:meeting", args=[meeting.pk]) if may_see_table else "",
        "quorum": queries.quorum_now(meeting, row) if meeting.state == "open" and may_see_table else None,
        "views": deciding.views_standing(row, now) if row.views.all() else None,
        "view_rows": [(v.member, VIEWS[v.view], v) for v in row.views.select_related("member")],
        "interests": [
            (i.member, PARTS[i.member.part].lower(), i.words) for i in row.interests.select_related("member")
        ],
        "actions": _action_table(list(row.actions.select_related("owner", "kind"))),
        "appeals": _appeals(row, actor),
        "deeds": _deeds(row, actor, now),
        "appeal_until": None if row.appeals.all() else appealing.appeal_until(row),
        "history": history(actor, subject="panel_item", subject_id=row.pk),
    }
    return render(request, "panel/item.html", known)


def _asks_url(row: PanelItem, actor: Actor) -> str:
    """The page of the permission that the item asks for, for those who may open it."""
    if row.asks is None:
        return ""
    name = "panel:variation" if row.rise_id else "panel:permission"
    url = reverse(name, args=[row.asks.pk])
    return url if opens_for(url, actor.role) else ""


def _appeals(row: PanelItem, actor: Actor) -> list[tuple[PanelAppeal, bool]]:
    """The appeals against a decision, and whether this person may open each."""
    opens = set()
    if actor.role in APPEAL_READERS:
        opens = set(appealing.appeals_seen(actor, timezone.localdate()).values_list("pk", flat=True))
    return [(one, one.pk in opens) for one in row.appeals.select_related("asked_by")]


def _state_words(row: PanelItem) -> str:
    more = {"to_ratify": ", to be ratified", "not_ratified": ", not ratified"}.get(row.state, "")
    return f"{OUTCOMES.get(row.outcome, PANEL_ITEM.states[row.state])}{more}"


def _deeds(row: PanelItem, actor: Actor, now: Any) -> list[Deed]:
    """What this person may do here and now: deciding only where the meeting stands so, an appeal only in time."""
    fits = {
        "decide_item": row.meeting.state == "open",
        "decide_before_meeting": row.meeting.state in deciding.BEFORE,
        "give_view": row.meeting.state in deciding.BEFORE,
        "ratify_item": row.meeting.state == "open",
        "refuse_ratification": row.meeting.state == "open",
        "withdraw_interest": bool(row.interests.all()),
        "put_back_item": row.meeting.state in (*deciding.BEFORE, "open"),
    }
    if actor.role == TEAM_MANAGER:
        fits["ask_appeal"] = bool(
            appealing.appealable(actor, row.pk) and not appealing.appeal_problems(actor, row, now)
        )
    return [deed for deed in open_deeds(ITEMS, ITEM_DEEDS, row, actor) if fits.get(deed.verb, True)]


def _asked(row: PanelItem, children: tuple[str, ...]) -> list[SummaryRow]:
    at = timezone.localtime(row.meeting.starts_at)
    lines = [
        SummaryRow("Panel", f"{row.meeting.kind} on {at:%-d %B %Y at %H:%M}"),
        SummaryRow("Children", ", ".join(children) or "None: a matter of the panel’s own"),
        SummaryRow("What is asked", row.asked or row.title),
        SummaryRow("Why it is here", row.rule_words),
        SummaryRow("Presented by", str(row.presenter or "Nobody named"), note=f"{row.minutes} minutes"),
    ]
    return lines + ([SummaryRow("Taken off", row.removed_reason)] if row.state == "removed" else [])


def _decision(row: PanelItem) -> list[SummaryRow]:
    if not row.outcome or row.decided_at is None:
        return []
    at = timezone.localtime(row.decided_at)
    lines = [
        SummaryRow("Decision", OUTCOMES[row.outcome], note=MANNERS[row.manner]),
        SummaryRow("Reasons", row.reasons),
        SummaryRow("Recorded by", f"{row.decided_by} on {at:%-d %B %Y at %H:%M}", note=row.quorum_words),
    ]
    if row.conditions:
        lines.insert(1, SummaryRow("Conditions", "; ".join(row.conditions.splitlines())))
    if row.home_by:
        lines.append(SummaryRow("Plan to return home by", f"{row.home_by:%-d %B %Y}"))
    if row.ratified_at:
        said = "Ratified" if row.state == "decided" else "Not ratified"
        day = timezone.localdate(row.ratified_at)
        lines.append(SummaryRow(said, f"{row.ratified_by} on {day:%-d %B %Y}", note=row.ratification_words))
    return lines


def _action_table(rows: list[PanelAction]) -> Table | None:
    columns = (
        Column("What", "what", link=action_url),
        Column("Who", lambda row: str(row.owner)),
        Column("By", "due_on", "date"),
        Column("State", _action_state, "status"),
    )
    return Table(columns, rows, "Conditions and actions") if rows else None


def _action_state(row: PanelAction) -> tuple[str, str]:
    if row.state == "open" and row.due_on < timezone.localdate():
        return "overdue", "Overdue"
    return {"open": "waiting", "done": "done", "dropped": "no_longer_needed"}[row.state], PANEL_ACTION.states[
        row.state
    ]


class ActionFilters(forms.Form):
    """Filters of the list of actions."""

    words = forms.CharField(label="What or panel", required=False, max_length=100)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "All"), ("overdue", "Overdue"), *PANEL_ACTION.states.items()],
    )
    mine = forms.BooleanField(label="Mine only", required=False)


def action_list(request: HttpRequest) -> HttpResponse:
    """What is to be done from panels, the soonest due first."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[PanelAction]:
        found_ = following_up.actions_seen(actor, today)
        for word in (filters.get("words") or "").split()[:5]:
            found_ = found_.filter(what__icontains=word) | found_.filter(kind__name__icontains=word)
        if filters.get("mine"):
            found_ = found_.filter(owner_id=actor.user_id)
        if filters.get("state") == "overdue":
            found_ = found_.filter(state="open", due_on__lt=today)
        elif filters.get("state"):
            found_ = found_.filter(state=filters["state"])
        return found_.order_by(_order(ACTION_SORTS, sort, "due_on"), "id")

    columns = (
        Column("What", "what", link=action_url),
        Column("Who", lambda row: str(row.owner), sort="owner"),
        Column("By", "due_on", "date", "due"),
        Column("Panel", "kind.name", sort="panel"),
        Column("Sort", lambda row: "Condition" if row.is_condition else "Action"),
        Column("State", _action_state, "status", "state"),
    )
    listing = Listing(
        "Panel actions",
        "action",
        columns,
        rows,
        ActionFilters,
        sort="due",
        empty="Nothing is to be done here.",
    )
    return list_page(request, "layout/list.html", listing)


def action(request: HttpRequest, key: int) -> HttpResponse:
    """One action: who is to do what by when, and how it stands."""
    actor, today = actor_of(request), timezone.localdate()
    row: PanelAction = found(following_up.actions_seen(actor, today).filter(pk=key).first())
    at = timezone.localdate(row.item.meeting.starts_at)
    rows = [
        SummaryRow("What", row.what, note="a condition of the decision" if row.is_condition else ""),
        SummaryRow("Who", str(row.owner)),
        SummaryRow("By", f"{row.due_on:%-d %B %Y}"),
        SummaryRow("From", f"{row.kind} on {at:%-d %B %Y}"),
    ]
    if row.times_chased:
        rows.append(SummaryRow("Chased", f"{row.times_chased} times, last on {row.chased_on:%-d %B %Y}"))
    if row.finished_at:
        day = timezone.localdate(row.finished_at)
        rows.append(
            SummaryRow(
                PANEL_ACTION.states[row.state], f"{row.finished_by} on {day:%-d %B %Y}", note=row.words
            )
        )
    is_mine = row.owner_id == actor.user_id
    deeds = open_deeds(ACTIONS, ACTION_DEEDS, row, actor)
    known = {
        "row": row, "title": "Action", "heading": row.what, "caption": "Action from a panel", "list_label": "Actions",
        "list_url": reverse("panel:actions"), "state": _action_state(row), "summary": rows,
        "deeds": deeds if is_mine or actor.role in ("panel_clerk", "panel_chair") else [],
        "more_url": item_url(row.item) if queries.items_seen(actor, today).filter(pk=row.item_id).exists() else "",
    }  # fmt: skip
    return render(request, "panel/record.html", known)


class AppealFilters(forms.Form):
    """Filters of the list of appeals."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *PANEL_APPEAL.states.items()]
    )


def appeal_list(request: HttpRequest) -> HttpResponse:
    """Appeals that this person may read, the newest first."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[PanelAppeal]:
        found_ = appealing.appeals_seen(actor, timezone.localdate())
        wanted = {"state": filters["state"]} if filters.get("state") else {}
        return found_.filter(**wanted).order_by(_order(APPEAL_SORTS, sort, "-asked_at"), "id")

    columns = (
        Column("Decision on", "item.title", link=appeal_url),
        Column("Panel", "item.meeting.kind.name"),
        Column("Asked by", lambda row: str(row.asked_by)),
        Column("Asked", "asked_at", "date", "asked"),
        Column("Heard by", lambda row: str(row.hearer or "The director")),
        Column("State", lambda row: (row.state, PANEL_APPEAL.states[row.state]), "status", "state"),
    )
    listing = Listing(
        "Panel appeals", "appeal", columns, rows, AppealFilters, sort="-asked", empty="No appeals."
    )
    return list_page(request, "layout/list.html", listing)


def appeal(request: HttpRequest, key: int) -> HttpResponse:
    """One appeal: its grounds, who hears it, what came of it."""
    actor, today, now = actor_of(request), timezone.localdate(), timezone.now()
    row: PanelAppeal = found(appealing.appeals_seen(actor, today).filter(pk=key).first())
    rows = [
        SummaryRow(
            "Decision", OUTCOMES[row.item.outcome], note=f"{row.item.meeting.kind}, {row.item.decided_by}"
        ),
        SummaryRow("Grounds", row.grounds),
        SummaryRow("Asked by", f"{row.asked_by} on {timezone.localdate(row.asked_at):%-d %B %Y}"),
        SummaryRow("Heard by", f"The chair of the {row.hearer}" if row.hearer else "The director"),
    ]
    if row.heard_at:
        day = timezone.localdate(row.heard_at)
        rows.append(
            SummaryRow(PANEL_APPEAL.states[row.state], f"{row.heard_by} on {day:%-d %B %Y}", note=row.words)
        )
    hears = not appealing.hearing_problems(actor, row, now)
    deeds = open_deeds(APPEALS, APPEAL_DEEDS, row, actor)
    known = {
        "row": row, "title": "Appeal", "heading": row.item.title, "caption": "Appeal", "list_label": "Appeals",
        "list_url": reverse("panel:appeals"), "state": (row.state, PANEL_APPEAL.states[row.state]), "summary": rows,
        "deeds": [deed for deed in deeds if hears or deed.verb not in ("uphold_appeal", "dismiss_appeal")],
        "more_url": item_url(row.item) if queries.items_seen(actor, today).filter(pk=row.item_id).exists() else "",
    }  # fmt: skip
    return render(request, "panel/record.html", known)
