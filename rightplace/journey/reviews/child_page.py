"""The page for children and young people: a link that a worker gives or opens, and what the child says on it.

The link is 256 random bits and is kept as a digest only. It opens one review's questions and nothing else, ends after some
days or when the review is held, and shows no name, no number and no words that anybody else wrote except the outcomes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.core.quality.outcomes import WORDS
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.reference.clocks import number_of
from rightplace.journey.reviews.actions import GONE, ScoreGiven, outcomes_of, own_review, record, write_scores
from rightplace.journey.reviews.models import ChildLink, ChildWords, Review
from rightplace.journey.reviews.states import REVIEW
from rightplace.journey.reviews.words import CHILD_QUESTIONS, FACES

WORN = Problem("worn", "This link does not work any more. Ask your social worker for a new one.")
LONGEST = 2000
ANYTHING = "anything"


def digest_of(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


@action
def give_child_link(*, by: Actor, now: datetime, review_id: int, version: int) -> Outcome[str]:
    """Make a link for the child; an earlier one of this review that was not used stops working. The link is told once."""
    review = own_review(by, review_id)
    if review is None:
        return refuse(GONE)
    if problems := change_state(REVIEW, review, "give_child_link", by=by, version=version):
        return refuse(problems)
    review.links.filter(used_at__isnull=True, ends_at__gt=now).update(ends_at=now)
    token = secrets.token_urlsafe(32)
    lasts = timedelta(days=number_of("review_link_lasts", timezone.localdate(now)))
    ChildLink.objects.create(
        authority_id=review.authority_id, review=review, digest=digest_of(token), made_by_id=by.person_id, made_at=now,
        ends_at=now + lasts,
    )  # fmt: skip
    record(by, now, review, "give_child_link", f"{review.reference}: a link for the child was made")
    return Outcome(token)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks: each question in plain words, and the outcomes to be ticked."""

    questions: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[int, str], ...]


def link_of(token: str, now: datetime) -> ChildLink | None:
    """The link that a token opens; None where it is worn, used or no link at all. The caller acts for the product itself."""
    rows = ChildLink.objects.select_related("review").filter(digest=digest_of(token), used_at__isnull=True)
    return rows.filter(ends_at__gt=now, review__state__in=["due", "sent"]).first()


def asked(link: ChildLink, now: datetime) -> Asked:
    """What the page of a link asks."""
    papers = link.review.papers.select_related("contract").first()
    found = outcomes_of(papers.contract, timezone.localdate(now)) if papers is not None else []
    return Asked(tuple(CHILD_QUESTIONS.items()), tuple((one.pk, one.words) for one in found))


@action
def hear_child(
    *,
    by: Actor,
    now: datetime,
    token: str,
    faces: Mapping[str, int],
    said: Mapping[str, str],
    scores: Mapping[int, int],
) -> Outcome[Review]:
    """Keep what a child says, once: a face and words to each question, and a tick to each outcome. Nothing needs an answer."""
    link = link_of(token, now)
    if link is None:
        return refuse(WORN)
    known = {one for one, _ in asked(link, now).outcomes}
    faces = {key: value for key, value in faces.items() if key in CHILD_QUESTIONS and value in FACES}
    said = {
        key: text.strip()
        for key, text in said.items()
        if key in (*CHILD_QUESTIONS, ANYTHING) and text.strip()
    }
    if any(len(text) > LONGEST for text in said.values()):
        return refuse(Problem("too_long", "That is a lot! Please keep each box shorter."))
    if not ChildLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
        return refuse(WORN)
    review = link.review
    if problems := change_state(
        REVIEW, review, "hear_child", by=system_actor(authority_id=link.authority_id)
    ):
        return refuse(problems)
    for key in (*CHILD_QUESTIONS, ANYTHING):
        if key in faces or key in said:
            ChildWords.objects.update_or_create(
                review=review, question=key,
                defaults={"authority_id": link.authority_id, "face": faces.get(key), "words": said.get(key, ""), "at": now},
            )  # fmt: skip
    papers = review.papers.first()
    if papers is not None:
        given = [
            ScoreGiven(one, points) for one, points in scores.items() if one in known and points in WORDS
        ]
        write_scores(papers, given, "child", by_name="The child", by_id=None, now=now)
    record(by, now, review, "hear_child", f"{review.reference}: the child answered")
    return Outcome(review)
