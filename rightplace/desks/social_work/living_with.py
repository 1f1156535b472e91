"""Who a child can live with: needs and risks kept on the child's file, and the children who are kept apart from this one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import RISKS, LivingCompanions, NeedKind, Sex
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.social_work.step_forms import OTHER_NEEDS, RISKS_TO_CHILD, RISKS_TO_OTHERS
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.journey.requests import keeping_children as book
from rightplace.journey.requests.child_files import ChildFile, open_child

SEXES = [(Sex.FEMALE.value, "Girls"), (Sex.MALE.value, "Boys")]
GROUPS = {
    "risks_to_child": ("Risks to the child", RISKS_TO_CHILD),
    "risks_to_others": ("Risks to others", RISKS_TO_OTHERS),
    "needs": ("Other needs", OTHER_NEEDS),
}


def _boxes(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=hint,
    )


class LivingForm(forms.Form):
    """Needs and risks of the child, and who the child can live with."""

    hide_optional = True

    companions = forms.ChoiceField(
        label="Who can the child live with?", choices=LivingCompanions.choices(), widget=forms.RadioSelect
    )
    not_with_sexes = _boxes("Must not live with", SEXES)
    not_with_risks = _boxes(
        "Must not live beside a child with this risk", [(kind.value, kind.words) for kind in RISKS]
    )
    risks_to_child = _boxes(
        GROUPS["risks_to_child"][0], [(kind.value, kind.words) for kind in RISKS_TO_CHILD]
    )
    risks_to_others = _boxes(
        GROUPS["risks_to_others"][0], [(kind.value, kind.words) for kind in RISKS_TO_OTHERS],
        "Matching looks at them when a home is sought for another child who must not live beside them.",
    )  # fmt: skip
    needs = _boxes(
        GROUPS["needs"][0], [(kind.value, kind.words) for kind in OTHER_NEEDS],
        "A home where the child has lived is then known to have cared for them.",
    )  # fmt: skip
    words = forms.CharField(
        label="Why", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What happened, and who decided. It stays on the file and is shown to nobody outside.",
    )  # fmt: skip

    @property
    def given(self) -> book.LivingGiven:
        """The entries as they are kept."""
        typed = self.cleaned_data
        needs = frozenset(code for name in GROUPS for code in typed[name])
        return book.LivingGiven(
            needs,
            typed["companions"],
            frozenset(typed["not_with_sexes"]),
            frozenset(typed["not_with_risks"]),
            typed["words"],
        )


class ApartForm(forms.Form):
    """Another child, by number, who is not to live with this one."""

    hide_optional = True

    other_number = forms.CharField(
        label="Number of the other child", max_length=20, help_text="As in your case recording system."
    )
    reason = forms.CharField(label="Why", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def living_with(request: HttpRequest, child_id: int) -> HttpResponse:
    """Keep who the child can live with."""
    file, actor = _file(request, child_id), actor_of(request)
    form, code = LivingForm(request.POST or None, initial=_held(actor, child_id)), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = book.keep_living_with(**_who(request, child_id), given=form.given)
            if not (code := _again(form, outcome)):
                return answer(
                    request, outcome, then=_child_url(child_id), said="Kept. Matching reads it at once."
                )
    known = {"file": file, "form": form, "back": _child_url(child_id)}
    return render(request, "social_work/living_with.html", known, status=code)


def _held(actor: Actor, child_id: int) -> dict[str, Any]:
    row = book.living_with_of(actor, child_id)
    if row is None:
        return {"companions": LivingCompanions.NO_PREFERENCE.value}
    kept = {
        name: [kind.value for kind in kinds if kind.value in row.needs] for name, (_, kinds) in GROUPS.items()
    }
    names = ("companions", "not_with_sexes", "not_with_risks", "words")
    return {**kept, **{name: getattr(row, name) for name in names}}


def kept_apart(request: HttpRequest, child_id: int) -> HttpResponse:
    """Who is kept apart from this child, and a form to name another."""
    file, form, code = _file(request, child_id), ApartForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = book.keep_apart(**_who(request, child_id), **form.cleaned_data)
            if not (code := _again(form, outcome)):
                said = "They are kept apart: no home is proposed for both."
                return answer(
                    request, outcome, then=reverse("social_work:kept_apart", args=[child_id]), said=said
                )
    rows = list(book.apart_of(actor_of(request), child_id))
    known = {
        "file": file, "form": form, "back": _child_url(child_id),
        "apart": [(row, _other(row, child_id)) for row in rows if row.ends_on is None],
        "past": [(row, _other(row, child_id)) for row in rows if row.ends_on is not None],
    }  # fmt: skip
    return render(request, "social_work/kept_apart.html", known, status=code)


def end_apart(request: HttpRequest, child_id: int, apart_id: int) -> HttpResponse:
    """They may live together again."""
    outcome = book.end_apart(**_who(request, child_id), apart_id=apart_id)
    then = reverse("social_work:kept_apart", args=[child_id])
    return answer(
        request,
        outcome,
        then=then,
        said="They may live together again. That they were kept apart stays on file.",
    )


def living_rows(actor: Actor, child_id: int) -> list[SummaryRow]:
    """The same as the child's file shows it; empty where nothing is kept."""
    row = book.living_with_of(actor, child_id)
    apart = [str(_other(one, child_id)) for one in book.apart_of(actor, child_id) if one.ends_on is None]
    found = [SummaryRow("Kept apart from", ", ".join(apart))] if apart else []
    if row is None:
        return found
    sexes = dict(SEXES)
    shown = (
        ("Can live with", LivingCompanions.words_for(row.companions)),
        ("Must not live with", " and ".join(sexes[one].lower() for one in row.not_with_sexes)),
        ("Not beside a child with", _words(row.not_with_risks)),
        ("Needs and risks", _words(row.needs)),
        ("Why", row.words),
        ("Kept by", f"{row.kept_by}, {day(timezone.localdate(row.kept_at))}"),
    )
    return [SummaryRow(key, value) for key, value in shown if value] + found


def _words(codes: Iterable[str]) -> str:
    said = ", ".join(NeedKind.words_for(code).lower() for code in codes)
    return said[:1].upper() + said[1:]


def _other(row: Any, child_id: int) -> Any:
    return row.other if row.child_id == child_id else row.child


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
