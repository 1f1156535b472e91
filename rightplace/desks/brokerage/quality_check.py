"""The quality check: the request beside exactly what a provider will see, words that may identify, comments, verdict."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from rightplace.core.problems import Problem
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.layout.answers import refused, see_other, status_of, version_of
from rightplace.desks.layout.doors import found
from rightplace.desks.social_work.summary import PARTS, Part, parts_of
from rightplace.foundation.actions import Outcome
from rightplace.journey.requests import actions, queries
from rightplace.journey.requests.disclosed import KEEP, MASK, FlaggedWords, WordsJudged, kept_words, snapshot
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import RequestFile
from rightplace.journey.requests.states import REQUEST
from rightplace.journey.search.referrals import ShownReferral, shown_referral

REMOVED = "[removed]"
VERDICTS = ((MASK, "Mask"), (KEEP, "Keep"))


@dataclass(frozen=True, slots=True)
class Judged:
    """Flagged words with where they stand and the choice about them."""

    words: FlaggedWords
    field: Any
    contexts: tuple[SafeString, ...]


class CheckForm(forms.Form):
    """A choice for each stretch that the register does not know, and a comment for each part."""

    hide_optional = True

    def __init__(self, *args: Any, flagged: Iterable[FlaggedWords] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.flagged = tuple(flagged)
        for one in self.flagged:
            if not one.is_certain:
                self.fields[key_of(one.text)] = forms.ChoiceField(
                    label=one.text, required=False, choices=VERDICTS, widget=forms.RadioSelect
                )
        for slug, title, _ in PARTS:
            self.fields[f"comment_{slug}"] = _comment_box(title)
        self.fields["comment_all"] = _comment_box("The request as a whole")

    @property
    def judged(self) -> list[WordsJudged]:
        """What was chosen so far; what the register knows is masked."""
        chosen = (
            (one, MASK if one.is_certain else self.cleaned_data.get(key_of(one.text))) for one in self.flagged
        )
        return [WordsJudged(one.text, verdict) for one, verdict in chosen if verdict]

    @property
    def comments(self) -> list[tuple[str, str]]:
        """The comments that were written, each with its part."""
        slugs = [slug for slug, _, _ in PARTS]
        given = [(slug, self.cleaned_data.get(f"comment_{slug}", "")) for slug in slugs]
        return [*given, ("", self.cleaned_data.get("comment_all", ""))]


def _comment_box(label: str) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=4000, widget=box)


def key_of(text: str) -> str:
    """The name of the entry about flagged words: the same for the same words, whatever else changes."""
    return f"word_{hashlib.sha256(text.casefold().encode()).hexdigest()[:12]}"


def check(request: HttpRequest, request_id: int) -> HttpResponse:
    """Check a request: pass it, return it with comments, or look again with the choices made so far."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    file: RequestFile = found(queries.request_file(actor, request_id, timezone.now()))
    page = reverse("brokerage:request", args=[request_id])
    if problems := REQUEST.problems("pass_request", state=file.row.state, role=actor.role):
        return see_other(page) if request.method != "POST" else refused(request, tuple(problems), back=page)
    flagged = queries.words_to_judge(file)
    form = CheckForm(request.POST or None, flagged=flagged)
    if request.method != "POST" or not form.is_valid() or request.POST.get("verdict") == "look":
        return _page(request, file, form, status=422 if form.errors else 200)
    outcome = _decide(request, file, form)
    if outcome.is_done:
        row = outcome.done()
        what = "has passed" if row.state == "ready" else "is returned"
        messages.success(request, f"{row.reference} {what}. {row.social_worker} has been told.")
        return see_other(page if row.state == "ready" else reverse("brokerage:home"))
    return _page(request, file, form, outcome.problems, status_of(outcome.problems))


def _decide(request: HttpRequest, file: RequestFile, form: CheckForm) -> Outcome[PlacementRequest]:
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    seen = {"by": actor, "now": timezone.now(), "request_id": file.row.pk, "version": version_of(request)}
    if request.POST.get("verdict") == "return":
        return actions.return_request(**seen, comments=form.comments)
    return actions.pass_request(**seen, confirmed_words=form.judged)


def _page(
    request: HttpRequest,
    file: RequestFile,
    form: CheckForm,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]  # set by the middleware
    choices = form.judged if form.is_bound and form.is_valid() else []
    harmless = kept_words([{"text": one.text, "verdict": one.verdict} for one in choices])
    shown = snapshot(file.read, on=today, harmless=harmless)
    due = file.due_on
    context = {
        "file": file,
        "row": file.row,
        "form": form,
        "problems": [_at_its_words(one, form.flagged) for one in problems],
        "findings": [(one, "") for one in file.quality.findings],
        "few": queries.few_share_facts(actor, shown, today=today),
        "due_on": due,
        "days_left": queries.working_days_left(due, today) if due else None,
        "judged": [_judged(one, form) for one in form.flagged],
        "parts": [_marked_part(part, form.flagged) for part in parts_of(file)],
        "provider": _provider_parts(shown_referral(shown)),
        "comment_fields": [form[name] for name in form.fields if name.startswith("comment_")],
        "is_returning": any(words for _, words in form.comments)
        if form.is_bound and form.is_valid()
        else False,
    }
    return render(request, "brokerage/check.html", context, status=status)


def _at_its_words(problem: Problem, flagged: Iterable[FlaggedWords]) -> Problem:
    """A problem that leads to the choice about its words; the others belong to the whole."""
    for one in flagged:
        if f"“{one.text}”" in problem.sentence:
            return replace(problem, field=f"{key_of(one.text)}_0" if not one.is_certain else "")
    return replace(problem, field="")


def _judged(one: FlaggedWords, form: CheckForm) -> Judged:
    field = None if one.is_certain else form[key_of(one.text)]
    return Judged(one, field, tuple(marked(context, [one]) for context in one.contexts))


def marked(text: str, flagged: Iterable[FlaggedWords]) -> SafeString:
    """A text with each flagged stretch marked, the certain ones more strongly."""
    looks = {one.text.casefold(): "" if one.is_certain else " rp-flag--maybe" for one in flagged}
    if not looks or not text:
        return escape(text)
    longest_first = sorted(looks, key=len, reverse=True)
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(words)}(?!\w)" for words in longest_first), re.IGNORECASE
    )
    pieces, at = [], 0
    for hit in pattern.finditer(text):
        look = looks.get(hit.group().casefold(), "")
        pieces += [
            escape(text[at : hit.start()]),
            format_html('<mark class="rp-flag{}">{}</mark>', look, hit.group()),
        ]
        at = hit.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))


def _marked_part(part: Part, flagged: Sequence[FlaggedWords]) -> Part:
    rows = tuple(
        replace(row, value=marked(row.value, flagged)) if type(row.value) is str else row for row in part.rows
    )
    return replace(part, rows=rows)


def _masked(text: str) -> SafeString:
    """A text as a provider reads it, with what was removed marked."""
    return mark_safe(escape(text).replace(REMOVED, f'<mark class="rp-flag rp-flag--masked">{REMOVED}</mark>'))


def _provider_parts(shown: ShownReferral) -> list[Part]:
    needs = [
        (f"{need.words} ({need.severity_words.lower()})", need.evidence or "No evidence given")
        for need in shown.needs
    ]
    criteria = [("Essential", one.words) for one in shown.essential] + [
        ("Desirable", one.words) for one in shown.desirable
    ]
    outcomes = [
        (one.words, f"Seen by: {one.note}" if one.note else "No measure given") for one in shown.outcomes
    ]
    made: Mapping[str, list[tuple[str, str]]] = {
        "Children": [(fact.key, fact.value) for fact in shown.children],
        "In words": [(fact.key, fact.value) for fact in shown.texts],
        "Needs and risks": needs,
        "The home": [(fact.key, fact.value) for fact in shown.facts],
        "Criteria": criteria,
        "Outcomes": outcomes,
    }
    return [
        Part("", title, tuple(SummaryRow(key, _masked(value)) for key, value in rows))
        for title, rows in made.items()
        if rows
    ]
