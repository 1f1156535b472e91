"""Services in the tests' world: one that a provider lists, and a pathway of a child that runs with a milestone due."""

from __future__ import annotations

from rightplace.foundation.access.actor import Actor
from rightplace.journey.packages import actions, running
from rightplace.journey.packages.actions import PackageGiven
from rightplace.register.children.models import Child
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
    return {"entry": listed.pk, "package": row.pk, "due": row.milestones.order_by("pk")[0].pk}
