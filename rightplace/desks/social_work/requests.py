"""Requests on the social work desk: the list, one request with its journey, and the verbs beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Happening
from rightplace.desks.layout.answers import add_problems, answer, refused, see_other, status_of, version_of
from rightplace.desks.layout.doors import found
from rightplace.desks.layout.listing import list_page
from rightplace.desks.social_work.later import Later, later_of, later_rows
from rightplace.desks.social_work.listing import request_listing
from rightplace.desks.social_work.step_table import BY_SLUG, STEPS, step_of
from rightplace.desks.social_work.summary import NEXT, history_of, journey_of, parts_of
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import history
from rightplace.journey.requests import actions, filling_in, queries
from rightplace.journey.requests.models import Comment, PlacementRequest
from rightplace.journey.requests.queries import RequestFile
from rightplace.journey.requests.states import REQUEST

REFUSED_AFTER = (
    "Permission was refused to a placement made in an emergency: cancel or end each placement, "
    "then search again."
)


def requests(request: HttpRequest) -> HttpResponse:
    """Every request of the authority, filtered and sorted by the address."""
    listing = request_listing(
        request.actor,  # type: ignore[attr-defined]  # set by the middleware
        link=lambda row: reverse("social_work:request", args=[row.pk]),
        sort="-number",
        lead="Placements asked for by your authority.",
    )
    return list_page(request, "social_work/requests.html", listing)


def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: where it stands, who does what next, what was asked, comments and history."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    file: RequestFile = found(queries.request_file(actor, request_id, timezone.now()))
    return render(request, "social_work/request.html", about_request(actor, file))


def about_request(actor: Actor, file: RequestFile) -> dict[str, Any]:
    """What the page of a request shows, on whichever desk."""
    row, today = file.row, timezone.localdate()
    later = later_of(actor, row)
    may = {step.verb for step in REQUEST.open_to(state=row.state, role=actor.role)}

    def change(slug: str) -> str:
        return reverse("social_work:step", args=[row.pk, slug]) if "save_request" in may else ""

    return {
        "file": file,
        "row": row,
        "may": may,
        "state_words": REQUEST.states[row.state],
        "next_words": REFUSED_AFTER if _is_refused_after(row, later) else NEXT[row.state],
        "parts": parts_of(file, change),
        "later": later_rows(actor, row, later),
        "journey": journey_of(row, later.dates),
        "history": history_of(history(actor, subject="request", subject_id=row.pk)),
        "days_left": queries.working_days_left(row.needed_by, today) if row.needed_by else None,
        "continue_url": _continue(file),
        "open_comments": [_comment(one, change) for one in file.comments if one.settled_at is None],
        "settled_comments": [
            Happening(one.words, one.at, str(one.by)) for one in file.comments if one.settled_at is not None
        ],
    }


def _comment(comment: Comment, change: Callable[[str], str]) -> dict[str, Any]:
    """A broker's comment with the part of the request it is about, and where to mend that."""
    step = BY_SLUG.get(comment.field) or step_of(comment.field)
    return {
        "words": comment.words, "by": comment.by, "at": comment.at,
        "part": step.label if step else "The request as a whole", "url": change(step.slug) if step else "",
    }  # fmt: skip


def _is_refused_after(row: PlacementRequest, later: Later) -> bool:
    """Whether permission was refused to a placement that came first, so that the request still stands as chosen."""
    return row.state == "chosen" and later.choice is not None and later.choice.permission.state == "refused"


def _continue(file: RequestFile) -> str:
    """Where filling in goes on: the first step with something that must be mended, else the last one."""
    faults = [step_of(one.field) for one in file.quality.findings if one.severity == "must"]
    for one in STEPS:
        if one in faults:
            return reverse("social_work:step", args=[file.row.pk, one.slug])
    return reverse("social_work:check", args=[file.row.pk])


def recall(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take a request back from the brokers."""
    outcome = actions.recall_request(
        by=request.actor, now=timezone.now(), request_id=request_id, version=version_of(request)  # type: ignore[attr-defined]  # set by the middleware
    )  # fmt: skip
    page = reverse("social_work:request", args=[request_id])
    return answer(
        request, outcome, then=page, said="The request is a draft again. The clock stands until you send it."
    )


def take_out_child(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take a child who joined by mistake out of a draft."""
    child = request.POST.get("child", "")
    outcome = filling_in.take_out_child(
        by=request.actor, now=timezone.now(), request_id=request_id, version=version_of(request),  # type: ignore[attr-defined]  # set by the middleware
        child_id=int(child) if child.isdecimal() and len(child) < 18 else 0,
    )  # fmt: skip
    page = reverse("social_work:step", args=[request_id, "children"])
    return answer(request, outcome, then=page, said="The child is no longer in this request.")


class WithdrawForm(forms.Form):
    """Why a request is withdrawn."""

    reason = forms.CharField(
        label="Why is it withdrawn?", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the request. The brokers are told.",
    )  # fmt: skip


def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Withdraw a request: asked once more, with a reason, because it cannot be undone."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    file: RequestFile = found(queries.request_file(actor, request_id, timezone.now()))
    page = reverse("social_work:request", args=[request_id])
    if problems := REQUEST.problems("withdraw_request", state=file.row.state, role=actor.role):
        return refused(request, tuple(problems), back=page)
    form = WithdrawForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            outcome = actions.withdraw_request(
                by=actor, now=timezone.now(), request_id=request_id, version=version_of(request),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
            if outcome.is_done:
                messages.success(request, f"{file.row.reference} is withdrawn.")
                return see_other(page)
            add_problems(form, outcome.problems)
        status = status_of(()) if not form.is_valid() else 409
    return render(
        request, "social_work/withdraw.html", {"file": file, "form": form, "page": page}, status=status
    )
