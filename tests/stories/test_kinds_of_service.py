"""What differs between kinds of service, by role through HTTP: steps, courts' days, plans, offers in the portal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.core.services.kinds import kind_problems
from rightplace.journey.invitations.models import ServiceInvitation
from rightplace.journey.packages.models import Milestone, Package
from rightplace.journey.pathways.models import Particular
from rightplace.register.children.models import Child
from rightplace.register.services.actions import ServiceGiven, list_service
from rightplace.register.services.queries import packaged_kinds
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
TODAY = make.LATER.date()


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.LATER)


def begun(cast: Cast, kind: str, parts: int, child: Child, checks: int = 0) -> Package:
    """A pathway of a child that nobody is paid for: asked for, and begun."""
    words = {f"part_{number}": "As in the plan." for number in range(parts)}
    sadia = Visitor(cast.sadia).opens(f"/packages/kinds/{kind}/")
    sadia.presses("Ask for it", child=str(child.pk), **words, **day("needed_by", TODAY))
    row = Package.objects.latest("pk")
    done = {f"check_{number}": "on" for number in range(checks)}
    Visitor(cast.sadia).opens(f"/packages/{row.pk}/start/").presses(
        "It has begun", **done, **day("starts_on", TODAY)
    )
    return row


def keeps(cast: Cast, row: Package, **entries: object) -> Visitor:
    page = Visitor(cast.sadia).opens(f"/packages/{row.pk}/known/")
    return page.presses("Keep this", **day("said_on", TODAY), **entries)


def test_every_packaged_kind_can_be_read() -> None:
    assert [(one.code, kind_problems(one)) for one in packaged_kinds() if kind_problems(one)] == []


def test_an_age_is_disputed_assessed_and_the_child_moves_on_the_transfer_scheme(cast: Cast) -> None:
    row = begun(cast, "unaccompanied_arrival", 2, cast.amber)
    keeps(cast, row, particular_0="Referred", particular_2="17", particular_4="Under way").sees(
        "Referred", "17"
    )
    keeps(cast, row, particular_0="Accepted", particular_1="Kent", particular_3="16", particular_4="A child")
    page = (
        Visitor(cast.cora)
        .opens("/service-figures/steps/")
        .sees("Referred", "Accepted", "Unaccompanied child")
    )
    due = Milestone.objects.get(package=row, words="Transfer referral")
    Visitor(cast.sadia).opens(f"/packages/due/{due.pk}/").presses(
        "Keep what was found", found_0="Sent.", **day("done_on", TODAY)
    )
    page.opens("/service-figures/").sees("Transfer referral", "100%")
    sadia = Visitor(cast.sadia).opens(f"/packages/{row.pk}/known/")
    sadia.presses("Keep this", expect=422, particular_0="Accepted", **day("said_on", TODAY)).sees(
        "Nothing of this is new"
    )
    assert Particular.objects.filter(package=row).count() == 7


def test_a_court_sets_a_day_and_temporary_approval_is_put_off_within_the_law(cast: Cast) -> None:
    row = begun(cast, "deprivation_of_liberty", 2, cast.amber)
    keeps(cast, row, **day("particular_0", TODAY + timedelta(days=30))).sees("Order ends")
    assert Milestone.objects.get(package=row, words="Order ends").due_on == TODAY + timedelta(days=30)
    held = begun(cast, "connected_person", 2, cast.amber, checks=2)
    due = Milestone.objects.get(package=held, words="Temporary approval ends")
    page = Visitor(cast.sadia).opens(f"/packages/{held.pk}/").follows("Put it off")
    late = day("due_on", due.due_on + timedelta(weeks=9))
    page.presses("Put it off", expect=422, reason="A check is still out.", **late).sees("at the latest")
    page.presses(
        "Put it off", reason="A check is still out.", **day("due_on", due.due_on + timedelta(weeks=8))
    )
    due.refresh_from_db()
    assert due.extensions.get().reason == "A check is still out." and due.reminded_on is None
    again = Visitor(cast.sadia).opens(f"/packages/due/{due.pk}/later/")
    again.presses("Put it off", expect=422, reason="More.", **day("due_on", due.due_on + timedelta(days=1)))


def test_a_plan_has_a_band_a_top_up_and_an_effect_of_fewer(cast: Cast) -> None:
    row = begun(cast, "ehc_plan", 2, cast.amber)
    keeps(cast, row, particular_1="Learning", particular_2="Mainstream", particular_3="3", particular_6="5200",
          particular_7="1040").sees("£5,200.00 a year", "£120.00")  # fmt: skip
    cora = Visitor(cast.cora).opens("/service-figures/plans/?fewer=100")
    cora.sees("£6,240", "Learning", "Band 3")


def test_a_providers_answer_in_the_portal_stands_beside_the_others_and_names_no_child(cast: Cast) -> None:
    sadia = Visitor(cast.sadia).opens("/packages/kinds/mentoring/")
    words = {"part_0": "Amber Fairweather stays out at night.", "part_1": "Her aunt is asked."}
    sadia.presses(
        "Ask for it", child=str(cast.amber.pk), units_needed="4", **words, **day("needed_by", TODAY)
    )
    row = Package.objects.latest("pk")
    service = list_service(
        by=cast.priya, now=make.LATER, given=ServiceGiven(name="Oak Mentors", kind_code="mentoring")
    ).done()
    bola = (
        Visitor(cast.bola)
        .opens(f"/packages/{row.pk}/")
        .follows("Ask services to offer")
        .does_not_see("Fairweather stays")
    )
    ask = {"services": str(service.pk), **day("answer_by", TODAY)}
    bola.presses("Ask them", expect=422, told="Amber stays out at night.", **ask).sees("names the child")
    bola.presses("Ask them", told="A girl stays out at night.", **ask).sees("Oak Mentors", "To be answered")
    sent = ServiceInvitation.objects.get()
    Visitor(cast.quinn).opens(f"/portal/service-invitations/{sent.pk}/", expect=404)
    priya = Visitor(cast.priya).opens("/portal/").sees("Services asked for")
    priya.opens(f"/portal/service-invitations/{sent.pk}/").sees("A girl stays out").does_not_see(
        "Amber", "Fairweather"
    )
    price = {"amount_pence": "45.00", "unit": "hour", "quantity": "4", **day("starts_on", TODAY)}
    priya.follows("Offer").presses("Offer", expect=422, **price).sees("has to be met")
    priya.presses("Offer", must_0="on", words="We can begin on Monday.", **price).sees("Your offer")
    Visitor(cast.sadia).opens(f"/packages/{row.pk}/side-by-side/").sees("Oak Mentors", "£4,680.00")
    Visitor(cast.sadia).opens(f"/packages/{row.pk}/choose/").presses(
        "Choose an offer", offer_id=str(row.offers.get().pk), reason="Near home."
    )
    assert ServiceInvitation.objects.get().state == "offered"
