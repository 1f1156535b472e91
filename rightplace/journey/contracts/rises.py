"""Questions about dearer variations: which wait for permission, one with its costs, and who could permit it."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import RisePermission
from rightplace.journey.contracts.permitting import asked_of
from rightplace.journey.contracts.queries import changed_lines
from rightplace.journey.contracts.standing import is_ruling
from rightplace.journey.decisions.limits import standing_limits
from rightplace.journey.decisions.queries import PossibleApprover, possible_approvers


def rises(actor: Actor) -> QuerySet[RisePermission]:
    """Every permission for a dearer variation of the actor's authority, the newest first."""
    own = RisePermission.objects.filter(authority_id=actor.authority_id)
    rows = without_hidden(actor, own, "contract_version__contract__child_id")
    return rows.select_related(
        "contract_version__contract__provider",
        "contract_version__contract__authority",
        "asked_by",
        "decided_by",
    ).order_by("-asked_at", "-id")


def rises_waiting(actor: Actor, *, on: date) -> QuerySet[RisePermission]:
    """What this actor could decide on: within their limit or as the panel's chair, not their own; the oldest first."""
    rows = rises(actor).filter(state="asked").order_by("asked_at", "id")
    standing = standing_limits(actor.authority_id or 0, on)
    mine = [row.pk for row in rows if standing.entitlement(actor, asked_of(row))[0] is not None]
    return rows.filter(pk__in=mine)


def rise_page(actor: Actor, rise_id: int, now: datetime) -> RisePermission | None:
    """One permission for a dearer variation with its costs; opening it is a look into the child's file."""
    row = rises(actor).filter(pk=rise_id).first()
    if row is not None and (child_id := row.contract_version.contract.child_id) is not None:
        reference = row.contract_version.contract.reference
        look(
            by=actor,
            now=now,
            child_id=child_id,
            words=f"Opened the permission for a variation of {reference}",
        )
    return row


def lines_before_and_after(row: RisePermission) -> tuple[tuple[str, str, str], ...]:
    """The price lines of a variation beside those it would take the place of."""
    version = row.contract_version
    ruling = [one for one in version.contract.versions.order_by("number") if is_ruling(one)]
    before = [one for one in ruling if one.number < version.number]
    return changed_lines(before[-1], version) if before else ()


def who_may_permit(row: RisePermission, *, on: date) -> list[PossibleApprover]:
    """Everyone with a role that approves, whether they may permit this variation, and if not why not."""
    return possible_approvers(asked_of(row), on=on)
