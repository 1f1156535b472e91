"""Buying whole, by role through HTTP: a provider joins a dynamic market, wins a further competition, takes a child, asks for
an uplift that its lead authority agrees for all; the contract and the history of prices follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rightplace.exchange.ocds.structure import package_faults, release_faults
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import check_chains
from rightplace.register.buying.models import Answered, Application, Evidence, Tender, UpliftRequest
from rightplace.register.frameworks.models import Lot, LotMember
from rightplace.register.prices.models import AgreedPrice
from tests import files, make
from tests.cast import Cast, person
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
START = make.LATER + timedelta(days=1)
CLOSES = START.date() + timedelta(days=10)
AFTER = START + timedelta(days=20)
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what time it is for the whole product."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def test_a_provider_joins_a_market_wins_takes_a_child_and_asks_for_an_uplift(
    cast: Cast, clock: Clock
) -> None:
    seth = person("Seth Boateng", roles.COMMISSIONER, authority=cast.sutton)
    # The child is there already: made by the walk of other tests, as that story is told elsewhere.
    contract = make.contract_in_force(cast, home=cast.harbour_agency)
    clock(START)
    lot = market_made(cast)
    joined(cast, lot)
    tender = competition_opened(cast, seth, lot)
    answered(cast, tender)
    clock(AFTER)
    judged(cast, seth, tender)
    published(cast, tender)
    before = AgreedPrice.objects.get(contract_number=contract.pk)
    uplift_asked(cast)
    uplift_agreed(cast)
    make.variation_permitted(cast, contract)
    for who in (cast.bola, cast.quinn):
        make.contract_signed_by(who, contract, now=AFTER)
    first, second = AgreedPrice.objects.filter(contract_number=contract.pk).order_by("starts_on")
    assert (first.weekly_pence, first.ends_on) == (before.weekly_pence, second.starts_on)
    # Each line is raised and rounded to the penny, and an hour is paid six times a week.
    assert abs(second.weekly_pence - before.weekly_pence * 1.03) < 6
    Visitor(cast.cora).opens("/commissioning/prices/").sees(
        "Harbour Fostering", f"£{second.weekly_pence / 100:,.2f}"
    )
    assert check_chains().is_whole


def market_made(cast: Cast) -> Lot:
    cora = Visitor(cast.cora).opens("/commissioning/frameworks/new/")
    cora.presses(
        "Make it", name="Fostering market", route="dynamic_market", kinds=["foster"], **day("starts_on", START.date()),
        **day("ends_on", START.date() + timedelta(days=1400)),
    )  # fmt: skip
    lot = Lot.objects.get(framework__name="Fostering market")
    cora.follows("Fostering market").sees("Takes applications").follows("Ask for evidence")
    cora.presses("Ask for it", kind="public_liability", least_cover_pence="5,000,000").sees("£5,000,000")
    cora.follows("Set a ceiling").presses(
        "Set it", band="core", weekly_pence="900", **day("starts_on", START.date())
    )
    cora.sees("£900.00")
    return lot


def joined(cast: Cast, lot: Lot) -> None:
    quinn = Visitor(cast.quinn).opens("/portal/markets/").follows(lot.name)
    quinn.presses("Send the application", expect=422, statement="We foster.", price_core="900.01").sees(
        "the ceiling of this lot is £900.00"
    )
    quinn.presses("Send the application", statement="We foster.", price_core="880").sees("Not given")
    quinn.follows("Public liability insurance").presses(
        "Keep", reference="PL-7", cover_pence="5,000,000", **day("starts_on", date(2026, 1, 1)),
        **day("expires_on", date(2027, 12, 31)), files={"file": SimpleUploadedFile("cover.pdf", files.PDF)},
    )  # fmt: skip
    row = Application.objects.get()
    cora = Visitor(cast.cora).opens(f"/commissioning/applications/{row.pk}/").presses("Begin the evaluation")
    cora.follows("Admit").presses("Admit", expect=422).sees("not looked at yet")
    cora.opens(f"/commissioning/evidence/{Evidence.objects.get().pk}/").presses("Keep", is_good="yes")
    cora.opens(f"/commissioning/applications/{row.pk}/").follows("Admit").presses("Admit").sees("Admitted")
    assert LotMember.objects.filter(lot=lot, provider=cast.harbour, ends_on=None).exists()
    Visitor(cast.quinn).opens("/portal/markets/").sees("On it")


def competition_opened(cast: Cast, seth: Actor, lot: Lot) -> Tender:
    cora = Visitor(cast.cora).opens("/commissioning/tenders/new/").presses(
        "Make it", title="Carers for teenagers", route="further_competition", lot=lot.pk, places=2, **day("closes_on", CLOSES),
        **day("starts_on", date(2027, 3, 1)), **day("ends_on", date(2028, 3, 1)),
    )  # fmt: skip
    cora.follows("Add a criterion").presses("Add", name="Care", weight=70, least=2)
    cora.follows("Add a criterion").presses("Add", name="Whole cost", weight=30, is_cost="on", least=0)
    for who in (cast.cora, seth):
        cora.follows("Name an evaluator").presses("Name them", user=who.person_id)
    cora.presses("Open it").sees("Open")
    return Tender.objects.get()


def answered(cast: Cast, tender: Tender) -> None:
    Visitor(cast.priya).opens("/portal/tenders/").does_not_see("Carers for teenagers")
    quinn = Visitor(cast.quinn).opens("/portal/tenders/").follows("Carers for teenagers").presses("Answer it")
    care = tender.criteria.get(is_cost=False)
    quinn.follows("Write it").presses(
        "Keep", **{f"words_{care.pk}": "With a mentor each."}, weekly_pence="870"
    )
    quinn.presses("Submit").sees("Submitted")
    Visitor(cast.cora).opens(f"/commissioning/tenders/{tender.pk}/").sees("1 tender submitted").does_not_see(
        "mentor", "£870"
    )


def judged(cast: Cast, seth: Actor, tender: Tender) -> None:
    here, row = f"/commissioning/tenders/{tender.pk}/", Answered.objects.get()
    care = tender.criteria.get(is_cost=False)
    cora = Visitor(cast.cora).opens(here).presses("Open what was tendered")
    for who, points in ((seth, 3), (cast.cora, 4)):
        visitor = Visitor(who).opens(here).follows("Harbour Fostering").sees("With a mentor each.")
        visitor.presses(
            "Keep my scores", **{f"points_{care.pk}": points, f"words_{care.pk}": f"Reason of {who.name}"}
        )
        visitor.does_not_see(f"Reason of {seth.name}").presses("I have finished")
    cora.opens(here).presses("Begin the moderation").follows("Moderate").sees(f"Reason of {seth.name}")
    cora.presses("Keep the points", points=4, reason="The mentor is named.")
    cora.follows("Award").presses(
        "Award and tell everyone", **{f"feedback_{row.pk}": "Strong on mentors."}
    ).sees("Awarded")
    Visitor(cast.quinn).opens(f"/portal/tendered/{row.pk}/").sees(
        "Awarded to you", "Strong on mentors.", "86.0 points of 100"
    )


def published(cast: Cast, tender: Tender) -> None:
    cora = Visitor(cast.cora).opens(f"/commissioning/tenders/{tender.pk}/")
    cora.presses("Publish the award notice").presses("Publish the contract details notice")
    package = cora.client.get("/commissioning/releases/package/").json()
    assert package_faults(package) == []
    assert [release_faults(one, is_own=True) for one in package["releases"]] == [[], []]
    assert package["releases"][1]["contracts"][0]["value"]["currency"] == "GBP"


def uplift_asked(cast: Cast) -> None:
    begins = AFTER.date() + timedelta(days=20)
    quinn = Visitor(cast.quinn).opens("/portal/uplifts/").follows("Ask for an uplift")
    quinn.presses("Ask", percent="5", reason="Carers’ allowances rise.", **day("from_on", begins)).sees(
        "Asked"
    )


def uplift_agreed(cast: Cast) -> None:
    row = UpliftRequest.objects.get()
    here = f"/commissioning/uplifts/{row.pk}/"
    cora = Visitor(cast.cora).opens(here).sees("No authority leads for this provider")
    cora.opens("/commissioning/leads/new/").presses(
        "Keep it", provider="Harbour Fostering", lead=cast.croydon.pk
    )
    # Whoever leads from now on: the request that waits follows.
    cora.opens(here).follows("Answer").presses("Send the answer", words="Would three do?", percent="3")
    Visitor(cast.quinn).opens(f"/portal/uplifts/{row.pk}/").sees("Would three do?").follows("Answer").presses(
        "Send the answer", words="Three, then.", percent="3"
    )
    cora.opens(here).follows("Agree").presses("Agree", percent="3", reason="As allowances rose.").sees(
        "Agreed", "3%"
    )
    assert row.base_prices == 1
