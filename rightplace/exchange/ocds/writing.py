"""Our own notices as releases: planning, tender, award, contract, made from a tender's rows. Pure but for what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

METHODS = {"open": "open", "further_competition": "selective", "direct": "direct"}
TENDER_STATUS = {
    "draft": "planned", "open": "active", "evaluating": "active", "moderating": "active", "awarded": "complete",
    "cancelled": "cancelled",
}  # fmt: skip
CPV = {"scheme": "CPV", "id": "85311300", "description": "Welfare services for children and young people"}


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation of a release."""

    key: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Notified:
    """What a release says of a tender: values only, so that the making is plain to test."""

    ocid: str
    number: str
    kind: str
    dated_at: datetime
    reference: str
    title: str
    about: str
    state: str
    route: str
    route_words: str
    rationale: str
    value_pence: int | None
    closes_at: datetime | None
    starts_on: date
    ends_on: date
    buyer: Party
    tendered: int | None = None
    winner: Party | None = None
    awarded_pence: int | None = None
    awarded_at: datetime | None = None
    criteria: Sequence[tuple[str, int]] = ()


def release(told: Notified) -> dict[str, Any]:
    """One release of OCDS 1.1: nothing empty, every moment with its zone, every organisation among the parties."""
    parties = [told.buyer, *([told.winner] if told.winner else [])]
    body: dict[str, Any] = {
        "ocid": told.ocid, "id": told.number, "date": _moment(told.dated_at), "tag": [told.kind],
        "initiationType": "tender", "language": "en", "parties": [_party(one) for one in parties],
        "buyer": _reference(told.buyer), "tender": _tender(told),
    }  # fmt: skip
    if told.kind == "planning":
        body["planning"] = {"rationale": told.rationale or told.title}
    if told.winner is not None and told.kind in ("award", "contract"):
        body["awards"] = [_award(told, told.winner)]
    if told.winner is not None and told.kind == "contract":
        body["contracts"] = [_contract(told)]
    return body


def _tender(told: Notified) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": told.reference, "title": told.title, "description": told.about, "status": TENDER_STATUS[told.state],
        "procurementMethod": METHODS[told.route], "procurementMethodDetails": told.route_words,
        "procurementMethodRationale": told.rationale, "mainProcurementCategory": "services",
        "items": [{"id": "1", "classification": dict(CPV)}], "contractPeriod": _period(told),
        "awardCriteria": "ratedCriteria" if told.criteria else "",
        "awardCriteriaDetails": "; ".join(f"{name}: {weight} of 100" for name, weight in told.criteria),
    }  # fmt: skip
    if told.value_pence is not None:
        found["value"] = _value(told.value_pence)
    if told.closes_at is not None:
        found["tenderPeriod"] = {"endDate": _moment(told.closes_at)}
    if told.tendered is not None:
        found["numberOfTenderers"] = told.tendered
    return {name: value for name, value in found.items() if value not in ("", None)}


def _award(told: Notified, winner: Party) -> dict[str, Any]:
    award: dict[str, Any] = {
        "id": f"{told.reference}-A1", "title": told.title, "status": "active", "suppliers": [_reference(winner)],
        "contractPeriod": _period(told),
    }  # fmt: skip
    if told.awarded_at is not None:
        award["date"] = _moment(told.awarded_at)
    if told.awarded_pence is not None:
        award["value"] = _value(told.awarded_pence)
    return award


def _contract(told: Notified) -> dict[str, Any]:
    contract: dict[str, Any] = {
        "id": f"{told.reference}-C1", "awardID": f"{told.reference}-A1", "title": told.title, "status": "active",
        "period": _period(told),
    }  # fmt: skip
    if told.awarded_pence is not None:
        contract["value"] = _value(told.awarded_pence)
    return contract


def _party(one: Party) -> dict[str, Any]:
    return {"id": one.key, "name": one.name, "identifier": {"legalName": one.name}, "roles": [one.role]}


def _reference(one: Party) -> dict[str, Any]:
    return {"id": one.key, "name": one.name}


def _value(pence: int) -> dict[str, Any]:
    whole, part = divmod(pence, 100)
    return {"amount": whole if not part else pence / 100, "currency": "GBP"}


def _period(told: Notified) -> dict[str, str]:
    return {"startDate": _moment(_midnight(told.starts_on)), "endDate": _moment(_midnight(told.ends_on))}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
