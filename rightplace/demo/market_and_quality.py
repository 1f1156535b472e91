"""What the consortium does together beside buying: a forum of concerns, evidence that ends, a place that a court ordered."""

from __future__ import annotations

from datetime import timedelta

from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.journey.court_orders import actions as court_orders
from rightplace.journey.court_orders.actions import OrderGiven
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.concerns import forums
from rightplace.register.concerns.models import Concern

DAY = timedelta(days=1)


def meet_and_order(office: Office) -> None:
    """A forum planned with one concern agreed on, and a court's order that waits for the director."""
    by = office.who(roles.COMMISSIONER)
    concern = Concern.objects.filter(authority_id=office.authority_id).exclude(state="lifted").order_by("-grade", "pk").first()
    # The first authority plans it for all; a second one on that day is refused.
    planned = forums.plan_forum(by=by, now=office.now, held_on=office.today + 5 * DAY, place="By video").value
    if planned is not None and concern is not None:
        forums.agree_in_forum(
            by=by, now=office.now, forum_id=planned.pk, version=planned.version, concern_id=concern.pk,
            words="One visit for all members, by the authority that raised it.", owner_id=office.authority_id,
            due_on=planned.held_on + 14 * DAY,
        ).done()  # fmt: skip
    _ordered(office)


def _ordered(office: Office) -> None:
    request = PlacementRequest.objects.filter(authority_id=office.authority_id, state="searching").order_by("pk").first()
    if request is None:
        return
    given = OrderGiven(
        place="A rented house, two staff at all times", urn="", court="High Court, Family Division", order_number="FD26-0417",
        ordered_on=office.today, ends_on=office.today + 21 * DAY,
        why="All homes within 60 miles were asked; none could keep the child safe tonight.",
    )  # fmt: skip
    by = office.who(roles.TEAM_MANAGER)
    court_orders.ask_for_court_place(by=by, now=office.now, request_id=request.pk, given=given).done()
