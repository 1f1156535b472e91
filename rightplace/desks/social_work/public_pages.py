"""Pages that a link opens without signing in: a child's own page of a review, and surveys. They lead nowhere else."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.layout.answers import see_other
from rightplace.desks.layout.attempts import count
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.reviews import child_page, surveys
from rightplace.journey.reviews.words import AGREE, FACES, SURVEY_QUESTIONS

MARKS = {2: "Yes", 1: "A bit", 0: "Not yet"}


def child_review(request: HttpRequest, token: str) -> HttpResponse:
    """The page for a child: faces to press, boxes to write in, nothing that must be answered."""
    now = timezone.now()
    is_counted = count(request, "open_link", "child_review") is not None
    # A child is nobody who signs in: the link alone says which review it is.
    with as_system():
        link = child_page.link_of(token, now) if is_counted else None
        if link is None:
            return _private(render(request, "social_work/child_worn.html", status=404))
        asked = child_page.asked(link, now)
        problem = ""
        if request.method == "POST":
            outcome = child_page.hear_child(
                by=system_actor(authority_id=link.authority_id), now=now, token=token, faces=_numbers(request, "face_"),
                said=_words(request), scores=_scores(request),
            )  # fmt: skip
            if outcome.is_done:
                return see_other(reverse("child_thanks"))
            problem = outcome.problems[0].sentence
        known = {
            "asked": asked, "faces": FACES, "marks": MARKS, "problem": problem,
            "typed": request.POST if request.method == "POST" else {},
        }  # fmt: skip
        return _private(
            render(request, "social_work/child_review.html", known, status=422 if problem else 200)
        )


def _numbers(request: HttpRequest, start: str) -> dict[str, int]:
    rows = (
        (name.removeprefix(start), value) for name, value in request.POST.items() if name.startswith(start)
    )
    return {name: int(str(value)) for name, value in rows if str(value) in {"0", "1", "2", "3"}}


def _scores(request: HttpRequest) -> dict[int, int]:
    return {
        int(key): value
        for key, value in _numbers(request, "outcome_").items()
        if key.isdecimal() and len(key) < 10
    }


def _words(request: HttpRequest) -> dict[str, str]:
    rows = ((name, str(value)) for name, value in request.POST.items() if name.startswith("words_"))
    return {name.removeprefix("words_"): value.replace("\x00", "") for name, value in rows}


def child_thanks(request: HttpRequest) -> HttpResponse:
    """Thank you."""
    return _private(render(request, "social_work/child_thanks.html"))


def _private(response: HttpResponse) -> HttpResponse:
    """Kept nowhere, and the address of the link is told to no other page."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


class SurveyAnswerForm(forms.Form):
    """The few questions of a survey."""

    def __init__(self, *args: object, audience: str, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # passed on as they came
        self.questions = SURVEY_QUESTIONS[audience]
        for place, question in enumerate(self.questions):
            self.fields[f"score_{place}"] = forms.TypedChoiceField(
                label=question, choices=tuple(AGREE.items()), coerce=int, widget=forms.RadioSelect
            )
        self.fields["words"] = forms.CharField(
            label="Anything else?", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )

    @property
    def scores(self) -> list[int]:
        """The answers in the order of the questions."""
        return [self.cleaned_data[f"score_{place}"] for place in range(len(self.questions))]


def answer_survey(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a survey, once for each link."""
    now = timezone.now()
    is_counted = count(request, "open_link", "survey") is not None
    with as_system():
        link = surveys.survey_link_of(token, now) if is_counted else None
        if link is None:
            return _private(render(request, "social_work/survey_worn.html", status=404))
        form = SurveyAnswerForm(request.POST or None, audience=link.survey.audience)
        code = 200
        if request.method == "POST":
            code = 422
            if form.is_valid():
                outcome = surveys.answer_survey(
                    by=system_actor(authority_id=link.authority_id), now=now, token=token, scores=form.scores,
                    words=form.cleaned_data["words"],
                )  # fmt: skip
                if outcome.is_done:
                    return see_other(reverse("survey_thanks"))
        known = {"form": form, "title": link.survey.title, "is_anonymous": link.survey.is_anonymous}
        return _private(render(request, "social_work/survey_answer.html", known, status=code))


def survey_thanks(request: HttpRequest) -> HttpResponse:
    """Thank you."""
    return _private(render(request, "social_work/survey_thanks.html"))
