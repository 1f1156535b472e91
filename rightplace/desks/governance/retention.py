"""Keeping and destroying: what is past its time, lists that two persons agree to, what became of each record, certificates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, moment
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.audit.queries import history
from rightplace.foundation.files.serving import as_download
from rightplace.foundation.retention import destroying, queries
from rightplace.foundation.retention.models import ITEM_STATES, SUBJECTS, DestructionList
from rightplace.foundation.retention.rules import kind_words, rules_on
from rightplace.foundation.retention.states import DESTRUCTION

LEAD = (
    "Records are destroyed only when their time is over, no hold stands, and two persons have agreed. "
    "The audit trail stays whole."
)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class KeepForm(forms.Form):
    """Which record is kept, and why."""

    item = forms.ChoiceField(label="Record")
    reason = forms.CharField(label="Why it is kept", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, items: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        names = [
            (str(one.pk), f"{SUBJECTS[one.subject_kind]} {one.called or one.subject_id}") for one in items
        ]
        self.fields["item"].choices = [("", "Choose a record"), *names]  # type: ignore[attr-defined]  # a choice field


def overview(request: HttpRequest) -> HttpResponse:
    """What there is to keep and to destroy, lists so far, and the rules in force."""
    actor, today = actor_of(request), timezone.localdate()
    lists, current = queries.destruction_lists(actor), queries.open_list(actor)
    context: dict[str, Any] = {
        "lead": LEAD,
        "tiles": [
            Tile(
                "Open list",
                current.reference if current else "None",
                _open_words(current),
                _list_url(current),
            ),
            Tile(
                "Holds standing",
                queries.holds_standing(actor, on=today).count(),
                "nothing that they cover is destroyed",
                reverse("governance:record_holds"),
            ),
            Tile("Lists carried out", lists.filter(state="done").count(), "each with its certificate"),
        ],
        "rules": _rules_table(),
        "may_propose": current is None,
    }
    people = [f"{who}_by__{name}" for who in ("first", "second") for name in ("first_name", "last_name")]
    states = {code: (words, Q(state=code)) for code, words in DESTRUCTION.states.items()}
    sorts = {"made": "made_at", "records": "records", "destroyed": "destroyed"}
    return show_list(
        request, "governance/retention.html", Rows(lists, people, "Who agreed", states, sorts), LISTS,
        caption="Keeping and destroying", noun="list", empty="No list has been proposed yet.", **context,
    )  # fmt: skip


def _open_words(row: Any) -> str:
    return (
        f"{row.records} records, {DESTRUCTION.states[row.state].lower()}"
        if row
        else "nothing waits for agreement"
    )


def _list_url(row: DestructionList | None) -> str:
    return reverse("governance:destruction", args=[row.pk]) if row else ""


LISTS = (
    Column("List", "reference", "reference", link=_list_url),
    Column("State", lambda row: (row.state, DESTRUCTION.states[row.state]), "status"),
    Column("Records", "records", "number", "records"),
    Column("Destroyed", "destroyed", "number", "destroyed"),
    Column("Proposed", "made_at", "moment", "made"),
    Column("First person", lambda row: str(row.first_by or "")),
    Column("Second person", lambda row: str(row.second_by or "")),
)


def _rules_table() -> Table:
    how = {"two_persons": "By two persons", "cleared": "By age, by itself", "kept": "Not destroyed"}
    columns = (
        Column("Kind of record", "words"),
        Column("Kept", "period_words"),
        Column("How it ends", lambda rule: how[rule.how]),
        Column(
            "Source", lambda rule: rule.source if rule.is_verified else f"{rule.source} (to be confirmed)"
        ),
    )
    return Table(columns, rules_on(timezone.localdate()), "How long records are kept", hide_caption=True)


def propose(request: HttpRequest) -> HttpResponse:
    """List what is past its time."""
    actor = actor_of(request)
    outcome = destroying.propose_destruction(by=actor, now=timezone.now(), authority_id=actor.authority_id)
    then = _list_url(outcome.done()) if outcome.is_done else reverse("governance:retention")
    return answer(request, outcome, then=then, said="The list is proposed. Nothing has been destroyed.")


def destruction(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """One list: its records, who agreed, and the buttons."""
    actor = actor_of(request)
    row: DestructionList = found(queries.destruction_lists(actor).filter(pk=destruction_id).first())
    verbs = {step.verb for step in DESTRUCTION.open_to(state=row.state, role=actor.role)}
    agree = {"proposed": "agree_first", "half_agreed": "agree_second"}.get(row.state, "")
    items = queries.items_of(row)
    context: dict[str, Any] = {
        "row": row,
        "state": (row.state, DESTRUCTION.states[row.state]),
        "summary": _summary(row),
        "verbs": verbs,
        "may_agree": agree in verbs and row.first_by_id != actor.user_id,
        "agreed_by_me": row.state == "half_agreed" and row.first_by_id == actor.user_id,
        "keep_form": KeepForm(items=items.filter(state="listed")[:500]) if "keep_record" in verbs else None,
        "refuse_form": ReasonForm(prefix="refuse"),
        "history": history(actor, subject="destruction", subject_id=row.pk),
    }
    states = {code: (words, Q(state=code)) for code, words in ITEM_STATES.items()}
    found_rows = Rows(
        items,
        ("called", "subject_id", "reason"),
        "Number or reason",
        states,
        {"due": "due_on", "rows": "rows"},
    )
    return show_list(
        request, "governance/destruction.html", found_rows, ITEMS, caption=f"Records of {row.reference}", noun="record",
        empty="The list has no records.", **context,
    )  # fmt: skip


def _summary(row: Any) -> list[SummaryRow]:
    counted = {state: row.items.filter(state=state).count() for state in ITEM_STATES}
    words = ", ".join(f"{number} {ITEM_STATES[state].lower()}" for state, number in counted.items() if number)
    rows = [
        SummaryRow("Records", count(row.records, "record"), note=words),
        SummaryRow(
            "First person",
            str(row.first_by or "Nobody yet"),
            note=moment(row.first_at) if row.first_at else "",
        ),
        SummaryRow(
            "Second person",
            str(row.second_by or "Nobody yet"),
            note=moment(row.second_at) if row.second_at else "",
        ),
    ]
    if row.refuse_reason:
        rows.append(SummaryRow("Refused", row.refuse_reason))
    if row.finished_at:
        gone = f"{queries.rows_destroyed(row):,} rows of the database"
        rows += [
            SummaryRow("Finished", moment(row.finished_at), note=gone),
            SummaryRow("Hash of the facts", row.certificate_sha256),
        ]
    return rows


ITEMS = (
    Column("Record", lambda item: f"{SUBJECTS[item.subject_kind]} {item.called or item.subject_id}"),
    Column("Kind", lambda item: kind_words()[item.kind]),
    Column("Kept until", "due_on", "date", "due"),
    Column("State", lambda item: (item.state, ITEM_STATES[item.state]), "status"),
    Column("Why", "reason"),
    Column("Rows", lambda item: item.rows or "", "number", "rows"),
)


def agree(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Agree, as the first or the second person."""
    outcome = destroying.agree_destruction(**_who(request, destruction_id))
    return _back(request, outcome, destruction_id, "You have agreed.")


def refuse(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Refuse the whole list."""
    reason = request.POST.get("refuse-reason", "")
    outcome = destroying.refuse_destruction(**_who(request, destruction_id), reason=reason)
    return _back(request, outcome, destruction_id, "The list is refused. Nothing more of it is destroyed.")


def stop(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Stop it at the next record."""
    outcome = destroying.stop_destruction(**_who(request, destruction_id))
    return _back(request, outcome, destruction_id, "Stopped.")


def resume(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Go on."""
    outcome = destroying.resume_destruction(**_who(request, destruction_id))
    return _back(request, outcome, destruction_id, "It goes on.")


def keep(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Take one record out."""
    wanted = request.POST.get("item", "")
    item_id = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0
    reason = request.POST.get("reason", "")
    outcome = destroying.keep_record(**_who(request, destruction_id), item_id=item_id, reason=reason)
    return _back(request, outcome, destruction_id, "The record is kept.")


def certificate(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """The certificate as a PDF."""
    return as_download(found(queries.certificate_of(actor_of(request), destruction_id)))


def _who(request: HttpRequest, destruction_id: int) -> dict[str, Any]:
    known = {"by": actor_of(request), "now": timezone.now()}
    return {**known, "list_id": destruction_id, "version": version_of(request)}


def _back(request: HttpRequest, outcome: Any, destruction_id: int, said: str) -> HttpResponse:
    return answer(request, outcome, then=reverse("governance:destruction", args=[destruction_id]), said=said)
