"""Reading releases of others: a package or a list, checked one by one; what is good is kept whole and comes back equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rightplace.core.problems import Problem
from rightplace.exchange.ocds.models import PublicRelease
from rightplace.exchange.ocds.structure import package_faults, release_faults
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER, SYSTEM
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit

MOST_BYTES = 50 * 2**20
MOST_RELEASES = 50_000
READERS = frozenset({COMMISSIONER, ANALYST, SYSTEM})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file came to: releases that are good, those that are not with why, and what ails the package itself."""

    good: tuple[dict[str, Any], ...]
    bad: tuple[tuple[str, str], ...]
    package: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int
    known: int
    bad: tuple[tuple[str, str], ...]


def read_releases(content: bytes) -> Reading | Problem:
    """The releases of a file; a Problem where it is no JSON of releases at all."""
    if len(content) > MOST_BYTES:
        return Problem("too_large", f"The file is larger than {MOST_BYTES // 2**20} MB.", "file")
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        return Problem("not_json", "The file is not JSON.", "file")
    rows = held.get("releases") if isinstance(held, Mapping) else held
    if not isinstance(rows, list) or not rows:
        return Problem("no_releases", "The file holds no list of releases.", "file")
    if len(rows) > MOST_RELEASES:
        return Problem("too_many", f"The file holds more than {MOST_RELEASES:,} releases.", "file")
    good, bad = [], []
    for place, row in enumerate(rows, 1):
        faults = release_faults(row)
        name = (
            str(row.get("id", f"release {place}"))[:160] if isinstance(row, Mapping) else f"release {place}"
        )
        if faults:
            bad.append((name, faults[0]))
        else:
            good.append(row)
    whole = package_faults({**held, "releases": good}) if isinstance(held, Mapping) and good else []
    return Reading(tuple(good), tuple(bad), tuple(whole))


@action
def import_releases(*, by: Actor, now: datetime, content: bytes) -> Outcome[Imported]:
    """Keep the good releases of a file, each once; the rest are told with why."""
    if by.role not in READERS:
        return refuse(Problem("not_yours", "Your role may not do this: import releases."))
    read = read_releases(content)
    if isinstance(read, Problem):
        return refuse(read)
    if not read.good:
        return refuse(Problem("none_good", f"No release of the file is good: {read.bad[0][1]}.", "file"))
    rows = [_row(one, now) for one in read.good]
    before = PublicRelease.objects.count()
    PublicRelease.objects.bulk_create(rows, ignore_conflicts=True)
    added = PublicRelease.objects.count() - before
    words = f"{added} releases of other buyers imported, {len(read.bad)} not"
    audit(by=by, now=now, verb="import_releases", words=words, subject="import", subject_id=None)
    return Outcome(Imported(added, len(rows) - added, read.bad))


def _row(body: Mapping[str, Any], now: datetime) -> PublicRelease:
    tender = body.get("tender", {})
    awards = body.get("awards", [])
    period = (awards[0].get("contractPeriod") if awards else None) or tender.get("contractPeriod", {})
    return PublicRelease(
        ocid=body["ocid"][:120], number=body["id"][:160], dated_at=_moment(body["date"]), tag=body["tag"][0],
        buyer=_buyer(body)[:200], title=(tender.get("title") or "")[:300], value_pence=_value(tender, awards),
        awarded_to=len({str(one.get("id")) for award in awards for one in award.get("suppliers", [])}),
        ends_on=_day(period.get("endDate")), body=body, imported_at=now,
    )  # fmt: skip


def _buyer(body: Mapping[str, Any]) -> str:
    return str(
        body.get("buyer", {}).get("name") or next((p.get("name", "") for p in body.get("parties", ())), "")
    )


def _value(tender: Mapping[str, Any], awards: Iterable[Mapping[str, Any]]) -> int | None:
    """What was awarded in all, else what was tendered, in pence; other currencies than pounds are not counted."""
    values = [one.get("value", {}) for one in awards] or [tender.get("value", {})]
    pounds = [one["amount"] for one in values if one.get("currency", "GBP") == "GBP" and "amount" in one]
    return int(sum((Decimal(str(one)) for one in pounds), Decimal(0)) * 100) if pounds else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _day(text: str | None) -> date | None:
    return _moment(text).date() if text else None


def as_package(
    releases: Iterable[Mapping[str, Any]], *, uri: str, publisher: str, now: datetime
) -> dict[str, Any]:
    """Releases as one package of the standard."""
    return {
        "uri": uri, "version": "1.1", "publishedDate": now.isoformat(), "publisher": {"name": publisher},
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "releases": [dict(one) for one in releases],
    }  # fmt: skip
