"""Emergency access: asking for it at any desk that works with cases; the list and the review at the governance desk."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Happening, SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, moment
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.safeguards import emergencies, queries
from rightplace.foundation.safeguards.models import EmergencyAccess
from rightplace.foundation.safeguards.words import OUTCOMES

COLUMNS = (
    Column(
        "Opened",
        "starts_at",
        "moment",
        "opened",
        link=lambda row: reverse("governance:emergency", args=[row.pk]),
    ),
    Column("By", "user"),
    Column("Child", "restriction.child_number", "reference"),
    Column("Reason", "reason"),
    Column("Reviewer", "reviewer"),
    Column("Review by", "review_due_on", "date", "due"),
    Column(
        "Review",
        lambda row: (row.outcome or "waiting", OUTCOMES.get(row.outcome, "Waits for review")),
        "status",
    ),
)


class OpenForm(forms.Form):
    """Ask for a case in an emergency."""

    child_number = forms.CharField(label="Child’s number", max_length=20)
    reason = forms.CharField(
        label="Why you need this case now",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Say what has happened. A reviewer reads it today.",
    )


class ReviewForm(forms.Form):
    """What the review came to."""

    outcome = forms.ChoiceField(
        label="What you found", widget=forms.RadioSelect, choices=tuple(OUTCOMES.items())
    )
    words = forms.CharField(label="In words", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def open_now(request: HttpRequest) -> HttpResponse:
    """Open a restricted case for at most an hour; and what one has open."""
    actor, now = actor_of(request), timezone.now()
    form, code = OpenForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = emergencies.open_in_emergency(by=actor, now=now, **form.cleaned_data)
            if outcome.is_done:
                return see_other(reverse("governance:open_emergency"))
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    known = {
        "form": form,
        "opened": [_opened(row, actor.role) for row in queries.own_emergencies(actor, now)],
    }
    return render(request, "governance/open_emergency.html", known, status=code)


def _opened(row: EmergencyAccess, role: str) -> dict[str, object]:
    url = reverse("social_work:child", args=[row.child_id])
    return {"row": row, "url": url if opens_for(url, role) else "", "until": moment(row.ends_at)}


def close(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """End one's own emergency access early."""
    outcome = emergencies.close_emergency(
        by=actor_of(request), now=timezone.now(), access_id=emergency_id, version=version_of(request)
    )
    return answer(request, outcome, then=reverse("governance:open_emergency"), said="Ended.")


def emergency_list(request: HttpRequest) -> HttpResponse:
    """Every emergency access of the authority."""
    states = {"waiting": ("Waits for review", Q(reviewed_at__isnull=True))}
    states |= {code: (words, Q(outcome=code)) for code, words in OUTCOMES.items()}
    found_rows = Rows(
        queries.emergencies(actor_of(request)),
        ("restriction__child_number", "reason", "user__first_name", "user__last_name"), "Number, reason or person", states,
        {"opened": "starts_at", "due": "review_due_on"},
    )  # fmt: skip
    lead = "A restricted case opened by somebody who is not named for it. Each is reviewed by somebody else."
    return show_list(
        request, "governance/emergencies.html", found_rows, COLUMNS, caption="Emergency access", noun="access",
        empty="Nobody has used emergency access.", lead=lead,
    )  # fmt: skip


def emergency(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """One emergency access: who, why, what was looked at, and the review."""
    return _shown(request, emergency_id, ReviewForm(), 200)


def review(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """Review it."""
    form, code = ReviewForm(request.POST), 422
    if form.is_valid():
        outcome = emergencies.review_emergency(
            by=actor_of(request), now=timezone.now(), access_id=emergency_id, version=version_of(request), **form.cleaned_data
        )  # fmt: skip
        if outcome.is_done or status_of(outcome.problems) in {404, 409}:
            then = reverse("governance:emergency", args=[emergency_id])
            return answer(request, outcome, then=then, said="Reviewed.")
        add_problems(form, outcome.problems)
    return _shown(request, emergency_id, form, code)


def _shown(request: HttpRequest, emergency_id: int, form: ReviewForm, code: int) -> HttpResponse:
    actor = actor_of(request)
    row: EmergencyAccess = found(queries.emergencies(actor).filter(pk=emergency_id).first())
    looks = [Happening(one.words, one.at) for one in queries.looks_during(row)]
    is_mine = row.user_id == actor.user_id
    known = {
        "row": row, "summary": _summary(row), "looks": looks, "form": form, "is_mine": is_mine,
        "may_review": row.reviewed_at is None and not is_mine,
    }  # fmt: skip
    return render(request, "governance/emergency.html", known, status=code)


def _summary(row: EmergencyAccess) -> list[SummaryRow]:
    rows = [
        SummaryRow("Who", str(row.user), note=ROLES[row.role].words),
        SummaryRow("Child", row.restriction.child_number, note="by number only"),
        SummaryRow("Why", row.reason),
        SummaryRow("Opened", moment(row.starts_at), note=f"until {moment(row.ends_at)}"),
        SummaryRow("Reviewer", str(row.reviewer), note=f"by {day(row.review_due_on)}"),
    ]
    if row.reviewed_at:
        rows.append(
            SummaryRow("Review", OUTCOMES[row.outcome], note=f"{row.reviewed_by}, {moment(row.reviewed_at)}")
        )
        rows.append(SummaryRow("In words", row.outcome_words))
    return rows
