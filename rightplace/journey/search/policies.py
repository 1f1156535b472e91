"""The matching policy of an authority: what each criterion counts, from a day on. Set by commissioners, read by everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.matching.policy import (
    DEFAULT_POLICY,
    SWITCHED_MUSTS,
    WEIGHT_NAMES,
    Policy,
    policy_problems,
)
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER
from rightplace.foundation.actions import MISSING, STALE, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.search.models import MatchingPolicy

KEEPERS = (COMMISSIONER,)
MOST_KEPT_BACK, MOST_POINTS = 50, 100


@dataclass(frozen=True, slots=True)
class ForEveryone:
    """What counts when homes are proposed for everyone who waits together.

    `beds_kept_back` of own carers go to emergencies only; `split_penalty` points are lost when brothers and sisters are parted,
    `own_bonus` are gained for each child with own carers; `spares_scarce`: a bed that children who may come would need is dear.
    """

    beds_kept_back: int = 0
    split_penalty: int = 25
    own_bonus: int = 0
    spares_scarce: bool = True


@dataclass(frozen=True, slots=True)
class PolicyGiven:
    """What a commissioner sets: points by criterion, the switched hard criteria, from which day, and why."""

    weights: Mapping[str, float]
    must_codes: frozenset[str]
    starts_on: date
    reason: str
    for_everyone: ForEveryone = ForEveryone()


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy that counts on a day: the authority's own row, or none where the product's own counts."""

    policy: Policy
    row: MatchingPolicy | None = None

    @property
    def words(self) -> str:
        """Which policy it is."""
        if self.row is None:
            return "the product’s own policy"
        return f"the matching policy from {self.row.starts_on:%-d %B %Y}"

    @property
    def for_everyone(self) -> ForEveryone:
        """What counts when homes are proposed for everyone together."""
        return ForEveryone() if self.row is None else as_for_everyone(self.row)

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept with what was ranked by it."""
        return {"weights": dict(self.policy.weights), "must_codes": sorted(self.policy.must_codes)}


def policy_on(authority_id: int, on: date) -> InForce:
    """The policy in force in an authority on a day."""
    rows = MatchingPolicy.objects.filter(authority_id=authority_id, taken_back_at__isnull=True)
    row = rows.filter(starts_on__lte=on).order_by("-starts_on", "-id").first()
    return InForce(DEFAULT_POLICY if row is None else as_policy(row), row)


def as_policy(row: MatchingPolicy) -> Policy:
    """A row as ranking reads it."""
    return Policy(dict(row.weights), frozenset(row.must_codes))


def as_for_everyone(row: MatchingPolicy) -> ForEveryone:
    """What a row says of homes proposed for everyone."""
    return ForEveryone(row.beds_kept_back, row.split_penalty, row.own_bonus, row.spares_scarce)


def policies(actor: Actor) -> QuerySet[MatchingPolicy]:
    """Every policy of the actor's authority there ever was, the last to start first."""
    rows = MatchingPolicy.objects.filter(authority_id=actor.authority_id)
    return rows.select_related("set_by", "taken_back_by").order_by("-starts_on", "-id")


def planned_policies(actor: Actor, today: date) -> QuerySet[MatchingPolicy]:
    """Policies that start later and were not taken back."""
    return (
        policies(actor).filter(Q(starts_on__gt=today), taken_back_at__isnull=True).order_by("starts_on", "id")
    )


@action
def set_policy(*, by: Actor, now: datetime, given: PolicyGiven, seen: int = 0) -> Outcome[MatchingPolicy]:
    """Set the policy of the authority from a day on, today at the earliest: what was ranked before keeps its own.

    `seen` is the number of the newest policy when the form was opened (0: none): somebody quicker is not overwritten.
    """
    if by.role not in KEEPERS:
        return refuse(Problem("not_yours", "Your role may not do this: set the matching policy."))
    newest = MatchingPolicy.objects.filter(authority_id=by.authority_id).order_by("-id").first()
    if newest is not None and newest.pk != seen:
        words = f"Somebody else has set the policy since you opened it: {newest.set_by}, from {newest.starts_on:%-d %B %Y}."
        return refuse(Problem(STALE, f"{words} Look at it, then decide again."))
    if problems := _problems(by, given, timezone.localdate(now)):
        return refuse(problems)
    row = MatchingPolicy.objects.create(
        authority_id=by.authority_id, starts_on=given.starts_on, weights=dict(given.weights),
        must_codes=sorted(given.must_codes), reason=given.reason.strip(), set_by_id=by.person_id, set_at=now,
        **asdict(given.for_everyone),
    )  # fmt: skip
    words = f"Matching policy set from {row.starts_on:%-d %B %Y}: {row.reason}"
    _audit(by, now, row, "set_policy", words, given=given)
    return Outcome(row)


def _problems(by: Actor, given: PolicyGiven, today: date) -> list[Problem]:
    problems = policy_problems(given.weights, given.must_codes)
    if given.starts_on < today:
        problems.append(
            Problem(
                "in_the_past",
                "A policy starts today at the earliest: what was ranked before stays.",
                "starts_on",
            )
        )
    if not given.reason.strip():
        problems.append(Problem("no_reason", "Say why the policy is changed.", "reason"))
    problems += _together_problems(given.for_everyone)
    before = policy_on(by.authority_id, given.starts_on)
    if not problems and before.for_everyone == given.for_everyone and _is_same(before.policy, given):
        problems.append(
            Problem("nothing_changed", "This is the policy that is in force on that day already.")
        )
    return problems


def _together_problems(given: ForEveryone) -> list[Problem]:
    limits = (
        ("beds_kept_back", given.beds_kept_back, 0, MOST_KEPT_BACK, "beds kept back"),
        ("split_penalty", given.split_penalty, 1, MOST_POINTS, "points for parting brothers and sisters"),
        ("own_bonus", given.own_bonus, 0, MOST_POINTS, "points for own carers"),
    )
    return [
        Problem("not_valid", f"Enter from {least} to {most} {words}.", field)
        for field, value, least, most, words in limits
        if not least <= value <= most
    ]


def _is_same(before: Policy, given: PolicyGiven) -> bool:
    after = Policy(dict(given.weights), given.must_codes)
    same_weights = all(before.steps(code) == after.steps(code) for code in WEIGHT_NAMES)
    return same_weights and before.must_codes == after.must_codes


@action
def take_back_policy(*, by: Actor, now: datetime, policy_id: int, version: int) -> Outcome[MatchingPolicy]:
    """Take a planned policy back before its first day."""
    row = MatchingPolicy.objects.filter(pk=policy_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such policy."))
    if by.role not in KEEPERS:
        return refuse(Problem("not_yours", "Your role may not do this: take a policy back."))
    if row.taken_back_at is not None or row.starts_on <= timezone.localdate(now):
        return refuse(
            Problem(
                "wrong_state", "Only a policy that has not started can be taken back: set another instead."
            )
        )
    if problems := change_row(row, version=version, taken_back_at=now, taken_back_by_id=by.person_id):
        return refuse(problems)
    _audit(by, now, row, "take_back_policy", f"Matching policy from {row.starts_on:%-d %B %Y} taken back")
    return Outcome(row)


def _audit(
    by: Actor, now: datetime, row: MatchingPolicy, verb: str, words: str, given: PolicyGiven | None = None
) -> None:
    details: dict[str, Any] = {}
    if given:
        details = {"weights": dict(given.weights), "must_codes": sorted(given.must_codes)}
        details |= asdict(given.for_everyone)
    audit(
        by=by, now=now, verb=verb, words=words, subject="matching_policy", subject_id=row.pk,
        authority_id=row.authority_id, details=details,
    )  # fmt: skip


def changed_words(before: Policy, after: Policy) -> list[str]:
    """What differs between two policies, each in a few words."""
    found = [
        f"{name}: {before.weights.get(code, 0):g} to {after.weights.get(code, 0):g}"
        for code, name in WEIGHT_NAMES.items()
        if before.steps(code) != after.steps(code)
    ]
    on, off = after.must_codes - before.must_codes, before.must_codes - after.must_codes
    found += [f"{name}: now must be met" for code, name in SWITCHED_MUSTS.items() if code in on]
    return found + [
        f"{name}: need not be met any more" for code, name in SWITCHED_MUSTS.items() if code in off
    ]


EVERYONE_NAMES: Mapping[str, str] = {
    "beds_kept_back": "Beds of own carers kept back for emergencies",
    "split_penalty": "Points lost when brothers and sisters are parted",
    "own_bonus": "Points gained for each child with own carers",
    "spares_scarce": "Scarce places are spared for children whom others cannot serve",
}
"""What counts when homes are proposed for everyone, in words."""


def changed_for_everyone(before: ForEveryone, after: ForEveryone) -> list[str]:
    """What differs between two policies in homes proposed for everyone, each in a few words."""
    pairs = ((name, getattr(before, code), getattr(after, code)) for code, name in EVERYONE_NAMES.items())
    return [f"{name}: {_plain(one)} to {_plain(other)}" for name, one, other in pairs if one != other]


def _plain(value: int | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
