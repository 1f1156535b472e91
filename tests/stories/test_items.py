"""A care package of several items, through HTTP: typed, permitted at their sum, due by their days, changed and carried on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.contracts.models import ContractLine
from rightplace.journey.invitations.actions import invite_services
from rightplace.journey.packages import queries, running
from rightplace.journey.packages.models import Milestone, Package, PriceItem
from rightplace.journey.payments.deliveries import record_delivery
from rightplace.journey.payments.models import ScheduleLine
from rightplace.oversight.services.needs import needs_against
from rightplace.register.services.actions import ServiceGiven, list_service
from rightplace.register.services.queries import kind_on
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
TODAY = make.LATER.date()
FIFTH_WEEK = TODAY + timedelta(weeks=4)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.LATER)


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def row(place: int, words: str, pounds: str, unit: str, many: str = "", **days: date) -> dict[str, str]:
    named = {"words": words, "amount_pence": pounds, "unit": unit, "quantity": many}
    dated = {
        key: value for name, on in days.items() for key, value in day(f"items-{place}-{name}", on).items()
    }
    return {f"items-{place}-{name}": value for name, value in named.items()} | dated


OVERNIGHT = row(0, "Overnight once a month", "310", "month", starts_on=FIFTH_WEEK)
MILES = row(1, "Miles to the centre", "0.45", "mile", "40")
SHORT = row(2, "Hours while Mum recovers", "24", "hour", "5", ends_on=FIFTH_WEEK)


def asked(cast: Cast) -> Package:
    kind = kind_on(cast.croydon.pk, "care_package", TODAY)
    assert kind is not None
    parts = {f"part_{number}": "As in the plan." for number in range(len(kind.form_parts))}
    Visitor(cast.sadia).opens("/packages/kinds/care_package/").presses(
        "Ask for it", child=str(cast.amber.pk), likely_weeks="12", units_needed="10", **parts, **day("needed_by", TODAY)
    )  # fmt: skip
    return Package.objects.get()


def offered(cast: Cast, of: Package, **rows: str) -> Visitor:
    service = list_service(
        by=cast.priya, now=make.LATER, given=ServiceGiven(name="Oak Days", kind_code="care_package")
    ).done()
    bola = Visitor(cast.bola).opens(f"/packages/{of.pk}/offer/")
    for _ in range(2):
        bola.presses("Add another item")
    priced = {
        "service": str(service.pk),
        "amount_pence": "22.50",
        "unit": "hour",
        "quantity": "10",
        "must_0": "on",
    }
    return bola.presses(PACKAGE_OFFER, **priced, **day("starts_on", TODAY), **rows)


PACKAGE_OFFER = "Record an offer"


def agreed(cast: Cast) -> Package:
    of = asked(cast)
    offered(cast, of, **OVERNIGHT, **MILES, **SHORT)
    sadia = (
        Visitor(cast.sadia)
        .opens(f"/packages/{of.pk}/")
        .sees("Overnight once a month: £310.00 a month, from", "£363.00")
    )
    sadia.sees("£3,966.72")
    permitted(cast, of)
    return running.start_package(
        by=cast.bola,
        now=make.LATER,
        package_id=of.pk,
        version=of.version,
        starts_on=TODAY,
        checked=(True,) * 9,
    ).done()


def permitted(cast: Cast, of: Package) -> None:
    Visitor(cast.sadia).opens(f"/packages/{of.pk}/choose/").presses(
        "Choose an offer", offer_id=str(of.offers.get().pk), reason="It fits."
    )
    Visitor(cast.moses).opens(f"/packages/{of.pk}/permit/").presses("Give permission", words="Yes.")
    of.refresh_from_db()


def test_every_item_is_agreed_due_for_its_own_days_and_counted_in_the_week(cast: Cast) -> None:
    of = agreed(cast)
    page = Visitor(cast.bola).opens(f"/packages/{of.pk}/")
    page.sees(
        "Overnight once a month", "Miles to the centre", "Whole as agreed", "£3,966.72", "over 12 weeks"
    )
    lines = ContractLine.objects.filter(contract_version__contract__package=of).order_by("id")
    assert [(one.unit, one.starts_on, one.ends_on) for one in lines] == [
        ("hour", None, None), ("month", FIFTH_WEEK, None), ("mile", None, None), ("hour", None, FIFTH_WEEK),
    ]  # fmt: skip
    due = ScheduleLine.objects.filter(contract__package=of, state="due")
    hours = sum(one.pence for one in due if one.contract_line_id in {lines[0].pk, lines[3].pk})
    assert hours == 12 * 22_500 + 4 * 12_000
    monthly = [one for one in due if one.contract_line_id == lines[1].pk]
    assert monthly and min(one.period.lower for one in monthly) == FIFTH_WEEK
    weekly = {on: queries.packages(cast.bola, on=on).get().weekly for on in (TODAY, FIFTH_WEEK)}
    assert weekly == {TODAY: 36_300, FIFTH_WEEK: 31_434}
    assert check_chains().is_whole


def test_a_change_carries_on_what_is_not_taken_out_and_dearer_needs_permission(cast: Cast) -> None:
    of = agreed(cast)
    change = Visitor(cast.bola).opens(f"/packages/{of.pk}/change/")
    later = day("starts_on", TODAY + timedelta(weeks=1))
    dearer = change.presses(
        CHANGE, expect=422, reason="A second night.", **later, **{"items-0-amount_pence": "620"}
    )
    dearer.sees("Somebody who may permit it records it")
    change = Visitor(cast.bola).opens(f"/packages/{of.pk}/change/")
    change.presses(CHANGE, reason="Fewer miles.", **later, **{"items-1-quantity": "20"})
    assert [one.quantity for one in PriceItem.objects.filter(words="Miles to the centre")] == [40, 20]
    assert queries.saved_weekly(cast.bola, TODAY) == 0
    latest = ContractLine.objects.filter(contract_version__contract__package=of, contract_version__number=2)
    assert latest.count() == 4


CHANGE = "Record an agreed change"


def test_a_provider_prices_each_item_and_the_contract_has_a_line_of_each(cast: Cast) -> None:
    of = asked(cast)
    service = list_service(
        by=cast.priya, now=make.LATER, given=ServiceGiven(name="Oak Days", kind_code="care_package")
    ).done()
    asked_to = {"service_ids": [service.pk], "told": "Ten hours a week.", "answer_by": FIFTH_WEEK}
    invite_services(by=cast.bola, now=make.LATER, package_id=of.pk, version=of.version, **asked_to).done()
    sent = of.invitations.get()
    priya = Visitor(cast.priya).opens(f"/portal/service-invitations/{sent.pk}/offer/")
    for _ in range(2):
        priya.presses("Add another item")
    main = {"amount_pence": "22.50", "unit": "hour", "quantity": "10", "must_0": "on"}
    bad = {**OVERNIGHT, **row(1, "", "0.45", "mile", "40"), **SHORT}
    priya.presses("Offer", expect=422, **main, **day("starts_on", TODAY), **bad).sees("There is a problem")
    priya.presses("Offer", **{"items-1-words": "Miles to the centre"}).sees(
        "Overnight once a month: £310.00 a month, from", "£363.00", "£3,966.72"
    )
    bola = Visitor(cast.bola).opens(f"/packages/{of.pk}/")
    bola.sees("Overnight once a month: £310.00 a month, from", "£363.00", "£3,966.72")
    permitted(cast, of)
    lines = ContractLine.objects.filter(contract_version__contract__package=of)
    assert sorted(lines.values_list("unit", flat=True)) == ["hour", "hour", "mile", "month"]
    assert Visitor(cast.quinn).opens(f"/portal/service-invitations/{sent.pk}/", expect=404)


def test_a_row_that_cannot_be_read_comes_back_at_its_entry(cast: Cast) -> None:
    of = asked(cast)
    bad = {**row(0, "Nights", "310", "night", "1", ends_on=TODAY), **row(1, "", "5", "mile", "2")}
    service = list_service(
        by=cast.priya, now=make.LATER, given=ServiceGiven(name="Oak Days", kind_code="care_package")
    ).done()
    bola = Visitor(cast.bola).opens(f"/packages/{of.pk}/offer/").presses("Add another item")
    priced = {
        "service": str(service.pk),
        "amount_pence": "22.50",
        "unit": "hour",
        "quantity": "10",
        "must_0": "on",
    }
    bola.presses(PACKAGE_OFFER, expect=422, **priced, **day("starts_on", TODAY), **bad).sees(
        "There is a problem"
    )
    fixed = {"items-1-words": "Miles"}
    bola.presses(PACKAGE_OFFER, expect=422, **fixed).sees("Enter a day after its first")
    assert not of.offers.exists()


def test_a_review_says_what_is_needed_of_each_item_and_the_difference_is_money(cast: Cast) -> None:
    of = agreed(cast)
    review = Milestone.objects.filter(package=of, is_again=True).first()
    assert review is not None
    sadia = Visitor(cast.sadia).opens(f"/packages/due/{review.pk}/")
    sadia.sees("Miles to the centre: how many are needed now?")
    found = dict.fromkeys(("found_0", "found_1", "found_2"), "As in the report.")
    sadia.presses(
        "Keep what was found", units_needed="8", need_1="60", need_2="5", **found, **day("done_on", TODAY)
    )
    page = (
        Visitor(cast.bola)
        .opens(f"/packages/{of.pk}/")
        .sees("Need and provision", "More than is needed", "£45.00 a week")
    )
    page.sees("Less than is needed", "£9.00 a week", "As needed")
    due = Visitor(cast.bola).opens("/packages/due/").sees("More of some, less of other", "£45.00", "£9.00")
    assert due.response is not None
    assert [one.quantity for one in of.item_needs.all()] == [60, 5]


def test_what_was_used_is_the_average_of_what_was_recorded(cast: Cast) -> None:
    of = agreed(cast)
    line = ContractLine.objects.get(contract_version__contract__package=of, unit="mile")
    for days, many in ((0, "30"), (7, "20")):
        on, told = TODAY + timedelta(days=days), make.LATER + timedelta(days=days)
        record_delivery(by=cast.priya, now=told, line_id=line.pk, on=on, quantity=Decimal(many)).done()
    lines = needs_against(of, TODAY + timedelta(weeks=2))
    assert {one.words: one.used for one in lines}["Miles to the centre"] == 25
    assert {one.words: one.used for one in lines}[""] is None, "nobody recorded hours: not known"
    hours = ContractLine.objects.filter(contract_version__contract__package=of, unit="hour").order_by("pk")[0]
    record_delivery(by=cast.priya, now=make.LATER, line_id=hours.pk, on=TODAY, quantity=Decimal(9)).done()
    lines = needs_against(of, TODAY + timedelta(weeks=2))
    assert {one.words: one.used for one in lines}[""] == Decimal("4.5")
    assert needs_against(of, TODAY - timedelta(days=1)) == []
