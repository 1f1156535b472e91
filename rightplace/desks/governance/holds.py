"""Holds on records: the list, placing one, lifting one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.retention import holds, queries
from rightplace.foundation.retention.models import HOLD_KINDS, SUBJECTS, RecordHold

LEAD = "While a hold stands, nothing that it covers is destroyed, whatever a list says."


class PlaceForm(forms.Form):
    """What is held, why, and until when."""

    hide_optional = True

    kind = forms.ChoiceField(
        label="Why records are held",
        widget=forms.RadioSelect,
        choices=[(code, words) for code, words in HOLD_KINDS.items() if code != "subject_request"],
    )
    subject_kind = forms.ChoiceField(
        label="What is held",
        required=False,
        choices=[("", "Every record of the authority"), *SUBJECTS.items()],
    )
    subject_id = forms.IntegerField(
        label="Record number",
        required=False,
        min_value=1,
        help_text="As it stands in the address of its page. Leave it empty to hold every record.",
    )
    reason = forms.CharField(label="In words", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    ends_on = DateInPartsField(
        label="Until",
        required=False,
        help_text="Leave it empty if nobody knows: it then stands until it is lifted.",
    )


class LiftForm(forms.Form):
    """Why it is lifted."""

    reason = forms.CharField(
        label="Why it is lifted", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def hold_list(request: HttpRequest) -> HttpResponse:
    """Every hold, those that stand first."""
    today = timezone.localdate()
    over = Q(lifted_at__isnull=True, ends_on__isnull=False, ends_on__lte=today)
    states = {
        "stands": ("Stands", Q(lifted_at__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))),
        "ended": ("Ended", over),
        "lifted": ("Lifted", Q(lifted_at__isnull=False)),
    }
    found_rows = Rows(
        queries.record_holds(actor_of(request)), ("reason", "placed_by__first_name", "placed_by__last_name"),
        "Reason or person", states, {"since": "starts_on", "kind": "kind"},
    )  # fmt: skip
    columns = (
        Column("Hold", lambda row: f"H-{row.pk:06d}", "reference", link=_lift_url),
        Column("State", _state, "status"),
        Column("Kind", lambda row: HOLD_KINDS[row.kind], sort="kind"),
        Column("Covers", _covers),
        Column("Why", "reason"),
        Column("Since", "starts_on", "date", "since"),
        Column("Until", lambda row: day(row.ends_on) or "Lifted by a person"),
        Column("Placed by", "placed_by"),
    )
    return show_list(
        request, "governance/holds.html", found_rows, columns, caption="Holds", noun="hold", empty="No record is held.",
        lead=LEAD,
    )  # fmt: skip


def _lift_url(row: RecordHold) -> str:
    return "" if row.lifted_at else reverse("governance:lift_hold", args=[row.pk])


def _state(row: RecordHold) -> tuple[str, str]:
    if row.lifted_at:
        return ("lifted", "Lifted")
    is_over = row.ends_on is not None and row.ends_on <= timezone.localdate()
    return ("ended", "Ended") if is_over else ("on_hold", "Stands")


def _covers(row: RecordHold) -> str:
    return f"{SUBJECTS[row.subject_kind]} {row.subject_id}" if row.subject_kind else "Every record"


def place(request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    form, code = PlaceForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            new = holds.NewHold(**form.cleaned_data)
            outcome = holds.place_hold(by=actor_of(request), now=timezone.now(), hold=new)
            if outcome.is_done:
                said = "The hold stands from now on."
                return answer(request, outcome, then=reverse("governance:record_holds"), said=said)
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    return _form(request, "Place a hold", LEAD, form, "Place the hold", code)


def lift(request: HttpRequest, record_hold_id: int) -> HttpResponse:
    """Lift a hold."""
    row: RecordHold = found(queries.record_holds(actor_of(request)).filter(pk=record_hold_id).first())
    form, code = LiftForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = holds.lift_hold(
                by=actor_of(request), now=timezone.now(), hold_id=row.pk, version=version_of(request), **form.cleaned_data
            )  # fmt: skip
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                return answer(
                    request, outcome, then=reverse("governance:record_holds"), said="The hold is lifted."
                )
            add_problems(form, outcome.problems)
    lead = f"{HOLD_KINDS[row.kind]}: {_covers(row).lower()}. {row.reason}"
    return _form(request, f"Lift hold H-{row.pk:06d}", lead, form, "Lift the hold", code, version=row.version)


def _form(
    request: HttpRequest, title: str, lead: str, form: forms.Form, button: str, code: int, version: Any = None
) -> HttpResponse:
    back = ("Holds", reverse("governance:record_holds"))
    known = {"title": title, "lead": lead, "form": form, "button": button, "back": back, "version": version}
    return render(request, "governance/record_form.html", known, status=code)
