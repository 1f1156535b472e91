"""How children fared who waited for a home: who was never chosen, how long a first suitable offer took, how many there were.

Counted by the product itself, restricted cases among them, so that the sums are right; the report names nobody and hides
small numbers (`core.matching.fairness`). A child counts once for each request in the period.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Count, QuerySet
from django.utils import timezone

from rightplace.core.calendar import age_on
from rightplace.core.matching.fairness import (
    SMALLEST_SHOWN,
    Bools,
    Fared,
    Outcomes,
    codes_of,
    fairness_report,
)
from rightplace.core.matching.vocabulary import NeedKind
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import CONSORTIUM_OFFICER
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.journey.decisions.models import Choice
from rightplace.journey.offers.suitable import suitable_offers
from rightplace.journey.requests.models import Need, RequestChild
from rightplace.journey.search.models import ProposalMark
from rightplace.journey.search.reasons import RULED_OUT_REASONS

AGE_BANDS = ((16, "16 and over"), (10, "10 to 15"), (5, "5 to 9"), (0, "Under 5"))
ETHNIC_GROUPS = {"W": "White", "M": "Mixed", "A": "Asian", "B": "Black", "O": "Other"}
NOT_COUNTED = ("draft", "withdrawn")
SEXES = {"F": "Girls", "M": "Boys"}


@dataclass(frozen=True, slots=True)
class RuledOut:
    """How often brokers ruled a home out for a reason, and for how many children; None: fewer than are shown."""

    reason: str
    homes: int | None
    children: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """How children fared in a period: a row for each group, and over how many children and which authorities.

    `ruled_out` are the reasons for which brokers ruled homes out; `sharing` the authorities among which one may be chosen.
    """

    rows: Sequence[Fared]
    children: int
    authorities: tuple[str, ...]
    ruled_out: Sequence[RuledOut] = ()
    sharing: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Waited:
    """One child of one request, in codes that name nobody."""

    key: int
    request_id: int
    authority: str
    age: str
    sex: str
    ethnicity: str
    is_disabled: bool
    beside: int
    since: datetime
    until: datetime


def fairness(actor: Actor, first: date, last: date, now: datetime, only: int | None = None) -> Report:
    """The report of the actor's authority, or for the consortium of those that share their needs, over whole days.

    `only` narrows that of a consortium to one of the authorities that share, by its groups.
    """
    if actor.role == CONSORTIUM_OFFICER:
        authorities = sharing_authorities(actor, "needs", timezone.localdate(now))
    else:
        authorities = [actor.authority_id]
    with as_system():
        rows = Authority.objects.filter(pk__in=authorities).order_by("name").values_list("pk", "name")
        names = dict(rows)
        wanted = [only] if only in names and len(names) > 1 else list(names)
        waited = _waited(wanted, first, last, now)
        outcomes, groups = _outcomes(waited), _groups(waited)
        return Report(
            fairness_report(outcomes, groups), len(waited), tuple(names[one] for one in wanted), _reasons(waited),
            tuple(names.items()) if len(names) > 1 else (),
        )  # fmt: skip


def _reasons(waited: Sequence[_Waited]) -> list[RuledOut]:
    """Why brokers ruled homes out for these children, the most frequent first; few of one reason are not counted out."""
    asked = Counter(one.request_id for one in waited)
    homes: Counter[str] = Counter()
    children: dict[str, set[int]] = defaultdict(set)
    for request, code in _marks(asked).values_list("request_id", "reason_code"):
        homes[code] += 1
        children[code].add(request)
    found = []
    for code, many in homes.most_common():
        among = sum(asked[one] for one in children[code])
        is_shown = among >= SMALLEST_SHOWN
        words = RULED_OUT_REASONS.get(code, "Not recorded")
        found.append(RuledOut(words, many if is_shown else None, among if is_shown else None))
    return found


def _marks(asked: Iterable[int]) -> QuerySet[ProposalMark]:
    """Every home ever ruled out for these requests, taken back since or not."""
    return ProposalMark.objects.filter(request__in=list(asked), kind="barred")


def _waited(authorities: Iterable[int], first: date, last: date, now: datetime) -> list[_Waited]:
    rows = RequestChild.objects.filter(
        authority_id__in=list(authorities), request__submitted_at__date__range=(first, last)
    ).exclude(request__state__in=NOT_COUNTED)
    columns = (
        "pk", "request_id", "authority__name", "child__born_on", "child__sex", "child__ethnicity", "child__is_disabled",
        "request__submitted_at", "request__closed_at",
    )  # fmt: skip
    found = list(
        rows.annotate(beside=Count("request__children")).order_by("pk").values_list(*columns, "beside")
    )
    return [_row(one, now) for one in found]


def _row(row: tuple[Any, ...], now: datetime) -> _Waited:
    key, request_id, authority, born_on, sex, ethnicity, is_disabled, since, closed_at, beside = row
    on = timezone.localdate(since)
    age = age_on(born_on, on)
    band = next((words for least, words in AGE_BANDS if age >= least), AGE_BANDS[-1][1])
    until = max(closed_at or now, since)
    return _Waited(
        key, request_id, authority, band, SEXES.get(sex, "Not known"),
        ETHNIC_GROUPS.get(ethnicity[:1], "Not known"), is_disabled, beside, since, until,
    )  # fmt: skip


def _outcomes(waited: Sequence[_Waited]) -> Outcomes:
    asked = {one.request_id for one in waited}
    offers = suitable_offers(asked)
    current = Choice.objects.filter(request__in=asked, is_current=True)
    chosen = set(current.values_list("request_id", flat=True))
    barred = Counter(_marks(asked).values_list("request_id", flat=True))
    return Outcomes.of(
        np.array([one.request_id in chosen for one in waited], dtype=bool),
        np.array([one.request_id in offers for one in waited], dtype=bool),
        [_days(one, min(offers.get(one.request_id, [one.until]))) for one in waited],
        [len(offers.get(one.request_id, ())) for one in waited],
        [barred[one.request_id] for one in waited],
    )


def _days(one: _Waited, until: datetime) -> float:
    return max((until - one.since).total_seconds() / 86_400, 0.0)


def _groups(waited: Sequence[_Waited]) -> Mapping[str, Mapping[str, Bools]]:
    """Which children belong to which group, by characteristic."""
    groups: dict[str, Mapping[str, Bools]] = {
        "Age": codes_of((one.age for one in waited), [words for _, words in reversed(AGE_BANDS)]),
        "Sex": codes_of(one.sex for one in waited),
        "Ethnicity": codes_of(one.ethnicity for one in waited),
        "Disability": codes_of("Disabled" if one.is_disabled else "Not disabled" for one in waited),
        "Brothers and sisters": codes_of(
            "Asked for together" if one.beside > 1 else "Alone" for one in waited
        ),
        "Need": _by_need(waited),
    }
    if len({one.authority for one in waited}) > 1:
        groups["Authority"] = codes_of(one.authority for one in waited)
    return groups


def _by_need(waited: Sequence[_Waited]) -> dict[str, Bools]:
    at = {one.key: place for place, one in enumerate(waited)}
    found: dict[str, Bools] = defaultdict(lambda: np.zeros(len(waited), dtype=bool))
    rows = Need.objects.filter(request_child__in=list(at)).order_by("kind")
    for key, kind in rows.values_list("request_child_id", "kind"):
        found[NeedKind.words_for(kind)][at[key]] = True
    return dict(sorted(found.items()))
