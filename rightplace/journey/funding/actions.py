"""What may be done with joint funding: partners kept, shares proposed with evidence, agreed or not, and superseded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import COMMISSIONER, DIRECTOR, FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse, require
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.models import Contract
from rightplace.journey.decisions.limits import holds_role
from rightplace.journey.funding import events
from rightplace.journey.funding.given import (
    FileGiven,
    RowGiven,
    proposal_problems,
    take_files,
    write_files,
    write_rows,
)
from rightplace.journey.funding.models import OWN, Funding, Partner
from rightplace.journey.funding.recharging import set_right
from rightplace.journey.funding.states import FUNDING, PARTNER_KINDS, PROPOSERS

GONE = Problem(MISSING, "These shares are not there, or are not yours.")
NO_CONTRACT = Problem(MISSING, "This contract is not there, or is not yours.")
NO_PARTNER = Problem(MISSING, "This partner is not there, or is not yours.")
OPEN = Problem("taken", "Shares are proposed already and wait for an agreement. Withdraw them first.")
OWN_SHARES = Problem("own_request", "Nobody agrees to shares that they proposed themselves.")
PARTNER_KEEPERS = (FINANCE_OFFICER, COMMISSIONER, DIRECTOR)
HOW_AGREED = {"panel": "Joint funding panel", "manager": "A manager’s record of what the partners agreed"}


@action
def save_partner(
    *,
    by: Actor,
    now: datetime,
    partner_id: int | None = None,
    version: int = 0,
    kind: str,
    name: str,
    email: str = "",
    their_reference: str = "",
    pays_within_days: int | None = None,
    is_active: bool = True,
) -> Outcome[Partner]:
    """Add a partner to the authority's list, or change one; the kind of a partner stays as it was added."""
    if by.role not in PARTNER_KEEPERS:
        return refuse(Problem("not_yours", "Your role may not change the list of partners."))
    facts = {
        "name": " ".join(name.split()), "email": email.strip(), "their_reference": their_reference.strip(),
        "pays_within_days": pays_within_days, "is_active": is_active,
    }  # fmt: skip
    if problems := _partner_problems(by, partner_id, kind, facts):
        return refuse(problems)
    if partner_id is None:
        partner = Partner.objects.create(authority_id=by.authority_id, kind=kind, **facts)
    else:
        held = Partner.objects.filter(pk=partner_id, authority_id=by.authority_id).first()
        if held is None:
            return refuse(NO_PARTNER)
        partner = held
        if problems := change_row(partner, version=version, **facts):
            return refuse(problems)
    audit(
        by=by, now=now, verb="save_partner", words=f"Partner {partner.name} saved", subject="partner",
        subject_id=partner.pk,
    )  # fmt: skip
    return Outcome(partner)


def _partner_problems(by: Actor, partner_id: int | None, kind: str, facts: dict[str, Any]) -> list[Problem]:
    found = []
    others = Partner.objects.filter(authority_id=by.authority_id).exclude(pk=partner_id or 0)
    if not facts["name"]:
        found.append(Problem("empty", "Enter the partner’s name.", "name"))
    if others.filter(name=facts["name"]).exists():
        found.append(Problem("taken", "A partner of this name is on the list.", "name"))
    if kind not in PARTNER_KINDS:
        found.append(Problem("unknown", "Choose what kind of partner it is.", "kind"))
    if kind == OWN and partner_id is None and others.filter(kind=OWN).exists():
        found.append(Problem("taken", "Your own social care is on the list already.", "kind"))
    if not 1 <= (facts["pays_within_days"] or 30) <= 120:
        found.append(Problem("out_of_range", "Enter 1 to 120 days.", "pays_within_days"))
    return found


@action
def propose_shares(
    *,
    by: Actor,
    now: datetime,
    contract_id: int,
    starts_on: date,
    rows: Sequence[RowGiven],
    reason: str,
    evidence_words: str,
    files: Sequence[FileGiven] = (),
) -> Outcome[Funding]:
    """Propose who bears what of a contract from a day on, also a past one, with the evidence; a new version each time.

    The shares of every row make the whole, and one row is for every other line, so that all lines of all days are divided.
    """
    if by.role not in PROPOSERS:
        return refuse(Problem("not_yours", "Your role may not propose shares."))
    contract = _contract(by, contract_id)
    if contract is None:
        return refuse(NO_CONTRACT)
    taken, problems = take_files(files)
    if problems := proposal_problems(contract, starts_on, rows, reason, evidence_words) + problems:
        return refuse(problems)
    funding = _write(by, now, contract, starts_on, reason.strip(), evidence_words.strip())
    if funding is None:
        return refuse(OPEN)
    write_rows(funding, rows)
    write_files(funding, taken, by=by, now=now)
    _record(by, now, funding, "propose_shares", f"Shares of {contract.reference} proposed")
    publish(events.SharesProposed(**_facts(by, now, funding)))
    return Outcome(funding)


def _write(
    by: Actor, now: datetime, contract: Contract, starts_on: date, reason: str, evidence_words: str
) -> Funding | None:
    last = Funding.objects.filter(contract=contract).order_by("-number").first()
    try:
        with transaction.atomic():
            return Funding.objects.create(
                authority_id=contract.authority_id, contract=contract, number=last.number + 1 if last else 1,
                starts_on=starts_on, reason=reason, evidence_words=evidence_words, proposed_by_id=by.person_id,
                proposed_at=now,
            )  # fmt: skip
    except IntegrityError:  # the constraint one_open_proposal_of_shares: one waits already
        return None


@action
def add_funding_evidence(
    *, by: Actor, now: datetime, funding_id: int, version: int, files: Sequence[FileGiven]
) -> Outcome[Funding]:
    """Add files to a proposal that waits."""
    funding = _own(by, funding_id)
    if funding is None:
        return refuse(GONE)
    taken, problems = take_files(files, funding.files.count())
    if not files:
        problems = [Problem("empty", "Choose a file.", "file")]
    if problems := problems or change_state(FUNDING, funding, "add_funding_evidence", by=by, version=version):
        return refuse(problems)
    write_files(funding, taken, by=by, now=now)
    _record(by, now, funding, "add_funding_evidence", "Evidence added to proposed shares")
    return Outcome(funding)


@action
def agree_shares(
    *,
    by: Actor,
    now: datetime,
    funding_id: int,
    version: int,
    words: str,
    how: str = "manager",
    files: Sequence[FileGiven] = (),
) -> Outcome[Funding]:
    """Record that the partners agreed: at the joint funding panel, or as a manager's record with its evidence.

    Never by who proposed. The shares hold from their day; what was charged since is set right by lines of the difference.
    """
    funding = _own(by, funding_id)
    if funding is None:
        return refuse(GONE)
    if problems := _deciding(by, now, funding, "agree_shares", words):
        return refuse(problems)
    taken, problems = take_files(files, funding.files.count())
    if problems:
        return refuse(problems)
    if how not in HOW_AGREED:
        return refuse(Problem("unknown", "Choose how it was agreed.", "how"))
    if problems := _decided(by, now, funding, "agree_shares", version, words, agreed_how=how):
        return refuse(problems)
    write_files(funding, taken, by=by, now=now)
    system = system_actor(authority_id=funding.authority_id)
    for earlier in Funding.objects.filter(contract_id=funding.contract_id, state="agreed").exclude(
        pk=funding.pk
    ):
        require(change_state(FUNDING, earlier, "mark_superseded", by=system))
    set_right(
        funding.contract,
        now=now,
        reason=f"Shares agreed from {funding.starts_on:%-d %B %Y}: {funding.reason}",
    )
    _record(by, now, funding, "agree_shares", f"Shares of {funding.contract.reference} agreed")
    publish(events.SharesAgreed(**_facts(by, now, funding), proposed_by_id=funding.proposed_by_id))
    return Outcome(funding)


@action
def refuse_shares(*, by: Actor, now: datetime, funding_id: int, version: int, words: str) -> Outcome[Funding]:
    """Record that the partners did not agree, with why; what held before goes on."""
    funding = _own(by, funding_id)
    if funding is None:
        return refuse(GONE)
    problems = _deciding(by, now, funding, "refuse_shares", words)
    if problems := problems or _decided(by, now, funding, "refuse_shares", version, words):
        return refuse(problems)
    _record(by, now, funding, "refuse_shares", f"Shares of {funding.contract.reference} not agreed")
    publish(events.SharesRefused(**_facts(by, now, funding), proposed_by_id=funding.proposed_by_id))
    return Outcome(funding)


@action
def withdraw_shares(*, by: Actor, now: datetime, funding_id: int, version: int) -> Outcome[Funding]:
    """Withdraw a proposal before it is decided on; it stays on record."""
    funding = _own(by, funding_id)
    if funding is None:
        return refuse(GONE)
    if problems := change_state(FUNDING, funding, "withdraw_shares", by=by, version=version):
        return refuse(problems)
    _record(by, now, funding, "withdraw_shares", f"Proposed shares of {funding.contract.reference} withdrawn")
    return Outcome(funding)


def _deciding(by: Actor, now: datetime, funding: Funding, verb: str, words: str) -> list[Problem]:
    if problems := FUNDING.problems(verb, state=funding.state, role=by.role):
        return problems
    if by.user_id == funding.proposed_by_id:
        return [OWN_SHARES]
    if not holds_role(by, timezone.localdate(now)):
        return [Problem("not_in_role", "This role is not held any more.")]
    return (
        []
        if words.strip()
        else [Problem("empty", "Say what was agreed, by whom and when; or why not.", "words")]
    )


def _decided(
    by: Actor, now: datetime, funding: Funding, verb: str, version: int, words: str, **more: str
) -> list[Problem]:
    facts = {"decided_by_id": by.person_id, "decided_at": now, "decision_words": words.strip(), **more}
    return change_state(FUNDING, funding, verb, by=by, version=version, **facts)


def _contract(by: Actor, contract_id: int) -> Contract | None:
    rows = Contract.objects.prefetch_related("versions__lines")
    return rows.filter(pk=contract_id, authority_id=by.authority_id).exclude(state="cancelled").first()


def _own(by: Actor, funding_id: int) -> Funding | None:
    rows = Funding.objects.select_related("contract")
    return rows.filter(pk=funding_id, authority_id=by.authority_id).first()


def _facts(by: Actor, now: datetime, funding: Funding) -> dict[str, Any]:
    return {
        "by": by,
        "now": now,
        "authority_id": funding.authority_id,
        "funding_id": funding.pk,
        "contract_id": funding.contract_id,
    }


def _record(by: Actor, now: datetime, funding: Funding, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="funding", subject_id=funding.contract_id,
        child_id=funding.contract.child_id,
    )  # fmt: skip
