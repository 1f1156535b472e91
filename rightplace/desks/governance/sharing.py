"""What the authority shares with its consortium: the agreements, recording one, ending one. The region's officer sees all."""

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
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards import queries, sharing
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.foundation.safeguards.words import SHARED_HINTS, SHARED_KINDS

LEAD = "Nothing of an authority is shown to another without an agreement here. Ended means off from the next page on."


class AgreementForm(forms.Form):
    """Record a signed agreement."""

    kind = forms.ChoiceField(
        label="What is shared", widget=forms.RadioSelect, choices=tuple(SHARED_KINDS.items())
    )
    shared_with = forms.ChoiceField(label="With whom", required=False)
    starts_on = DateInPartsField(label="From")
    ends_on = DateInPartsField(label="Until")
    signed_by = forms.CharField(
        label="Signed by", max_length=200, help_text="Name and office of who signed for your authority."
    )
    signed_on = DateInPartsField(label="Signed on")
    choice_hints = {"kind": SHARED_HINTS}

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Authority.objects.filter(pk=actor.authority_id).first()
        others = Authority.objects.filter(consortium_id=(own.consortium_id if own else 0) or 0).exclude(
            pk=actor.authority_id
        )
        choices = [
            ("", "Every authority of the consortium, and its officers"),
            *((row.pk, row.name) for row in others),
        ]
        self.fields["shared_with"].choices = choices  # type: ignore[attr-defined]  # a choice field


class EndForm(forms.Form):
    """End an agreement."""

    reason = forms.CharField(label="Why it ends", max_length=300)


def _columns(desk: str) -> tuple[Column, ...]:
    of = (Column("Authority", "authority"),) if desk == "region" else ()
    return (
        Column(
            "What",
            lambda row: SHARED_KINDS[row.kind],
            link=lambda row: reverse(f"{desk}:agreement", args=[row.pk]),
        ),
        *of,
        Column("With", lambda row: row.shared_with or "the whole consortium"),
        Column("From", "starts_on", "date", "from"),
        Column("Until", "ends_on", "date", "until"),
        Column("Signed by", "signed_by"),
        Column("State", lambda row: state_of(row), "status"),
    )


def state_of(row: SharingAgreement) -> tuple[str, str]:
    """Whether it holds today."""
    today = timezone.localdate()
    if row.ended_at is not None or row.ends_on <= today:
        return "ended", "Ended"
    return ("in_force", "In force") if row.starts_on <= today else ("planned", "To come")


def agreement_list(request: HttpRequest, desk: str = "governance") -> HttpResponse:
    """Every agreement, in force and ended."""
    today = timezone.localdate()
    over = Q(ended_at__isnull=False) | Q(ends_on__lte=today)
    states = {
        "in_force": ("In force", ~over & Q(starts_on__lte=today)),
        "planned": ("To come", ~over & Q(starts_on__gt=today)),
        "ended": ("Ended", over),
    }
    found_rows = Rows(
        queries.agreements(actor_of(request)), ("authority__name", "shared_with__name", "signed_by"), "Authority or person",
        states, {"from": "starts_on", "until": "ends_on"},
    )  # fmt: skip
    return show_list(
        request, "governance/agreements.html", found_rows, _columns(desk), caption="Sharing agreements", noun="agreement",
        empty="Nothing is shared.", lead=LEAD, may_add=desk == "governance",
    )  # fmt: skip


def record(request: HttpRequest) -> HttpResponse:
    """Record an agreement."""
    actor = actor_of(request)
    form, code = AgreementForm(actor, request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            given = {**form.cleaned_data, "shared_with": int(form.cleaned_data["shared_with"] or 0) or None}
            outcome = sharing.record_agreement(
                by=actor, now=timezone.now(), agreement=sharing.NewAgreement(**given)
            )
            if outcome.is_done:
                return see_other(reverse("governance:agreements"))
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    known = {
        "title": "Record an agreement", "lead": LEAD, "form": form, "button": "Record the agreement",
        "back": ("Sharing", reverse("governance:agreements")),
    }  # fmt: skip
    return render(request, "governance/form.html", known, status=code)


def agreement(request: HttpRequest, agreement_id: int, desk: str = "governance") -> HttpResponse:
    """One agreement, and ending it."""
    actor = actor_of(request)
    row: SharingAgreement = found(queries.agreements(actor).filter(pk=agreement_id).first())
    form, code, here = EndForm(request.POST or None), 200, reverse(f"{desk}:agreements")
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = sharing.end_agreement(
                by=actor, now=timezone.now(), agreement_id=agreement_id, version=version_of(request), **form.cleaned_data
            )  # fmt: skip
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                return answer(request, outcome, then=here, said="Ended. From now on it is not shared.")
            add_problems(form, outcome.problems)
    known = {
        "row": row, "form": form, "words": SHARED_KINDS[row.kind], "hint": SHARED_HINTS[row.kind], "state": state_of(row),
        "list_url": here, "may_end": row.ended_at is None,
    }  # fmt: skip
    return render(request, "governance/agreement.html", known, status=code)
