"""How another supplier's headings are read: look at a file, choose what each heading is, keep it for every night."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.commissioning.case_system import ENDINGS, LARGEST
from rightplace.desks.components.fields import UploadField
from rightplace.desks.components.parts import NavItem
from rightplace.desks.layout.answers import add_problems, answer
from rightplace.desks.layout.doors import actor_of, found
from rightplace.exchange.case_recording.deciding import map_headings
from rightplace.exchange.case_recording.layout import LAYOUTS
from rightplace.exchange.case_recording.reading import headings_of
from rightplace.exchange.case_recording.taking import saved_mappings
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.foundation.organisations.models import Authority

MOST_HEADINGS = 80


class SampleForm(forms.Form):
    """A file to look at."""

    file = UploadField(
        label="A file of this kind, to look at its headings", endings=ENDINGS, max_bytes=LARGEST
    )


class HeadingsForm(forms.Form):
    """What each heading is."""

    def __init__(self, kind: str, headings: dict[str, str], *args: Any) -> None:
        super().__init__(*args)
        choices = (("", "Leave out"), *((one.name, one.words) for one in LAYOUTS[kind].fields))
        for at, (heading, name) in enumerate(headings.items()):
            self.fields[f"field_{at}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=name
            )
            self.fields[f"heading_{at}"] = forms.CharField(
                widget=forms.HiddenInput, initial=heading, required=False
            )

    def mapping(self) -> dict[str, str]:
        """Each heading with its field; "" for one that is left out."""
        told = self.cleaned_data
        return {told[f"heading_{at}"]: told[f"field_{at}"] for at in range(len(self.fields) // 2)}


def headings(request: HttpRequest, extract_file: str) -> HttpResponse:
    """What is kept for a kind of file, and a place to look at one."""
    kind = found(extract_file if extract_file in LAYOUTS else None)
    kept = _kept(request).get(kind, {})
    return _shown(request, kind, SampleForm(), HeadingsForm(kind, kept) if kept else None, 200)


def look(request: HttpRequest, extract_file: str) -> HttpResponse:
    """Read the headings of a file as they would be taken; nothing of it is kept."""
    kind = found(extract_file if extract_file in LAYOUTS else None)
    form = SampleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, kind, form, None, 422)
    file = form.cleaned_data["file"]
    seen = headings_of(GivenFile(file.name, file.read()), kind, _kept(request))
    if isinstance(seen, Problem):
        add_problems(form, (seen,))
        return _shown(request, kind, form, None, 422)
    told = {heading: name for name, heading in seen.understood.items()}
    told |= {heading: seen.suggestions.get(heading, "") for heading in seen.not_understood}
    chosen = dict(list(told.items())[:MOST_HEADINGS])
    return _shown(request, kind, SampleForm(), HeadingsForm(kind, chosen), 200)


def keep(request: HttpRequest, extract_file: str) -> HttpResponse:
    """Keep what was chosen."""
    kind = found(extract_file if extract_file in LAYOUTS else None)
    count = sum(name.startswith("heading_") for name in request.POST)
    told = {request.POST.get(f"heading_{at}", "")[:200]: "" for at in range(min(count, MOST_HEADINGS))}
    form = HeadingsForm(kind, told, request.POST)
    if form.is_valid():
        outcome = map_headings(by=actor_of(request), now=timezone.now(), kind=kind, mapping=form.mapping())
        then = reverse("commissioning:case_headings", args=[kind])
        return answer(request, outcome, then=then, said="Kept. The next file is read so.")
    return _shown(request, kind, SampleForm(), form, 422)


def _shown(
    request: HttpRequest, kind: str, sample: SampleForm, chosen: HeadingsForm | None, code: int
) -> HttpResponse:
    known = {
        "kind": kind, "file_layout": LAYOUTS[kind], "sample": sample, "chosen": chosen,
        "needed": [one.words for one in LAYOUTS[kind].fields if one.is_required],
        "kinds": [
            NavItem(one.name.capitalize(), reverse("commissioning:case_headings", args=[name]), name == kind)
            for name, one in LAYOUTS.items()
        ],
    }  # fmt: skip
    return render(request, "commissioning/case_headings.html", known, status=code)


def _kept(request: HttpRequest) -> dict[str, dict[str, str]]:
    return saved_mappings(Authority.objects.get(pk=actor_of(request).authority_id))
