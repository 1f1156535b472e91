"""Files that support an offer: taken by their content, never by their name."""

from __future__ import annotations

from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.files import taking
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.files.taking import store_file, take_file
from rightplace.journey.offers.checks import closed
from rightplace.journey.offers.models import OfferEvidence
from rightplace.journey.offers.recording import record
from rightplace.journey.offers.sealing import own_offers
from rightplace.journey.offers.states import OFFER

GONE = Problem(MISSING, "This offer is not there, or is not yours.")
MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 10


@action
def add_evidence(
    *, by: Actor, now: datetime, offer_id: int, version: int, name: str, content: bytes, words: str = ""
) -> Outcome[OfferEvidence]:
    """Add a file to a draft: PDF, PNG or JPEG by its content, written anew (`foundation.files.taking`), at most ten of 5 MB."""
    offer = own_offers(by).filter(pk=offer_id).select_related("invitation").first()
    if offer is None:
        return refuse(GONE)
    problems = _file_problems(offer.evidence.count(), words) or closed(offer.invitation, now)
    if problems:
        return refuse(problems)
    taken = take_file(name, content, most_bytes=MOST_BYTES)
    if isinstance(taken, Problem):
        return refuse(taken)
    if problems := change_state(OFFER, offer, "save_offer", by=by, version=version):
        return refuse(problems)
    whose = {"authority_id": offer.authority_id, "provider_id": offer.provider_id}
    file = store_file(
        taken, authority_id=offer.authority_id, provider_id=offer.provider_id, made_by=by.name, now=now
    )
    evidence = OfferEvidence.objects.create(offer=offer, file=file, words=words.strip(), **whose)
    record(by, now, offer, "add_evidence", f"Evidence added to offer {offer.reference}")
    return Outcome(evidence)


@action
def remove_evidence(
    *, by: Actor, now: datetime, offer_id: int, version: int, evidence_id: int
) -> Outcome[None]:
    """Remove a file from a draft, with its content."""
    offer = own_offers(by).filter(pk=offer_id).select_related("invitation").first()
    evidence = OfferEvidence.objects.filter(pk=evidence_id, offer_id=offer_id).first()
    if offer is None or evidence is None:
        return refuse(GONE)
    problems = closed(offer.invitation, now)
    if problems := problems or change_state(OFFER, offer, "save_offer", by=by, version=version):
        return refuse(problems)
    evidence.delete()
    StoredFile.objects.filter(pk=evidence.file_id).delete()
    record(by, now, offer, "remove_evidence", f"Evidence removed from offer {offer.reference}")
    return Outcome(None)


def safe_name(name: str, media_type: str) -> str:
    """A file's name without path, control characters or quotes, with the ending that its content has."""
    kind = next(kind for kind, known in taking.MEDIA_TYPES.items() if known == media_type)
    return taking.safe_name(name, kind)


def _file_problems(held: int, words: str) -> list[Problem]:
    if held >= MOST_FILES:
        return [Problem("too_many", f"An offer takes at most {MOST_FILES} files.", "file")]
    return (
        [Problem("too_long", "Shorten this to 200 characters.", "words")] if len(words.strip()) > 200 else []
    )
