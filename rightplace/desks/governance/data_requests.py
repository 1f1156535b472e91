"""Requests for one's own data: taking one, watching it being gathered, the review of words about others, release, hand-over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, moment
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import add_problems, answer, refused, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import history
from rightplace.foundation.audit.record import look
from rightplace.foundation.files.serving import as_download
from rightplace.foundation.retention import queries
from rightplace.foundation.retention.models import SUBJECTS, SubjectRequest
from rightplace.foundation.retention.states import SUBJECT_REQUEST
from rightplace.foundation.retention.subject import actions, finding

LEAD = "Anybody may ask what is held about them. The answer is due within one month; words about others are hidden first."
WORDS_A_PAGE = 50
# What is done with the words of a record: for those named for the case, where it is restricted.
OF_WORDS = frozenset({"judge_words", "finish_review", "release_bundle", "hand_over"})
NOT_FOUND = Problem("no_record", "There is no such record in your authority.", "named")


class AskForm(forms.Form):
    """A request as it came in."""

    subject_kind = forms.ChoiceField(
        label="About whom",
        widget=forms.RadioSelect,
        choices=[(code, SUBJECTS[code]) for code in actions.ASKABLE],
    )
    named = forms.CharField(
        label="Number",
        max_length=120,
        help_text="A child by number, a carer’s household by reference, a member of staff by sign-in name.",
    )
    asked_by = forms.CharField(label="Who asks, and for whom", max_length=200)
    identity_words = forms.CharField(label="How their identity was checked", max_length=300)
    received_on = DateInPartsField(label="Received on")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def request_list(request: HttpRequest) -> HttpResponse:
    """Every request, the most urgent first."""
    states = {code: (words, Q(state=code)) for code, words in SUBJECT_REQUEST.states.items()}
    found_rows = Rows(
        queries.data_requests(actor_of(request)), ("asked_by", "identity_words"), "Who asks", states,
        {"received": "received_on", "due": "due_on", "closed": "closed_at"},
    )  # fmt: skip
    columns = (
        Column("Request", "reference", "reference", link=_url),
        Column("State", lambda row: (row.state, SUBJECT_REQUEST.states[row.state]), "status"),
        Column("About", _about),
        Column("Asked by", "asked_by"),
        Column("Received", "received_on", "date", "received"),
        Column("Answer by", "due_on", "date", "due"),
        Column("Closed", "closed_at", "moment", "closed"),
    )
    return show_list(
        request, "governance/data_requests.html", found_rows, columns, caption="Requests for one’s own data", noun="request",
        empty="Nobody has asked.", lead=LEAD,
    )  # fmt: skip


def _url(row: SubjectRequest) -> str:
    return reverse("governance:data_request", args=[row.pk])


def _about(row: Any) -> str:
    return f"{SUBJECTS[row.subject_kind]} {row.called or row.subject_id}"


def ask(request: HttpRequest) -> HttpResponse:
    """Take a request."""
    form, code = AskForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = _ask(actor_of(request), dict(form.cleaned_data))
            if outcome is None:
                add_problems(form, (NOT_FOUND,))
            elif outcome.is_done:
                return answer(
                    request, outcome, then=_url(outcome.done()), said="Taken. It is being gathered."
                )
            else:
                add_problems(form, outcome.problems)
                code = status_of(outcome.problems)
    known = {
        "title": "Take a request for one’s own data",
        "lead": LEAD,
        "form": form,
        "button": "Take the request",
    }
    back = ("Requests for data", reverse("governance:data_requests"))
    return render(request, "governance/record_form.html", {**known, "back": back}, status=code)


def _ask(actor: Actor, given: dict[str, Any]) -> Any:
    number = finding.number_of(actor, given["subject_kind"], given.pop("named"))
    if number is None:
        return None
    return actions.ask_for_data(by=actor, now=timezone.now(), asked=actions.Asked(subject_id=number, **given))


def data_request(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """One request: how far it is, and what may be done next."""
    actor = actor_of(request)
    row: Any = found(queries.data_requests(actor).filter(pk=data_request_id).first())
    verbs = {step.verb for step in SUBJECT_REQUEST.open_to(state=row.state, role=actor.role)}
    is_closed_to_me = not queries.may_read_words(actor, row)
    if is_closed_to_me:
        verbs -= OF_WORDS
    left = queries.to_judge(row, is_open=True).count()
    known = {
        "row": row,
        "state": (row.state, SUBJECT_REQUEST.states[row.state]),
        "summary": _summary(row),
        "tiles": _tiles(row, None if is_closed_to_me else left),
        "verbs": verbs,
        "is_closed_to_me": is_closed_to_me,
        "left": left,
        "may_release": "release_bundle" in verbs and row.reviewed_by_id != actor.user_id,
        "reviewed_by_me": row.state == "reviewed" and row.reviewed_by_id == actor.user_id,
        "history": history(actor, subject="data_request", subject_id=row.pk),
    }
    return render(request, "governance/data_request.html", known)


def _tiles(row: Any, left: int | None) -> list[Tile]:
    judge = Tile(
        "To judge", left, "words and files that may be about others", tone="care" if left else "good"
    )
    return [
        Tile("Tables read", f"{row.tables_read} of {row.tables}", "by the worker, a part at a time"),
        Tile("Rows found", f"{queries.rows_gathered(row):,}", "about this person"),
        judge if left is not None else Tile("To judge", "Not shown", "this case is restricted"),
    ]


def _summary(row: SubjectRequest) -> list[SummaryRow]:
    rows = [
        SummaryRow("About", _about(row)),
        SummaryRow("Asked by", row.asked_by, note=f"identity: {row.identity_words}"),
        SummaryRow("Received", day(row.received_on)),
        SummaryRow(
            "Answer by", day(row.due_on), note=row.extended_reason and f"extended: {row.extended_reason}"
        ),
        SummaryRow("Taken by", str(row.made_by)),
    ]
    for label, person, at in (
        ("Reviewed by", row.reviewed_by, row.reviewed_at),
        ("Released by", row.released_by, row.released_at),
    ):
        if person and at:
            rows.append(SummaryRow(label, str(person), note=moment(at)))
    return [*rows, SummaryRow("Refused", row.refuse_reason)] if row.refuse_reason else rows


def review(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """Words and files that may be about others: hide or show each; names of others stay hidden unless one says so."""
    actor = actor_of(request)
    row: Any = found(queries.data_requests(actor).filter(pk=data_request_id).first())
    if not queries.may_read_words(actor, row):
        return refused(request, (actions.NOT_NAMED,), back=_url(row))
    if request.method == "POST":
        outcome = actions.judge_words(**_who(request, data_request_id), verdicts=_verdicts(request))
        return answer(request, outcome, then=reverse("governance:review_words", args=[row.pk]), said="Kept.")
    if row.subject_kind == "child":
        look(
            by=actor,
            now=timezone.now(),
            child_id=row.subject_id,
            words="Reviewed the child’s data for release",
        )
    for key in queries.restricted_spoken_of(row, timezone.now()):
        look(
            by=actor,
            now=timezone.now(),
            child_id=key,
            words=f"Reviewed words about the child in {row.reference}",
        )
    page = Paginator(queries.to_judge(row, is_open=True), WORDS_A_PAGE).get_page(1)
    judged = queries.to_judge(row, is_open=False)
    known = {
        "row": row,
        "page": page,
        "left": page.paginator.count,
        "judged": judged[:WORDS_A_PAGE],
        "judged_count": judged.count(),
        "is_open": row.state == "in_review" and actor.role in SUBJECT_REQUEST.transition("judge_words").roles,
    }
    return render(request, "governance/data_review.html", known)


def _verdicts(request: HttpRequest) -> dict[int, str]:
    """What was chosen of each, by number; what was left open stays open."""
    given = (
        (name.removeprefix("verdict_"), value)
        for name, value in request.POST.items()
        if name.startswith("verdict_")
    )
    return {int(key): str(value) for key, value in given if value and key.isdecimal() and len(key) < 18}


def pause(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """Stop the gathering."""
    return _verb(request, data_request_id, actions.pause_gathering, "Stopped.")


def resume(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """Go on gathering."""
    return _verb(request, data_request_id, actions.resume_gathering, "It goes on.")


def reviewed(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """Finish the review."""
    return _verb(request, data_request_id, actions.finish_review, "Reviewed. A second person releases it.")


def look_again(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """Open the review again."""
    return _verb(request, data_request_id, actions.reopen_review, "The review is open again.")


def release(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """Release it, as the second person."""
    return _verb(
        request, data_request_id, actions.release_bundle, "Released. The bundle is being put together."
    )


def handed_over(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """It was handed over."""
    return _verb(request, data_request_id, actions.hand_over, "Handed over. The request is answered.")


def extend(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """More time, with the reason."""
    lead = "The person must be told within the first month, with the reason. The answer is then due three months after receipt."
    return _with_reason(request, data_request_id, "Take more time", lead, actions.extend_time)


def refuse(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """Refuse it, with the reason."""
    lead = "Only where a request is manifestly unfounded or excessive, or the identity could not be shown. Tell the person why."
    return _with_reason(request, data_request_id, "Refuse the request", lead, actions.refuse_request_for_data)


def bundle(request: HttpRequest, data_request_id: int) -> HttpResponse:
    """The bundle, as a zip."""
    return as_download(found(queries.bundle_of(actor_of(request), data_request_id)))


def _who(request: HttpRequest, data_request_id: int) -> dict[str, Any]:
    known = {"by": actor_of(request), "now": timezone.now()}
    return {**known, "request_id": data_request_id, "version": version_of(request)}


def _verb(request: HttpRequest, data_request_id: int, verb: Any, said: str) -> HttpResponse:
    outcome = verb(**_who(request, data_request_id))
    return answer(
        request, outcome, then=reverse("governance:data_request", args=[data_request_id]), said=said
    )


def _with_reason(
    request: HttpRequest, data_request_id: int, title: str, lead: str, verb: Any
) -> HttpResponse:
    row: Any = found(queries.data_requests(actor_of(request)).filter(pk=data_request_id).first())
    form, code = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = verb(**_who(request, data_request_id), **form.cleaned_data)
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                return answer(request, outcome, then=_url(row), said="Kept.")
            add_problems(form, outcome.problems)
    known = {"title": title, "lead": lead, "form": form, "button": title, "back": (row.reference, _url(row))}
    return render(request, "governance/record_form.html", {**known, "version": row.version}, status=code)
