"""Asking: invitations made in one go for all who are eligible, each with exactly what it is shown."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.journey.search.kind_musts import ages_shown, kind_musts
from rightplace.journey.search.marking import Place, at_places
from rightplace.journey.search.models import Candidate, Invitation, Search

_LETTERS = "BCDFGHJKLMNPQRTVWXYZ2346789"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked now: how many own households under which reference, and which providers."""

    households: int
    reference: str
    provider_ids: tuple[int, ...]
    invitations: tuple[Invitation, ...]


def reference_drawn() -> str:
    """A name for the referral that tells nothing: RP- and six signs drawn at random, none easily mistaken."""
    return "RP-" + "".join(secrets.choice(_LETTERS) for _ in range(6))


def invite(
    search: Search,
    shown: Mapping[str, Any],
    now: datetime,
    *,
    own: bool,
    market: bool,
    only: Iterable[int] | None = None,
) -> Asked:
    """Ask every eligible candidate that has not been asked: own households, the market, or both.

    A provider asked for several homes knows the referral by one reference; `only` narrows it to some candidates. Each reads
    with the request what its own kind of home has to meet.
    """
    rows = _to_ask(search, own=own, market=market, only=only)
    references = _references(search)
    asked_of = kind_musts(search.authority_id, timezone.localdate(now), ages_shown(shown))
    shown_to = {kind: {**shown, "kind_musts": musts} for kind, musts in asked_of.items()}
    invitations = [
        Invitation(
            authority_id=search.authority_id,
            provider_id=row["setting__provider_id"],
            search=search,
            household_id=row["household_id"],
            setting_id=row["setting_id"],
            reference=references[row["setting__provider_id"]],
            shown=shown_to[row["setting__kind"] or HomeKind.FOSTER],
            sent_at=now,
            closes_at=search.closes_at,
        )
        for row in rows
    ]
    Invitation.objects.bulk_create(invitations, batch_size=BATCH)
    providers = sorted({one.provider_id for one in invitations if one.provider_id is not None})
    households = sum(one.household_id is not None for one in invitations)
    return Asked(households, references[None] if households else "", tuple(providers), tuple(invitations))


def ask_again(search: Search, places: Iterable[Place], now: datetime) -> list[Invitation]:
    """Open the closed invitations of these homes again: they were ruled out, and are asked after all."""
    rows = Invitation.objects.filter(at_places(places), search=search, state="closed")
    again = list(rows)
    rows.update(
        state="sent", sent_at=now, closes_at=search.closes_at, reminded_at=None, version=F("version") + 1
    )
    return again


def asked_besides(asked: Asked, again: Iterable[Invitation]) -> Asked:
    """Who was asked, with those whose invitation was opened again."""
    every = (*asked.invitations, *again)
    own = [one for one in every if one.household_id is not None]
    providers = {one.provider_id for one in every if one.provider_id is not None}
    return Asked(len(own), own[0].reference if own else "", tuple(sorted(providers)), every)


def _to_ask(search: Search, *, own: bool, market: bool, only: Iterable[int] | None) -> list[dict[str, Any]]:
    asked = Invitation.objects.filter(search=search)
    rows = Candidate.objects.filter(search=search, is_eligible=True).order_by("rank", "id")
    rows = rows.exclude(household_id__in=asked.filter(household__isnull=False).values("household_id"))
    rows = rows.exclude(setting_id__in=asked.filter(setting__isnull=False).values("setting_id"))
    if not own:
        rows = rows.filter(household__isnull=True)
    if not market:
        rows = rows.filter(setting__isnull=True)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return [
        dict(row)
        for row in rows.values("household_id", "setting_id", "setting__provider_id", "setting__kind")
    ]


def _references(search: Search) -> dict[int | None, str]:
    known: dict[int | None, str] = defaultdict(reference_drawn)
    rows = Invitation.objects.filter(search=search).values_list("provider_id", "reference").distinct()
    known.update(dict(rows))
    return known
