"""In-house fostering through HTTP: from an enquiry to a household that is searched, its reviews, and leaving."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.register.carers.models import Household
from rightplace.register.carers.queries import options
from rightplace.register.fostering.models import Applicant
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
TODAY = make.LATER.date()
START = TODAY - timedelta(days=200)


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.LATER)


def enquired(cast: Cast, names: str) -> Applicant:
    page = Visitor(cast.fern).opens("/fostering/applicants/").follows("Take an enquiry")
    page.presses(
        "Keep the enquiry",
        names=names,
        heard_by="Word of mouth",
        postcode="CR0 1EA",
        **day("enquired_on", START),
    )
    return Applicant.objects.latest("pk")


def test_an_enquiry_becomes_a_household_that_searches_find_by_the_decision_of_another(cast: Cast) -> None:
    row, other = enquired(cast, "The Dune family"), enquired(cast, "The Reed family")
    steps = (
        ("Visited at home", 10),
        ("Application accepted", 30),
        ("Stage 1 is passed", 90),
        ("Send to the fostering panel", 190),
    )
    for label, days in steps:
        fern = Visitor(cast.fern).opens(f"/fostering/applicants/{row.pk}/").follows(label)
        fern.presses(label, words="As it should be.", **day("reached_on", START + timedelta(days=days)))
    Visitor(cast.fern).opens(f"/fostering/applicants/{row.pk}/").does_not_see("Approve with these terms")
    terms = {"places": "2", "min_age": "0", "max_age": "12", **day("starts_on", TODAY)}
    dev = Visitor(cast.dev).opens(f"/fostering/applicants/{row.pk}/").follows("Approve with these terms")
    dev.presses("Approve with these terms", expect=422, words="Agreed.", **{**terms, "places": "0"}).sees(
        "places"
    )
    dev.presses("Approve with these terms", words="The panel recommends them.", **terms).sees("Approved")
    household = Household.objects.get(carers="The Dune family")
    assert [one.places_free for one in options(cast.croydon.pk, TODAY, [household.pk])] == [2]
    Visitor(cast.fern).opens(f"/fostering/applicants/{other.pk}/close_applicant/").presses(
        "Close it", words="They withdrew."
    )
    figures = (
        Visitor(cast.fern).opens("/fostering/figures/").sees("Word of mouth", "50%", "Stage 2: assessment")
    )
    figures.opens("/fostering/applicants/").does_not_see("The Dune family", "The Reed family")


def test_a_review_moves_the_next_by_a_year_and_nobody_leaves_while_a_child_lives_there(cast: Cast) -> None:
    household = cast.adams
    url = f"/fostering/households/{household.pk}/"
    Visitor(cast.fern).opens("/fostering/reviews/").sees("Adams")
    page = Visitor(cast.fern).opens(url).follows("Record a review")
    page.presses("Record a review", expect=422, found=" ", is_suitable="yes", **day("held_on", TODAY))
    page.presses("Record a review", found="They do well.", is_suitable="yes", **day("held_on", TODAY)).sees(
        "They do well."
    )
    Visitor(cast.fern).opens(f"{url}training/").presses(
        "Record training", course="First aid", **day("done_on", TODAY)
    ).sees("First aid")
    Visitor(cast.fern).opens("/fostering/reviews/").sees(f"{TODAY.replace(year=TODAY.year + 1):%-d %b %Y}")
    Visitor(cast.fern).opens(f"{url}leave/").presses(
        "They stop fostering", reason="They move away.", **day("left_on", TODAY)
    )
    household.refresh_from_db()
    assert household.status == "left" and options(cast.croydon.pk, TODAY, [household.pk]) == []
    Visitor(cast.fern).opens("/fostering/figures/").sees("Left")
    Visitor(cast.simon).opens(url, expect=403)
