"""The book of children at the desk: add a child, begin and end a legal status, put a fact right or say why not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import Sex
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.actions import Outcome
from rightplace.foundation.reference.codes import known_codes, meaning
from rightplace.journey.requests import keeping_children as book
from rightplace.journey.requests.child_files import ChildFile, open_child
from rightplace.journey.search.corrected import shown_as, who_was_shown


def coded(code_set: str) -> list[tuple[str, str]]:
    """The codes of a set with their meanings, to choose from."""
    return [
        ("", "Choose"),
        *((code, f"{code}: {meaning(code_set, code)}") for code in sorted(known_codes(code_set))),
    ]


class ChildForm(forms.Form):
    """A child as added to the book."""

    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    known_as = forms.CharField(label="Known as", max_length=80, required=False)
    born_on = DateInPartsField(label="Date of birth", help_text="For example, 27 3 2014")
    sex = forms.ChoiceField(
        label="Sex", widget=forms.RadioSelect, choices=[(one.value, one.words) for one in Sex]
    )
    local_number = forms.CharField(
        label="Number", max_length=20, help_text="As in your case recording system."
    )
    upn = forms.CharField(label="Unique pupil number", max_length=13, required=False)
    need_code = forms.ChoiceField(label="Main need", required=False)
    ethnicity = forms.ChoiceField(label="Ethnicity", required=False)
    language = forms.CharField(label="Language", max_length=40, required=False)
    faith = forms.CharField(label="Faith", max_length=40, required=False)
    home_postcode = forms.CharField(label="Home postcode", max_length=8, required=False)
    school_name = forms.CharField(label="School", max_length=120, required=False)
    school_postcode = forms.CharField(label="School postcode", max_length=8, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, code_set in (("need_code", "CIN"), ("ethnicity", "ETHNIC")):
            self.fields[name].choices = coded(code_set)  # type: ignore[attr-defined]  # a choice field


class StatusForm(forms.Form):
    """A legal status and its days."""

    hide_optional = True

    code = forms.ChoiceField(label="Legal status")
    starts_on = DateInPartsField(label="From")
    ends_on = DateInPartsField(label="Until", required=False, help_text="Leave it empty while it goes on.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].choices = coded("LS")  # type: ignore[attr-defined]  # a choice field


class EndForm(forms.Form):
    """The first day without it."""

    ends_on = DateInPartsField(label="Ended on", help_text="The first day on which it no longer holds.")


class CorrectionForm(forms.Form):
    """What is wrong, who says so, and what is decided."""

    field = forms.ChoiceField(label="Which fact", choices=[("", "Choose"), *book.FACTS.items()])
    asked_by = forms.CharField(
        label="Who asked", max_length=200, help_text="The child, a parent, a solicitor, yourself…"
    )
    evidence = forms.CharField(
        label="What shows it", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    decision = forms.ChoiceField(
        label="What you decide",
        widget=forms.RadioSelect,
        choices=(("correct", "Put it right"), ("refuse", "Leave it as it is")),
    )
    value = forms.CharField(
        label="The right fact",
        max_length=120,
        required=False,
        help_text="When you put it right. A date as 2014-03-27, a code as in the list of codes.",
    )
    reason = forms.CharField(
        label="Why it stays as it is",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    statement = forms.CharField(
        label="Their own statement",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When it stays as it is, their words stand beside it from now on.",
    )

    def clean(self) -> dict[str, Any]:
        """A date of birth is a date."""
        given = super().clean() or {}
        if given.get("field") == "born_on" and given.get("decision") == "correct":
            try:
                given["value"] = forms.DateField(input_formats=["%Y-%m-%d", "%d/%m/%Y"]).clean(
                    given.get("value")
                )
            except forms.ValidationError:
                self.add_error("value", "Enter the date as 2014-03-27.")
        return given


def add(request: HttpRequest) -> HttpResponse:
    """Add a child."""
    form, code = ChildForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = book.add_child(by=actor_of(request), now=timezone.now(), facts=form.cleaned_data)
            if outcome.is_done:
                then = reverse("social_work:child", args=[outcome.done().pk])
                return answer(
                    request, outcome, then=then, said="The child is added. Record the legal status next."
                )
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    lead = "A child new to your authority. Children that come with a return or a spreadsheet are added by its import."
    crumbs = ("Children", reverse("social_work:children"))
    known = {"title": "Add a child", "lead": lead, "form": form, "button": "Add the child", "back": crumbs}
    return render(request, "social_work/keep.html", known, status=code)


def legal_status(request: HttpRequest, child_id: int) -> HttpResponse:
    """Begin a legal status."""
    file, form = _file(request, child_id), StatusForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = book.add_legal_status(**_who(request, child_id), **form.cleaned_data)
        if not (again := _again(form, outcome)):
            return answer(request, outcome, then=_child_url(child_id), said="The legal status is recorded.")
        return _page(request, file, "Add a legal status", form, "Record it", again)
    return _page(request, file, "Add a legal status", form, "Record it", 422 if form.errors else 200)


def end_status(request: HttpRequest, child_id: int, legal_status_id: int) -> HttpResponse:
    """End a legal status."""
    file, form = _file(request, child_id), EndForm(request.POST or None)
    row = found(book.legal_status_of(actor_of(request), child_id, legal_status_id))
    title = f"End {row.code}: {meaning('LS', row.code)}"
    if request.method == "POST" and form.is_valid():
        outcome = book.end_legal_status(**_who(request, child_id), status_id=row.pk, **form.cleaned_data)
        if not (again := _again(form, outcome)):
            return answer(request, outcome, then=_child_url(child_id), said="The legal status has ended.")
        return _page(request, file, title, form, "End it", again)
    return _page(request, file, title, form, "End it", 422 if form.errors else 200)


def corrections(request: HttpRequest, child_id: int) -> HttpResponse:
    """What was put right of a child's facts, and a form to put another right, or to say why not."""
    file, form = _file(request, child_id), CorrectionForm(request.POST or None)
    code = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        outcome = _decide(request, child_id, dict(form.cleaned_data))
        if not (again := _again(form, outcome)):
            then = reverse("social_work:corrections", args=[child_id])
            return answer(request, outcome, then=then, said="Kept, with who asked and why.")
        code = again
    rows = list(book.corrections_of(actor_of(request), child_id)[:100])
    known = {"file": file, "form": form, "table": _corrections_table(rows), "told": _told(child_id, rows)}
    statements = [(book.FACTS.get(row.field, row.field), row) for row in rows if row.statement]
    return render(request, "social_work/corrections.html", {**known, "statements": statements}, status=code)


def _decide(request: HttpRequest, child_id: int, given: dict[str, Any]) -> Outcome[Any]:
    asking = book.Asking(given["asked_by"], given["evidence"])
    who = {**_who(request, child_id), "field": given["field"], "asking": asking}
    if given["decision"] == "correct":
        return book.correct_fact(**who, value=given["value"])
    return book.refuse_correction(**who, reason=given["reason"], statement=given["statement"])


def _corrections_table(rows: Iterable[book.Correction]) -> Table:
    columns = (
        Column("When", "at", "moment"),
        Column("Fact", lambda row: book.FACTS.get(row.field, row.field)),
        Column("Was", "before"),
        Column("Is", "after"),
        Column("Asked by", "asked_by"),
        Column(
            "Outcome",
            lambda row: ("done", "Put right") if row.is_made else ("refused", "Left as it is"),
            "status",
        ),
        Column("Why", lambda row: row.reason or row.evidence),
    )
    return Table(columns, list(rows), "Corrections", hide_caption=True, empty="No fact has been questioned.")


def _told(child_id: int, rows: Iterable[book.Correction]) -> list[str]:
    """Which providers had been shown a fact that was put right since, in words."""
    lines = []
    for row in rows:
        if row.is_made:
            shown = [one for one in who_was_shown(child_id, row.field) if one.sent_at <= row.at]
            lines += [
                f"{one.provider} was shown the {shown_as(row.field)} in {one.reference}" for one in shown
            ]
    return list(dict.fromkeys(lines))


def _file(request: HttpRequest, child_id: int) -> ChildFile:
    file: ChildFile = found(open_child(actor_of(request), child_id, timezone.now()))
    return file


def _who(request: HttpRequest, child_id: int) -> dict[str, Any]:
    known = {"by": actor_of(request), "now": timezone.now()}
    return {**known, "child_id": child_id, "version": version_of(request)}


def _again(form: forms.Form, outcome: Outcome[Any]) -> int:
    """The status with which the form is shown again, with its problems; 0 where it is not."""
    if outcome.is_done or status_of(outcome.problems) in {404, 409}:
        return 0
    add_problems(form, outcome.problems)
    return status_of(outcome.problems)


def _child_url(child_id: int) -> str:
    return reverse("social_work:child", args=[child_id])


def _page(
    request: HttpRequest, file: ChildFile, title: str, form: forms.Form, button: str, code: int
) -> HttpResponse:
    back = (str(file.child), _child_url(file.child.pk))
    known = {"title": title, "form": form, "button": button, "back": back, "version": file.child.version}
    return render(request, "social_work/keep.html", {**known, "caption": file.child}, status=code)
