"""Making the text of a version, its hash and its PDF, from what the version and its placement hold."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils import timezone

from rightplace.core.periods import Period
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.models import StoredFile
from rightplace.journey.contracts.agreement import Agreement, Outcome, day_words, write
from rightplace.journey.contracts.document import as_json, plain_text, text_hash
from rightplace.journey.contracts.models import Contract, ContractVersion
from rightplace.journey.contracts.pdf import Mark, contract_pdf
from rightplace.journey.contracts.rules import rules_from
from rightplace.journey.contracts.standing import lines_of, price_from, stay_of, terms_of
from rightplace.journey.contracts.terms import stay_cost
from rightplace.journey.placements.models import Placement


def write_text(version: ContractVersion, *, by: Actor, now: datetime) -> None:
    """Fix the text of a version, its hash and its PDF; done within the authority, where the child's name can be read."""
    document = write(agreement_of(version))
    text = plain_text(document)
    version.document, version.text, version.text_sha256 = as_json(document), text, text_hash(text)
    version.save(update_fields=["document", "text", "text_sha256"])
    file_pdf(version, by=by, now=now)


def agreement_of(version: ContractVersion) -> Agreement:
    """Everything that the version states."""
    contract = version.contract
    placement = Placement.objects.select_related("child", "authority", "provider", "household").get(
        pk=contract.placed.pk
    )
    stay = stay_of(contract, [version])
    lines = lines_of(version)
    paid = Period(min(price_from(version, contract), stay.closed_end), stay.closed_end)
    return Agreement(
        reference=contract.reference,
        number=version.number,
        authority=placement.authority.name,
        provider=provider_name(contract),
        child_name=str(placement.child),
        child_born_on=placement.child.born_on,
        home=contract.home_words,
        home_urn=placement.urn,
        stay=stay,
        services=version.services,
        lines=tuple((line.as_price_line(), line.words) for line in lines),
        cost=stay_cost([terms_of(version)], paid),
        outcomes=tuple(Outcome(o.words, o.measure, o.how) for o in version.outcomes.all()),
        first_review_on=version.first_review_on,
        review_every_weeks=version.review_every_weeks,
        notice_days=version.notice_days,
        conditions=version.conditions,
        in_force_from=version.in_force_from,
        reason=version.reason,
        rules=rules_from(version.rules),
    )


def provider_name(contract: Contract) -> str:
    """Who the contract is with: the provider, or the authority's own fostering service."""
    return (
        contract.provider.name if contract.provider else f"{contract.authority.name}’s own fostering service"
    )


def file_pdf(version: ContractVersion, *, by: Actor, now: datetime) -> None:
    """Draw the PDF of a version with the signatures that it has, in place of the one before."""
    content = contract_pdf(version.document, text_sha256=version.text_sha256, signatures=marks_of(version))
    earlier = version.pdf
    contract = version.contract
    version.pdf = StoredFile.objects.create(
        authority_id=version.authority_id,
        provider_id=version.provider_id,
        name=f"{contract.reference} version {version.number}.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        made_at=now,
        made_by=by.name,
    )
    version.save(update_fields=["pdf"])
    if earlier is not None:
        earlier.delete()


def marks_of(version: ContractVersion) -> tuple[Mark, Mark]:
    """Both sides' places for a signature, filled where they have signed."""
    signed = {signature.side: signature for signature in version.signatures.all()}
    parties = {
        "authority": f"For {version.contract.authority.name}",
        "provider": f"For {provider_name(version.contract)}",
    }
    marks = []
    for side, party in parties.items():
        found = signed.get(side)
        if found is None:
            marks.append(Mark(party))
            continue
        at = timezone.localtime(found.signed_at)
        marks.append(Mark(party, found.signed_name, f"{day_words(at.date())}, {at:%H:%M}", found.text_sha256))
    return marks[0], marks[1]
