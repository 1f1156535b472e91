"""Kinds of service by role through HTTP: each by the same pages, and what differs by the terms of its kind alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.foundation.notices.models import Notice
from rightplace.journey.packages.models import Milestone, Package
from rightplace.journey.packages.running import remind_of_milestones
from rightplace.register.services.actions import ServiceGiven, list_service
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


def asked(cast: Cast, kind: str, parts: int, **entries: object) -> Package:
    """Sadia asks for a service of a kind for Amber, who is 14."""
    words = {f"part_{number}": "As in the plan." for number in range(parts)}
    sadia = Visitor(cast.sadia).opens(f"/packages/kinds/{kind}/")
    sadia.presses("Ask for it", child=str(cast.amber.pk), **words, **day("needed_by", TODAY), **entries)
    return Package.objects.latest("pk")


def offered(cast: Cast, row: Package, pence: int, unit: str, musts: int, *, is_in_area: bool = True) -> None:
    """Bola records an offer that meets every must; Sadia chooses it."""
    given = ServiceGiven(name=f"Place for {row.reference}", kind_code=row.kind_code, is_in_area=is_in_area)
    service = list_service(by=cast.bola, now=make.LATER, given=given).done()
    met = {f"must_{number}": "on" for number in range(musts)}
    bola = Visitor(cast.bola).opens(f"/packages/{row.pk}/offer/")
    bola.presses("Record an offer", service=str(service.pk), amount_pence=f"{pence / 100:.2f}", unit=unit, quantity="1",
                 **day("starts_on", TODAY), **met)  # fmt: skip
    sadia = Visitor(cast.sadia).opens(f"/packages/{row.pk}/choose/")
    sadia.presses("Choose an offer", offer_id=str(row.offers.get().pk), reason="It meets the plan.")


def test_an_unaccompanied_child_is_on_the_transfer_clock_and_the_quota_is_seen(cast: Cast) -> None:
    row = asked(cast, "unaccompanied_arrival", 2)
    sadia = Visitor(cast.sadia).opens(f"/packages/{row.pk}/").does_not_see("Record an offer")
    sadia.follows("It has begun").presses("It has begun", **day("starts_on", TODAY))
    due = dict(row.milestones.values_list("words", "due_on"))
    assert due["Transfer"] == date(2026, 11, 19) and len(due) == 3
    late = make.LATER + timedelta(days=60)
    assert remind_of_milestones(late) == 3 and remind_of_milestones(late) == 0
    assert Notice.objects.filter(user_id=cast.sadia.user_id, words="Late: transfer").exists()
    cora = Visitor(cast.cora).opens("/transfer-scheme/").follows("Enter a published number")
    entries = {
        "gss_code": "E09000008",
        "number": "228",
        "source": "Cabinet paper of January 2021",
        **day("as_at", TODAY),
    }
    cora.presses("Keep the number", expect=422, **{**entries, "source": ""}).sees(
        "Enter where it was published"
    )
    cora.presses("Keep the number", **entries).sees("Croydon", "228", "over", "0.10%")


def test_a_school_place_goes_to_the_panel_and_is_counted_by_area_with_its_average(cast: Cast) -> None:
    for pence, is_in_area in ((30_000, True), (60_000, False)):
        row = asked(cast, "send_day", 2)
        offered(cast, row, pence, "week", 2, is_in_area=is_in_area)
        moses = Visitor(cast.moses).opens(f"/packages/{row.pk}/permit/")
        moses.presses("Give permission", expect=422, words="Yes.").sees("at the panel")
        Visitor(cast.pearl).opens(f"/packages/{row.pk}/permit/").presses(
            "Give permission", words="Agreed at panel."
        )
        bola = Visitor(cast.bola).opens(f"/packages/{row.pk}/start/")
        bola.presses("It has begun", check_0="on", **day("starts_on", TODAY)).sees(
            "Annual review", "Preparing for adulthood"
        )
    cora = (
        Visitor(cast.cora)
        .opens("/packages/school-places/")
        .sees("In the area", "Outside", "£15,600", "£31,200", "£46,800")
    )
    paths = f"/packages/{row.pk}/known/"
    Visitor(cast.bola).opens(paths).presses(
        "Keep this", particular_5="5200", particular_6="10400", **day("said_on", TODAY)
    )
    cora.opens("/packages/school-places/").sees(
        "£31,200", "£5,200", "£10,400", "£26,000", "£41,600", "£20,800"
    )
    cora.opens("/service-kinds/?q=school").sees("School place, special educational needs", "£900.00")


def test_support_at_the_edge_of_care_is_followed_up_at_3_6_and_12_months(cast: Cast) -> None:
    row = asked(cast, "family_support", 2, units_needed="4")
    offered(cast, row, 4_000, "hour", 1)
    Visitor(cast.moses).opens(f"/packages/{row.pk}/permit/").presses("Give permission", words="Yes.")
    Visitor(cast.bola).opens(f"/packages/{row.pk}/start/").presses("It has begun", **day("starts_on", TODAY))
    Visitor(cast.sadia).opens("/packages/due/").sees("Step up or down", "Less than is needed")
    sadia = Visitor(cast.sadia).opens(f"/packages/{row.pk}/end/")
    sadia.presses("It has ended", expect=422, words=" ", **day("ended_on", TODAY)).sees("How did it end")
    sadia.presses("It has ended", words="The family manages.", **day("ended_on", TODAY)).does_not_see(
        "Step up or down"
    )
    due = Milestone.objects.filter(package=row, done_on=None).values_list("words", "due_on")
    assert [on for _, on in due] == [date(2027, 2, 5), date(2027, 5, 5), date(2027, 11, 5)]
    first = Milestone.objects.filter(package=row)[0]
    sadia.opens(f"/packages/due/{first.pk}/").presses("Keep what was found", found_0="Still at home.").sees(
        "Still at home."
    )


def test_a_home_for_a_child_is_asked_for_as_a_placement_and_a_care_leaver_is_no_child(cast: Cast) -> None:
    words = {"part_0": "Cooks.", "part_1": "Ten.", "child": str(cast.amber.pk), **day("needed_by", TODAY)}
    sadia = Visitor(cast.sadia).opens("/packages/kinds/secure_welfare/")
    sadia.presses("Ask for it", expect=422, **words).sees("by a placement request")
    sadia.opens("/packages/kinds/housing_pathway/").presses("Ask for it", expect=422, **words).sees(
        "is for ages 18 to 25"
    )
    assert not Package.objects.exists()


def test_a_provider_keeps_its_own_services_true(cast: Cast) -> None:
    priya = Visitor(cast.priya).opens("/portal/services/").follows("Add a service")
    priya.presses("Add the service", name="Oakhouse Mentors", kind_code="mentoring", places="3").sees(
        "Oakhouse Mentors"
    )
    priya.follows("Is it still true?").presses("Keep this", places="1").sees("Oakhouse Mentors")
    found = (
        Visitor(cast.cora)
        .opens("/service-directory/?kind=mentoring")
        .sees("Oakhouse Mentors", "Oakhouse Care Ltd")
    )
    key = found.page.links["Oakhouse Mentors"].strip("/").rsplit("/", 1)[-1]
    Visitor(cast.quinn).opens(f"/portal/services/{key}/", expect=404).opens("/portal/services/").does_not_see(
        "Oakhouse Mentors"
    )
    priya.opens(f"/portal/services/{key}/confirm/").presses("Keep this", is_open="no").sees("Closed")
    found.opens("/service-directory/").does_not_see("Oakhouse Mentors")
