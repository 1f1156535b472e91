"""Short surveys: a link each, answered once. Where anonymity was promised, nothing kept leads from an answer to a person,
and answers are shown only when there are enough of them.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import COMMISSIONER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.clocks import number_of
from rightplace.journey.reviews.child_page import WORN, digest_of
from rightplace.journey.reviews.models import Survey, SurveyAnswer, SurveyLink
from rightplace.journey.reviews.states import SURVEY
from rightplace.journey.reviews.words import AGREE, AUDIENCES, SURVEY_QUESTIONS

GONE = Problem(MISSING, "This survey is not there, or is not yours.")
MOST_LINKS = 500


@action
def open_survey(
    *, by: Actor, now: datetime, audience: str, title: str, is_anonymous: bool, closes_on: date
) -> Outcome[Survey]:
    """Open a survey of one kind of people with its few questions; links are made next."""
    problems = []
    if by.role != COMMISSIONER:
        problems.append(Problem("not_yours", "Commissioners open surveys."))
    if audience not in AUDIENCES:
        problems.append(Problem("audience", "Choose who is asked.", "audience"))
    if not title.strip() or len(title) > 150:
        problems.append(Problem("title", "Enter a title within 150 characters.", "title"))
    if closes_on <= timezone.localdate(now):
        problems.append(Problem("closes_on", "Choose a later day.", "closes_on"))
    if problems:
        return refuse(problems)
    row = Survey.objects.create(
        authority_id=by.authority_id, audience=audience, title=title.strip(), is_anonymous=is_anonymous, opened_at=now,
        closes_on=closes_on,
    )  # fmt: skip
    _record(by, now, row, "open_survey", f"Survey opened: {row.title}")
    return Outcome(row)


@action
def ask_in_survey(
    *, by: Actor, now: datetime, survey_id: int, version: int, number: int, whose: Sequence[str] = ()
) -> Outcome[tuple[str, ...]]:
    """Make links to hand out; they are told once. In an anonymous survey none says whose it is."""
    row = Survey.objects.filter(pk=survey_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(GONE)
    if not 1 <= number <= MOST_LINKS:
        return refuse(Problem("number", f"Enter a number from 1 to {MOST_LINKS}.", "number"))
    if problems := change_state(SURVEY, row, "ask_in_survey", by=by, version=version):
        return refuse(problems)
    tokens = tuple(secrets.token_urlsafe(24) for _ in range(number))
    names = ("",) * number if row.is_anonymous else (*whose, *[""] * number)[:number]
    SurveyLink.objects.bulk_create(
        SurveyLink(authority_id=row.authority_id, survey=row, digest=digest_of(token), whose=name)
        for token, name in zip(tokens, names, strict=True)
    )
    _record(by, now, row, "ask_in_survey", f"{number} links made for the survey: {row.title}")
    return Outcome(tokens)


def survey_link_of(token: str, now: datetime) -> SurveyLink | None:
    """The link that a token opens; None where it was used, is none, or the survey is over. The caller acts for the product."""
    rows = SurveyLink.objects.select_related("survey").filter(digest=digest_of(token), is_used=False)
    return rows.filter(survey__state="open", survey__closes_on__gt=timezone.localdate(now)).first()


@action
def answer_survey(
    *, by: Actor, now: datetime, token: str, scores: Sequence[int], words: str
) -> Outcome[None]:
    """Keep one answer, once for each link; of an anonymous survey the trail says only that the survey was answered."""
    link = survey_link_of(token, now)
    if link is None:
        return refuse(WORN)
    survey = link.survey
    if len(scores) != len(SURVEY_QUESTIONS[survey.audience]) or any(one not in AGREE for one in scores):
        return refuse(Problem("scores", "Answer each question."))
    if len(words) > 2000:
        return refuse(Problem("words", "Shorten this to 2,000 characters.", "words"))
    if not SurveyLink.objects.filter(pk=link.pk, is_used=False).update(is_used=True):
        return refuse(WORN)
    SurveyAnswer.objects.create(
        id=uuid.uuid4(), authority_id=survey.authority_id, survey=survey, scores=list(scores), words=words.strip(),
        whose="" if survey.is_anonymous else link.whose,
    )  # fmt: skip
    system = system_actor(authority_id=survey.authority_id)
    _record(system, now, survey, "answer_survey", "A survey was answered")
    return Outcome(None)


@action
def close_survey(*, by: Actor, now: datetime, survey_id: int, version: int) -> Outcome[Survey]:
    """Close a survey: its links stop working."""
    row = Survey.objects.filter(pk=survey_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(GONE)
    if problems := change_state(SURVEY, row, "close_survey", by=by, version=version):
        return refuse(problems)
    _record(by, now, row, "close_survey", f"Survey closed: {row.title}")
    return Outcome(row)


@dataclass(frozen=True, slots=True)
class Result:
    """What came back: links given, answers, and (with enough answers) how many said what, and their words in no order."""

    asked: int
    answered: int
    shown_from: int
    counts: tuple[tuple[str, tuple[int, ...]], ...]
    words: tuple[str, ...]

    @property
    def is_shown(self) -> bool:
        """Whether answers may be shown."""
        return bool(self.counts)


def survey_result(row: Survey, on: date) -> Result:
    """The answers of a survey; of an anonymous one only from so many on."""
    links = SurveyLink.objects.filter(survey=row)
    asked, answered = links.count(), links.filter(is_used=True).count()
    least = number_of("survey_shown_from", on) if row.is_anonymous else 1
    if answered < least:
        return Result(asked, answered, least, (), ())
    answers = list(SurveyAnswer.objects.filter(survey=row).order_by("id"))
    counts = tuple(
        (question, tuple(sum(one.scores[place] == value for one in answers) for value in AGREE))
        for place, question in enumerate(SURVEY_QUESTIONS[row.audience])
    )
    return Result(asked, answered, least, counts, tuple(one.words for one in answers if one.words))


def _record(by: Actor, now: datetime, row: Survey, verb: str, words: str) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="survey",
        subject_id=row.pk,
        authority_id=row.authority_id,
    )
