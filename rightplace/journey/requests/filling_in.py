"""Filling in a request: each part is saved by itself, only while it is a draft or returned, and only if nobody was quicker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from rightplace.core.geography import normalise_postcode
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.journey.requests import entries
from rightplace.journey.requests.entries import NeedGiven, OutcomeGiven, PlaceGiven, SiblingWishGiven
from rightplace.journey.requests.models import (
    Criterion,
    DesiredOutcome,
    Need,
    PlacementRequest,
    RequestChild,
    RequestPlace,
    SiblingWish,
)
from rightplace.journey.requests.reach import NOT_FOUND, own_requests, record
from rightplace.journey.requests.states import REQUEST
from rightplace.register.children.queries import siblings_of


@action
def save_request(
    *, by: Actor, now: datetime, request_id: int, version: int, changes: Mapping[str, Any]
) -> Outcome[PlacementRequest]:
    """Save entries of the request itself (`entries.COLUMNS`); only what differs is written and recorded."""
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if problems := entries.column_problems(changes):
        return refuse(problems)
    names = sorted(
        entries.column_words(name) for name, value in changes.items() if getattr(row, name) != value
    )
    return _saved(by, now, row, version, "save_request", ", ".join(names) or "no entry", **changes)


@action
def save_needs(
    *,
    by: Actor,
    now: datetime,
    request_id: int,
    version: int,
    request_child_id: int,
    needs: Sequence[NeedGiven],
    strengths: str | None = None,
    child_view: str | None = None,
) -> Outcome[PlacementRequest]:
    """Replace the needs of one child of the request, and what the child is good at and wishes when given."""
    row = own_requests(by).filter(pk=request_id).first()
    asked = RequestChild.objects.filter(
        pk=request_child_id, request_id=request_id, authority_id=by.authority_id
    ).first()
    if row is None or asked is None:
        return refuse(NOT_FOUND)
    words = {
        name: value
        for name, value in (("strengths", strengths), ("child_view", child_view))
        if value is not None
    }
    if problems := [*entries.need_problems(needs), *entries.text_problems(words)]:
        return refuse(problems)
    outcome = _saved(by, now, row, version, "save_needs", "needs", child_id=asked.child_id)
    if outcome.is_done:
        _replace_needs(asked, needs)
        if words:
            RequestChild.objects.filter(pk=asked.pk).update(**words)
    return outcome


def _replace_needs(asked: RequestChild, needs: Sequence[NeedGiven]) -> None:
    """Needs that stay keep their keys, so that an offer's answers still lead to them."""
    Need.objects.filter(request_child=asked).exclude(kind__in=[need.kind for need in needs]).delete()
    Need.objects.bulk_create(
        [
            Need(
                authority_id=asked.authority_id,
                request_child=asked,
                kind=need.kind,
                severity=need.severity,
                evidence=need.evidence.strip(),
            )
            for need in needs
        ],
        update_conflicts=True,
        unique_fields=["request_child", "kind"],
        update_fields=["severity", "evidence"],
    )


@action
def save_criteria(
    *,
    by: Actor,
    now: datetime,
    request_id: int,
    version: int,
    essential: Sequence[str],
    desirable: Sequence[str],
) -> Outcome[PlacementRequest]:
    """Replace what the home must have and should have: codes of `vocabulary.Criterion`, or free words."""
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if problems := entries.criterion_problems(essential, desirable):
        return refuse(problems)
    outcome = _saved(by, now, row, version, "save_criteria", "criteria")
    if outcome.is_done:
        Criterion.objects.filter(request=row).delete()
        given = [(one, True) for one in essential] + [(one, False) for one in desirable]
        Criterion.objects.bulk_create(_criterion(row, one, is_essential) for one, is_essential in given)
    return outcome


def _criterion(row: PlacementRequest, given: str, is_essential: bool) -> Criterion:
    code, words = entries.criterion_words(given)
    return Criterion(
        authority_id=row.authority_id, request=row, code=code, words=words, is_essential=is_essential
    )


@action
def save_outcomes(
    *, by: Actor, now: datetime, request_id: int, version: int, outcomes: Sequence[OutcomeGiven]
) -> Outcome[PlacementRequest]:
    """Replace what should be better for the child; the contract and every review are measured against it."""
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if problems := entries.outcome_problems(outcomes):
        return refuse(problems)
    outcome = _saved(by, now, row, version, "save_outcomes", "outcomes")
    if outcome.is_done:
        DesiredOutcome.objects.filter(request=row).delete()
        DesiredOutcome.objects.bulk_create(
            DesiredOutcome(
                authority_id=row.authority_id,
                request=row,
                area=one.area,
                words=one.words.strip(),
                measure=one.measure.strip(),
            )
            for one in outcomes
        )
    return outcome


@action
def save_places(
    *, by: Actor, now: datetime, request_id: int, version: int, places: Sequence[PlaceGiven]
) -> Outcome[PlacementRequest]:
    """Replace the places to live near and those that are unsafe, each with its miles."""
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if problems := entries.place_problems(places):
        return refuse(problems)
    outcome = _saved(by, now, row, version, "save_places", "places")
    if outcome.is_done:
        RequestPlace.objects.filter(request=row).delete()
        RequestPlace.objects.bulk_create(_place(row, one) for one in places)
    return outcome


def _place(row: PlacementRequest, given: PlaceGiven) -> RequestPlace:
    kind = "unsafe" if given.is_unsafe else given.kind
    return RequestPlace(
        authority_id=row.authority_id,
        request=row,
        kind=kind,
        is_unsafe=given.is_unsafe,
        label=given.label.strip(),
        miles=given.miles,
        postcode=str(normalise_postcode(given.postcode)),
        reason=given.reason.strip(),
    )


@action
def save_sibling_wishes(
    *,
    by: Actor,
    now: datetime,
    request_id: int,
    version: int,
    wishes: Sequence[SiblingWishGiven] = (),
    joining: Sequence[int] = (),
    together: bool | None = None,
    words: str = "",
) -> Outcome[PlacementRequest]:
    """Say who of the brothers and sisters is asked for here too (`joining`), and with whom else together or apart.

    `together` is whether the children of the request must stay together, `words` why. Source: Children Act 1989,
    section 22C(8)(c), siblings together where reasonably practicable.
    """
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    asked = list(RequestChild.objects.filter(request=row).values_list("child_id", flat=True))
    known = {one.pk for listed in siblings_of(asked).values() for one in listed} - set(asked)
    if problems := _wish_problems(wishes, joining, known, words):
        return refuse(problems)
    outcome = _saved(
        by,
        now,
        row,
        version,
        "save_sibling_wishes",
        "brothers and sisters",
        siblings_together=together,
        siblings_words=words,
    )
    if outcome.is_done:
        _write_wishes(row, wishes, joining)
    return outcome


@action
def take_out_child(
    *, by: Actor, now: datetime, request_id: int, version: int, child_id: int
) -> Outcome[PlacementRequest]:
    """Take a child who joined by mistake out of a request that is still being written, with the needs written for them.

    One child stays: a request that is for nobody is withdrawn instead.
    """
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    asked = RequestChild.objects.filter(request=row)
    if not asked.filter(child_id=child_id).exists():
        return refuse(Problem("gone", "This child is not in the request."))
    if asked.count() == 1:
        return refuse(Problem("last_child", "A request is for one child at least. Withdraw it instead."))
    outcome = _saved(by, now, row, version, "take_out_child", "a child taken out", child_id)
    if outcome.is_done:
        asked.filter(child_id=child_id).delete()
    return outcome


def _wish_problems(
    wishes: Sequence[SiblingWishGiven], joining: Sequence[int], known: set[int], words: str
) -> list[Problem]:
    found = entries.text_problems({"siblings_words": words})
    if not {*joining, *(one.sibling_id for one in wishes)} <= known:
        found.append(Problem("not_a_sibling", "Choose from the brothers and sisters shown."))
    for one in wishes:
        if one.wish not in {"together", "apart"}:
            found.append(Problem("entry_unfit", "Say together or apart.", "wish"))
        if one.wish == "apart" and not one.reason.strip():
            found.append(
                Problem("entry_missing", "Say why they must live apart.", f"reason_{one.sibling_id}")
            )
    return found


def _write_wishes(row: PlacementRequest, wishes: Sequence[SiblingWishGiven], joining: Sequence[int]) -> None:
    last = RequestChild.objects.filter(request=row).aggregate(last=Max("position"))["last"] or 0
    RequestChild.objects.bulk_create(
        RequestChild(authority_id=row.authority_id, request=row, child_id=one, position=place)
        for place, one in enumerate(dict.fromkeys(joining), last + 1)
    )
    SiblingWish.objects.filter(request=row).delete()
    SiblingWish.objects.bulk_create(
        SiblingWish(
            authority_id=row.authority_id,
            request=row,
            sibling_id=one.sibling_id,
            wish=one.wish,
            reason=one.reason.strip()[:300],
        )
        for one in wishes
        if one.sibling_id not in joining
    )


def _saved(
    by: Actor,
    now: datetime,
    row: PlacementRequest,
    version: int,
    verb: str,
    what: str,
    child_id: int | None = None,
    **changes: Any,
) -> Outcome[PlacementRequest]:
    """One save of a part: the state allows it, nobody else was quicker, and the trail says what was changed."""
    if problems := change_state(REQUEST, row, "save_request", by=by, version=version, **changes):
        return refuse(problems)
    record(by, now, row, verb, f"Request {row.reference} changed: {what}"[:500], child_id=child_id)
    return Outcome(row)
