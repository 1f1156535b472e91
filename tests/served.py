"""Services in the tests' world: one that a provider lists and is asked to offer, a pathway with a milestone due, and others."""

from __future__ import annotations

from datetime import timedelta

from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invitations.actions import invite_services
from rightplace.journey.packages import actions, running
from rightplace.journey.packages.actions import PackageGiven
from rightplace.journey.payments.models import MilesClaim
from rightplace.register.carers.own import let_carer_in, say_when_free
from rightplace.register.children.models import Child
from rightplace.register.duty.actions import plan_duty
from rightplace.register.fostering.actions import take_enquiry
from rightplace.register.services.actions import ServiceGiven, list_service
from tests.cast import NOW, TODAY, Cast


def served(cast: Cast, child: Child, provider: Actor) -> dict[str, int]:
    """The rows by the kinds that addresses name."""
    listed = list_service(
        by=provider, now=NOW, given=ServiceGiven(name=f"Mentors of {provider.name}", kind_code="mentoring")
    ).done()
    given = PackageGiven(
        child_id=child.pk,
        kind_code="deprivation_of_liberty",
        needed_by=TODAY,
        answers=("None yet.", "Home by spring."),
    )
    row = actions.ask_for_package(by=cast.sadia, now=NOW, given=given).done()
    row = running.start_package(
        by=cast.sadia, now=NOW, package_id=row.pk, version=row.version, starts_on=TODAY
    ).done()
    return {
        "entry": listed.pk, "package": row.pk, "due": row.milestones.order_by("pk")[0].pk,
        "service_invitation": _asked_to_offer(cast, child, listed.pk), **_fostering(cast),
    }  # fmt: skip


def _asked_to_offer(cast: Cast, child: Child, service_id: int) -> int:
    given = PackageGiven(
        child_id=child.pk, kind_code="mentoring", needed_by=TODAY, answers=("Nights out.", "A mentor.")
    )
    row = actions.ask_for_package(by=cast.sadia, now=NOW, given=given).done()
    invite_services(
        by=cast.bola, now=NOW, package_id=row.pk, version=row.version, service_ids=[service_id], told="Nights out.",
        answer_by=TODAY,
    ).done()  # fmt: skip
    return row.invitations.get().pk


def _fostering(cast: Cast) -> dict[str, int]:
    seen = let_carer_in(
        by=cast.fern, now=NOW, household_id=cast.adams.pk, person_id=cast.abby.person_id
    ).done()
    say_when_free(by=cast.abby, now=NOW, is_free=True, starts_on=TODAY, words="Two weeks from today.").done()
    applicant = take_enquiry(
        by=cast.fern, now=NOW, names="A family", heard_by="An event", enquired_on=TODAY
    ).done()
    starts_at = NOW.replace(year=NOW.year + 50)
    turn = plan_duty(
        by=cast.moses, now=NOW, person_id=cast.sadia.person_id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=12),
        telephone="020 7946 0000",
    ).done()  # fmt: skip
    claim = MilesClaim.objects.create(
        authority=cast.croydon, household=cast.adams, contract=Contract.objects.filter(authority=cast.croydon)[0], on=TODAY,
        miles=12, words="To school.", claimed_by_id=cast.abby.person_id, claimed_at=NOW,
    )  # fmt: skip
    return {"applicant": applicant.pk, "turn": turn.pk, "carer_account": seen.pk, "miles_claim": claim.pk}
