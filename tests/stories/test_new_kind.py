"""A kind of service from a page: a commissioner adds “therapeutic wilderness programme”, and it is brokered the same minute."""

from __future__ import annotations

from datetime import date

import pytest

from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.packages import queries
from rightplace.journey.packages.models import Milestone, Package, PackagePrice
from rightplace.register.services.models import Service
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
NAME = "Therapeutic wilderness programme"
CODE = "therapeutic_wilderness_programme"


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.LATER)
    return make.LATER.date()


def test_a_commissioner_adds_a_kind_and_it_is_brokered_the_same_minute(cast: Cast, today: date) -> None:
    before = {
        one.terms.code: (one.asked, one.running, one.weekly_pence)
        for one in queries.figures_by_kind(cast.cora, today)
    }
    kind_added(cast, today)
    service_listed(cast)
    row = asked_for(cast, today)
    offered_and_chosen(cast, row, today)
    permitted(cast, row)
    reviewed_and_changed(cast, row, today)
    after = {
        one.terms.code: (one.asked, one.running, one.weekly_pence)
        for one in queries.figures_by_kind(cast.cora, today)
    }
    assert after.pop(CODE) == (0, 1, 40_000)
    assert after == before
    assert check_chains().is_whole


def kind_added(cast: Cast, today: date) -> None:
    """From the page, with everything that differs; a milestone that cannot be read comes back with an example."""
    entries = {
        "name": NAME, "group": "Edge of care", "min_age": "11", "max_age": "17", "price_units": "session",
        "form_parts": "What draws the child outdoors?\nWhat frightens them there?", "musts": "A mountain leader with each group",
        "checks": "Medical form signed", "clocks": "Review: 4 weeks after start, again\nFollow-up: 3 months after end",
        "questions": "What changed?", **day("starts_on", today),
    }  # fmt: skip
    cora = Visitor(cast.cora).opens("/service-kinds/").follows("Add a kind")
    cora.presses("Add the kind", expect=422, **{**entries, "clocks": "Review soon"}).sees("is no milestone")
    cora.presses("Add the kind", **entries).sees(NAME, "What draws the child outdoors?", "a session")
    cora.opens("/service-kinds/new/").presses("Add the kind", expect=422, **entries).sees(
        "There is a kind of this name"
    )
    Visitor(cast.brenda).opens(f"/service-kinds/{CODE}/", expect=404)


def service_listed(cast: Cast) -> None:
    """In the directory, and found by need and distance."""
    cora = Visitor(cast.cora).opens("/service-directory/").follows("Add a service")
    cora.presses(
        "Add the service", name="North Downs Wild", kind_code=CODE, needs="self harm, exclusion", min_age="10", max_age="17",
        postcode="CR0 1AA", places="6",
    )  # fmt: skip
    near = cora.opens("/service-directory/?q=exclusion&near=SM1+1AA&miles=12").sees("North Downs Wild", NAME)
    near.opens("/service-directory/?q=exclusion&near=SM1+1AA&miles=1").does_not_see("North Downs Wild")
    cora.opens("/service-directory/open-referral.json")
    shown = cora.response
    assert shown is not None and shown.json()["content"][0]["name"] == "North Downs Wild"


def asked_for(cast: Cast, today: date) -> Package:
    """Its own questions, its own ages."""
    entries = {
        "units_needed": "2",
        "likely_weeks": "12",
        "part_0": "Climbing.",
        "part_1": "The dark.",
        **day("needed_by", today),
    }
    sadia = (
        Visitor(cast.sadia)
        .opens("/packages/")
        .follows("Ask for a service")
        .follows(NAME)
        .sees("What frightens them there?")
    )
    sadia.presses("Ask for it", expect=422, child=str(cast.kiran.pk), **entries).sees("is for ages 11 to 17")
    sadia.presses("Ask for it", child=str(cast.amber.pk), **entries).sees(
        "Climbing.", "Looking for a service"
    )
    Visitor(cast.bola).opens("/notices/").sees(f"{NAME} is asked for")
    row = Package.objects.get()
    Visitor(cast.brenda).opens(f"/packages/{row.pk}/", expect=404)
    return row


def offered_and_chosen(cast: Cast, row: Package, today: date) -> None:
    """Only an offer that meets every must; the broker looks, the social worker chooses."""
    bola = Visitor(cast.bola).opens(f"/packages/{row.pk}/").follows("Record an offer")
    entries = {
        "service": str(Service.objects.get().pk),
        "amount_pence": "250",
        "quantity": "2",
        **day("starts_on", today),
    }
    bola.presses("Record an offer", expect=422, **entries).sees("This has to be met: a mountain leader")
    bola.presses("Record an offer", **entries, must_0="on").sees("North Downs Wild", "£250.00 a session")
    sadia = Visitor(cast.sadia).opens(f"/packages/{row.pk}/").follows("Choose an offer")
    sadia.presses("Choose an offer", offer_id=str(row.offers.get().pk), reason="She loves hills.").sees(
        "Waits for permission"
    )
    sadia.does_not_see("Give permission")


def permitted(cast: Cast, row: Package) -> None:
    """Within the manager's limit: 12 weeks of £500."""
    moses = Visitor(cast.moses).opens(f"/packages/{row.pk}/").follows("Give permission")
    moses.presses("Give permission", words="Worth it.").sees("Agreed, not begun", "Worth it.")


def reviewed_and_changed(cast: Cast, row: Package, today: date) -> None:
    """It begins once checked, is reviewed by its own question, due again, and costs less by an agreed change."""
    bola = Visitor(cast.bola).opens(f"/packages/{row.pk}/").follows("It has begun")
    bola.presses("It has begun", expect=422, **day("starts_on", today)).sees(
        "Not done yet: medical form signed"
    )
    bola.presses("It has begun", check_0="on", **day("starts_on", today)).sees("Running", "Review")
    sadia = (
        Visitor(cast.sadia)
        .opens("/packages/due/")
        .sees("Review", "As needed")
        .follows("Review")
        .follows("Review")
    )
    sadia.presses("Keep what was found", found_0="She sleeps at night.", units_needed="1.6").sees(
        "What changed? She sleeps"
    )
    again = Milestone.objects.get(done_on=None)
    assert (again.words, again.due_on) == ("Review", date(2026, 12, 3))
    bola.opens("/packages/due/").sees("More than is needed")
    PackagePrice.objects.filter(package=row).update(starts_on=date(2026, 10, 1))
    bola.opens(f"/packages/{row.pk}/").follows("Record an agreed change")
    bola.presses("Record an agreed change", amount_pence="250", quantity="1.6", reason="Reviewed: less is enough.",
                 **day("starts_on", today))  # fmt: skip
    bola.sees("£400.00", "less is enough")
    bola.opens("/packages/").sees("Agreed changes take £100.00 off a week.")
