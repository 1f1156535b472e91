"""What may be done with contracts: drafted from the placement, issued, signed by both sides, varied, cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse, require
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts import events
from rightplace.journey.contracts.checks import (
    draft_problems,
    issue_problems,
    rules_to_vary,
    variation_problems,
)
from rightplace.journey.contracts.drafting import OutcomeGiven, draft, write_lines, write_outcomes
from rightplace.journey.contracts.issuing import file_pdf, write_text
from rightplace.journey.contracts.models import Contract, ContractOutcome, ContractVersion, Signature
from rightplace.journey.contracts.permitting import ask_where_dearer, follow_taken_back
from rightplace.journey.contracts.rules import Rules, as_json
from rightplace.journey.contracts.signing import side_of, signing_problems
from rightplace.journey.contracts.standing import is_ruling
from rightplace.journey.contracts.states import ARRANGERS, CONTRACT
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.placements.models import Placement

GONE = Problem(MISSING, "This contract is not there, or is not yours.")
OF_A_SERVICE = Problem("of_a_service", "Change the service: its contract follows what is agreed there.")


@action
def draft_contract(*, by: Actor, now: datetime, placement_id: int) -> Outcome[Contract]:
    """Draft the contract of a planned or started placement from the accepted offer; one contract a placement.

    It happens by itself when a placement is planned; this verb is for a placement that came in another way.
    """
    if by.role not in (*ARRANGERS, roles.SYSTEM):
        return refuse(Problem("not_yours", "Your role may not draft a contract."))
    placement = _placement(placement_id, by.authority_id)
    if placement is None:
        return refuse(Problem(MISSING, "This placement is not there, or is not yours."))
    if placement.state not in ("planned", "started"):
        return refuse(Problem("wrong_state", "Only a planned or running placement gets a contract."))
    if Contract.objects.filter(placement=placement).exists():
        return refuse(Problem("taken", "This placement has a contract already."))
    contract = draft(placement, by=by, now=now)
    _record(by, now, contract, "draft_contract", f"Contract {contract.reference} drafted", is_shared=False)
    return Outcome(contract)


@action
def edit_draft(
    *,
    by: Actor,
    now: datetime,
    contract_id: int,
    version: int,
    changes: Mapping[str, Any],
    outcomes: tuple[OutcomeGiven, ...] | None = None,
) -> Outcome[Contract]:
    """Change a draft: services, notice, reviews and outcomes. The price is that for which permission was given and stays."""
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    if problems := draft_problems(contract, changes, outcomes):
        return refuse(problems)
    if problems := change_state(CONTRACT, contract, "edit_draft", by=by, version=version):
        return refuse(problems)
    terms = latest(contract)
    ContractVersion.objects.filter(pk=terms.pk).update(**changes)
    if outcomes is not None:
        write_outcomes(terms, outcomes)
    _record(by, now, contract, "edit_draft", f"Draft of {contract.reference} changed", is_shared=False)
    return Outcome(contract)


@action
def issue_contract(*, by: Actor, now: datetime, contract_id: int, version: int) -> Outcome[Contract]:
    """Fix the text, its hash and the PDF, and send it to both sides for signature.

    Only after permission to place; an emergency placement may be put into writing before its approval, since the
    child lives there already. From here on the provider may read the child's name.
    """
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    if problems := issue_problems(contract):
        return refuse(problems)
    if problems := change_state(CONTRACT, contract, "issue_contract", by=by, version=version):
        return refuse(problems)
    terms = latest(contract)
    write_text(terms, by=by, now=now)
    _record(by, now, contract, "issue_contract", f"Contract {contract.reference} issued for signature", terms)
    publish(events.ContractIssued(**_facts(by, now, contract), number=terms.number))
    return Outcome(contract)


@action
def recall_contract(*, by: Actor, now: datetime, contract_id: int, version: int) -> Outcome[Contract]:
    """Take a contract back that not both have signed; a signature already given falls away and must be given anew."""
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    if problems := change_state(CONTRACT, contract, "recall_contract", by=by, version=version):
        return refuse(problems)
    terms = latest(contract)
    Signature.objects.filter(contract_version=terms).delete()
    ContractVersion.objects.filter(pk=terms.pk).update(text="", text_sha256="", document={}, pdf=None)
    _record(
        by, now, contract, "recall_contract", f"Contract {contract.reference} taken back to change", terms
    )
    publish(events.ContractTakenBack(**_facts(by, now, contract), number=terms.number))
    return Outcome(contract)


@action
def sign_contract(
    *, by: Actor, now: datetime, contract_id: int, version: int, signed_name: str, text_sha256: str
) -> Outcome[Contract]:
    """Sign the version that is out for signature, for one's own side; with both signatures it is in force.

    Refused when the text is not the one that was seen, when the name is not the account's, and to one who has
    signed for the other side.
    """
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    side = side_of(by, contract) or "authority"
    if problems := CONTRACT.problems(f"sign_for_{side}", state=contract.state, role=by.role):
        return refuse(problems)
    terms = latest(contract)
    if problems := signing_problems(by, contract, terms, signed_name=signed_name, text_sha256=text_sha256):
        return refuse(problems)
    if problems := change_state(CONTRACT, contract, f"sign_for_{side}", by=by, version=version):
        return refuse(problems)
    _sign(by, now, contract, terms, side, signed_name)
    return Outcome(contract)


@action
def vary_contract(
    *,
    by: Actor,
    now: datetime,
    contract_id: int,
    version: int,
    in_force_from: date,
    reason: str,
    lines: Iterable[LineGiven],
    ends_on: date | None = None,
    rules: Rules | None = None,
) -> Outcome[Contract]:
    """Make a variation: new price lines and rules from a date, with the reason, and perhaps another expected end.

    The version before stays as it is and rules until that date; one that would rule from the same day or later rules no
    more. `rules` are those that stand when none are given. Both sides sign the new one; until then, and if it
    is taken back, the contract stands as it was. One that makes the contract dearer needs permission first, at its
    real cost, from whoever's limit covers it.
    """
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    if contract.package_id is not None:
        return refuse(OF_A_SERVICE)
    given = tuple(lines)
    if problems := CONTRACT.problems("vary_contract", state=contract.state, role=by.role):
        return refuse(problems)
    agreed = rules if rules is not None else _rules_that_stand(contract, in_force_from)
    if problems := variation_problems(contract, in_force_from, reason, given, agreed, ends_on):
        return refuse(problems)
    if problems := change_state(CONTRACT, contract, "vary_contract", by=by, version=version):
        return refuse(problems)
    terms = _new_version(by, now, contract, in_force_from, reason, ends_on, agreed)
    write_lines(terms, given)
    write_text(terms, by=by, now=now)
    words = f"Variation {terms.number - 1} of {contract.reference} made, from {in_force_from:%d %B %Y}"
    if rise := ask_where_dearer(by, now, contract, terms):
        _record(by, now, contract, "vary_contract", f"{words}; permission asked", terms, is_shared=False)
        publish(
            events.VariationAsked(
                **_facts(by, now, contract), number=terms.number, rise_id=rise.pk, needs_role=rise.needs_role
            )
        )
        return Outcome(contract)
    _record(by, now, contract, "vary_contract", words, terms)
    publish(
        events.ContractVaried(**_facts(by, now, contract), number=terms.number, in_force_from=in_force_from)
    )
    return Outcome(contract)


@action
def take_back_variation(*, by: Actor, now: datetime, contract_id: int, version: int) -> Outcome[Contract]:
    """Take back a variation that not both have signed; it stays on record, and the contract stands as it was."""
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    if problems := change_state(CONTRACT, contract, "take_back_variation", by=by, version=version):
        return refuse(problems)
    terms = latest(contract)
    ContractVersion.objects.filter(pk=terms.pk).update(taken_back_at=now)
    follow_taken_back(now=now, contract_id=contract.pk)
    was_told = not terms.waits_for_permission
    words = f"Variation {terms.number - 1} of {contract.reference} taken back"
    _record(by, now, contract, "take_back_variation", words, terms, is_shared=was_told)
    if was_told:
        publish(events.ContractTakenBack(**_facts(by, now, contract), number=terms.number))
    return Outcome(contract)


@action
def cancel_contract(*, by: Actor, now: datetime, contract_id: int, version: int) -> Outcome[Contract]:
    """Cancel a contract that is not in force. One in force ends with its placement, or is cancelled with it."""
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    was_issued = contract.state == "awaiting_signatures"
    if problems := change_state(CONTRACT, contract, "cancel_contract", by=by, version=version):
        return refuse(problems)
    Signature.objects.filter(contract_version=latest(contract)).delete()
    _record(
        by, now, contract, "cancel_contract", f"Contract {contract.reference} cancelled", is_shared=was_issued
    )
    if was_issued:
        publish(events.ContractCancelled(**_facts(by, now, contract)))
    return Outcome(contract)


@action
def reopen_contract(*, by: Actor, now: datetime, contract_id: int, version: int) -> Outcome[Contract]:
    """Undo the cancelling of a contract whose placement is still planned or running: it is a draft again."""
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    if contract.placed.state not in ("planned", "started"):
        return refuse(
            Problem("wrong_state", "The placement is neither planned nor running, so it needs no contract.")
        )
    if problems := change_state(CONTRACT, contract, "reopen_contract", by=by, version=version):
        return refuse(problems)
    _record(
        by, now, contract, "reopen_contract", f"Contract {contract.reference} opened again", is_shared=False
    )
    return Outcome(contract)


def follow_placement_planned(*, by: Actor, now: datetime, placement_id: int) -> None:
    """A placement was planned: draft its contract, if it has none."""
    placement = _placement(placement_id, by.authority_id)
    if placement is not None and not Contract.objects.filter(placement=placement).exists():
        draft(placement, by=by, now=now)


def follow_start_changed(*, placement_id: int) -> int | None:
    """The start was moved or confirmed on another day: the contract follows; the number of a contract that stands.

    An issued text stays as it is: it says that payment runs from the start that both have confirmed.
    """
    contract = Contract.objects.filter(placement_id=placement_id).select_related("placement").first()
    if contract is None:
        return None
    starts_on = contract.placed.period.lower
    if starts_on != contract.starts_on:
        moved = starts_on - contract.starts_on
        Contract.objects.filter(pk=contract.pk).update(starts_on=starts_on)
        for terms in contract.versions.filter(number=1, text=""):
            review = terms.first_review_on + moved if terms.first_review_on else None
            ContractVersion.objects.filter(pk=terms.pk).update(
                in_force_from=starts_on, first_review_on=review
            )
    return contract.pk


def follow_placement_ended(*, now: datetime, placement_id: int, ended_on: date) -> int | None:
    """The placement ended: so does the contract, on the same day; a variation not yet signed falls away."""
    contract = Contract.objects.filter(placement_id=placement_id).first()
    if contract is None:
        return None
    Contract.objects.filter(pk=contract.pk).update(ended_on=ended_on)
    if contract.state in ("in_force", "varying"):
        ContractVersion.objects.filter(contract=contract, is_signed=False, taken_back_at=None).update(
            taken_back_at=now
        )
        follow_taken_back(now=now, contract_id=contract.pk)
        _follow(contract, "mark_ended")
    return contract.pk


def follow_placement_resumed(*, placement_id: int) -> int | None:
    """The end of a placement was undone: the contract is in force again."""
    contract = Contract.objects.filter(placement_id=placement_id).first()
    if contract is None:
        return None
    Contract.objects.filter(pk=contract.pk).update(ended_on=None)
    if contract.state == "ended":
        _follow(contract, "mark_resumed")
    return contract.pk


def follow_placement_cancelled(*, by: Actor, now: datetime, placement_id: int) -> int | None:
    """The placement will not happen (cancelled, or the child did not arrive): its contract is cancelled."""
    contract = Contract.objects.filter(placement_id=placement_id).first()
    if contract is None or contract.state in ("cancelled", "ended"):
        return None
    was_drafted = contract.state == "draft"
    follow_taken_back(now=now, contract_id=contract.pk)
    _follow(contract, "mark_cancelled")
    if not was_drafted:
        publish(events.ContractCancelled(**_facts(by, now, contract)))
    return contract.pk


def own_contract(by: Actor, contract_id: int) -> Contract | None:
    """The contract, where it is this actor's: the authority's staff, or the provider it was issued to."""
    rows = Contract.objects.select_related("authority", "provider").prefetch_related(
        "versions__lines", "versions__signatures"
    )
    if by.provider_id is not None:
        return rows.filter(pk=contract_id, provider_id=by.provider_id).exclude(state="draft").first()
    return rows.filter(pk=contract_id, authority_id=by.authority_id).first()


def latest(contract: Contract) -> ContractVersion:
    """The version that is out for signature or stands: the last that was not taken back."""
    versions = [version for version in contract.versions.all() if version.taken_back_at is None]
    return versions[-1]


def _placement(placement_id: int, authority_id: int | None) -> Placement | None:
    rows = Placement.objects.select_related(
        "child", "permission", "household", "setting", "named_carer", "offer__search__request"
    )
    return rows.filter(Q(authority_id=authority_id), pk=placement_id).first()


def _sign(
    by: Actor, now: datetime, contract: Contract, terms: ContractVersion, side: str, signed_name: str
) -> None:
    """Write the signature; with the second, the version is in force and its PDF shows both."""
    Signature.objects.create(
        authority_id=contract.authority_id,
        provider_id=contract.provider_id,
        contract_version=terms,
        side=side,
        signed_name=" ".join(signed_name.split())[:200],
        user_id=by.user_id or 0,
        signed_at=now,
        text_sha256=terms.text_sha256,
    )
    words = f"Contract {contract.reference} version {terms.number} signed for the {side}"
    signed = ContractVersion.objects.select_related("contract__authority", "contract__provider", "pdf")
    terms = signed.prefetch_related("signatures").get(pk=terms.pk)
    is_complete = len(terms.signatures.all()) == 2
    facts = {**_facts(by, now, contract), "number": terms.number}
    if not is_complete:
        _record(by, now, contract, "sign_contract", words, terms)
        publish(events.ContractSigned(**facts, side=side))
        return
    file_pdf(terms, by=by, now=now)
    ContractVersion.objects.filter(
        contract=contract, is_signed=True, replaced_at=None, in_force_from__gte=terms.in_force_from
    ).update(replaced_at=now)
    ContractVersion.objects.filter(pk=terms.pk).update(is_signed=True)
    _come_into_force(contract, terms)
    _record(by, now, contract, "sign_contract", f"{words}; with both signatures it is in force", terms)
    publish(events.ContractInForce(**facts))


def _come_into_force(contract: Contract, terms: ContractVersion) -> None:
    """The contract stands by both signatures; one whose placement has ended meanwhile has ended too."""
    _follow(contract, "mark_in_force", ends_on=terms.ends_on or contract.ends_on)
    if contract.ended_on is not None:
        _follow(contract, "mark_ended")


def _follow(contract: Contract, verb: str, **changes: Any) -> None:
    """Something that comes about by itself; where it cannot, the whole deed is refused."""
    system = system_actor(authority_id=contract.authority_id)
    require(change_state(CONTRACT, contract, verb, by=system, **changes))


def _rules_that_stand(contract: Contract, since: date) -> Rules:
    """The rules of the last version that rules, without uplifts that would lie before a day."""
    ruling = [version for version in contract.versions.all() if is_ruling(version)]
    return rules_to_vary(ruling[-1], since) if ruling else Rules()


def _new_version(
    by: Actor,
    now: datetime,
    contract: Contract,
    in_force_from: date,
    reason: str,
    ends_on: date | None,
    rules: Rules,
) -> ContractVersion:
    """The next version: the terms of the one before, with the new date, reason and end; its outcomes are copied."""
    versions = list(contract.versions.all())
    before = latest(contract)
    terms = ContractVersion.objects.create(
        authority_id=contract.authority_id,
        provider_id=contract.provider_id,
        contract=contract,
        number=versions[-1].number + 1,
        in_force_from=in_force_from,
        ends_on=ends_on or before.ends_on or contract.ends_on,
        reason=" ".join(reason.split())[:300],
        services=before.services,
        conditions=before.conditions,
        notice_days=before.notice_days,
        first_review_on=before.first_review_on,
        review_every_weeks=before.review_every_weeks,
        rules=as_json(rules),
        made_at=now,
        made_by=by.name,
        made_by_id=by.user_id,
    )
    kept = ContractOutcome.objects.filter(contract_version=before)
    write_outcomes(terms, [OutcomeGiven(o.words, o.measure, o.how) for o in kept])
    return terms


def _facts(by: Actor, now: datetime, contract: Contract) -> dict[str, Any]:
    """What every event of a contract says."""
    return {
        "by": by,
        "now": now,
        "authority_id": contract.authority_id,
        "contract_id": contract.pk,
        "provider_id": contract.provider_id,
    }


def _record(
    by: Actor,
    now: datetime,
    contract: Contract,
    verb: str,
    words: str,
    terms: ContractVersion | None = None,
    *,
    is_shared: bool = True,
) -> None:
    """One entry of the trail; the provider sees those about what was issued to it, so they name nobody but who acted."""
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="contract",
        subject_id=contract.pk,
        authority_id=contract.authority_id,
        provider_id=contract.provider_id if is_shared else None,
        child_id=contract.child_id,
        details={"text_sha256": terms.text_sha256} if terms and terms.text_sha256 else {},
    )
