"""The Placements North West census: its columns, their order and its words are those of the published list."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from rightplace.exchange.placements_standard import census
from rightplace.exchange.ssda903.deriving import Order
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.codes import codes
from rightplace.journey.contracts.models import ContractLine
from rightplace.journey.decisions.models import Permission
from rightplace.journey.funding import actions as funding
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import LivingWith
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import Cast
from tests.keeping_beds import kept

LISTS = Path(__file__).parent / "north_west"
CENSUS = "2025-12"
REPLACED = {
    "Registration type": "Primary registration type",
    "Primary Placing at Distance Reason": "Placing at Distance Reason",
}
"""Removed from the census of December 2025 and added again in the same place under another name, with other words."""
OWN_NAMES = {"Placing Authority", "Organisation"}
"""A region's own: its list names the authorities of Greater Manchester."""
DAY = date(2026, 11, 2)


def listed(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def published_columns() -> list[str]:
    """The columns that hold from December 2025, in the order of the list."""
    columns: list[str] = []
    for row in listed("columns"):
        name, told = row["column"], row["type"] + row["allowed"]
        if "REMOVED" in told and name in REPLACED:
            columns[columns.index(name)] = REPLACED[name]
        elif "REMOVED" in told:
            columns.remove(name)
        elif "RENAMED to " in told:
            columns[columns.index(name)] = told.split("RENAMED to ")[1]
        elif name not in columns:
            columns.append(name)
    return columns


def words_of(column: str) -> set[str]:
    """The words that a coded column takes from December 2025: the newest list of it."""
    rows = [row for row in listed("codes") if row["column"] == column]
    newest = max((row["from_census"] for row in rows), default="")
    return {row["value"].strip() for row in rows if row["from_census"] == newest}


def test_the_columns_and_their_order_are_those_of_the_published_list() -> None:
    assert list(census.COLUMNS) == published_columns()


def test_every_word_that_is_written_is_one_of_the_published_list() -> None:
    assert set(census.ETHNIC_GROUPS.values()) | {census.UNKNOWN} <= words_of("Ethnic Group")
    assert set(census.ETHNIC_GROUPS) == set(codes("ETHNIC", 2026)) - {"REFU", "NOBT"}
    assert {*census.PROVISION.values(), *census.PROVISION_OF_CODE.values()} <= words_of("Type of provision")
    assert {*census.GENDERS.values(), "Other"} <= words_of("Gender")
    sourced = {census.SPOT, census.FRAMEWORK, census.OWN_BLOCK, census.SHARED_BLOCK}
    assert sourced <= words_of("How the placement was sourced")
    assert {census.NOT_FAR} <= words_of("Placing at Distance Reason")
    assert {census.IN_FORCE, census.EARLIER, census.NO_ORDER} == words_of(
        "Deprivation of Liberty Safeguards in place?"
    )


@pytest.mark.django_db
def test_a_row_holds_only_words_of_the_list_in_its_coded_columns(cast: Cast) -> None:
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    authority = Authority.objects.get(pk=placement.authority_id)
    (row,) = census.sheet(authority, placement.period.lower).rows
    told = dict(zip(census.COLUMNS, row, strict=True))
    coded = {row["column"] for row in listed("codes")} - OWN_NAMES
    wrong = {
        name: value for name, value in told.items() if name in coded and value and value not in words_of(name)
    }
    assert wrong == {}
    assert told["Deprivation of Liberty Safeguards in place?"] == "No"


def told_of(cast: Cast, placement: Placement) -> dict[str, str | int]:
    """The row of the only placement of the cast's authority, by the names of the columns."""
    (row,) = census.sheet(Authority.objects.get(pk=placement.authority_id), placement.period.lower).rows
    return dict(zip(census.COLUMNS, row, strict=True))


@pytest.mark.django_db
def test_how_it_was_sourced_is_told_of_what_was_bought(cast: Cast) -> None:
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    sourced = "How the placement was sourced"
    assert placement.permission is not None and placement.setting is not None
    for is_spot, words in ((False, census.FRAMEWORK), (True, census.SPOT)):
        Permission.objects.filter(pk=placement.permission_id).update(is_spot=is_spot)
        assert told_of(cast, placement)[sourced] == words
    kept(cast, urn=placement.setting.urn)
    assert told_of(cast, placement)[sourced] == census.SHARED_BLOCK
    Placement.objects.filter(pk=placement.pk).update(provider=None, setting=None, household=cast.adams)
    assert told_of(cast, placement)[sourced] == "", "own carers are not bought"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("postcode", "said"),
    [("CR0 2AB", "Not applicable"), ("SM1 1AA", "Not applicable"), ("M1 1AE", ""), ("XX1 1XX", "")],
)
def test_no_reason_for_distance_is_asked_of_a_home_in_the_area_or_one_that_adjoins_it(
    cast: Cast, postcode: str, said: str
) -> None:
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    Placement.objects.filter(pk=placement.pk).update(place_postcode=postcode)
    assert told_of(cast, placement)["Placing at Distance Reason"] == said


@pytest.mark.django_db
def test_what_nobody_shares_is_borne_by_social_care_alone(cast: Cast) -> None:
    told = told_of(cast, make.placement_started(cast, make.contract_in_force(cast)).placement)
    assert told["Contribution from Social Care"] == told["Total weekly cost"] != ""
    assert told["Contribution from Education"] == told["Contribution from Health"] == "0.00"


@pytest.mark.django_db
def test_contributions_follow_the_shares_agreed_and_add_up_to_the_weeks_cost(cast: Cast) -> None:
    contract = make.contract_in_force(cast)
    shares = make.shares_proposed(cast, contract)
    funding.agree_shares(
        by=cast.dev,
        now=make.LATER,
        funding_id=shares.pk,
        version=shares.version,
        words="Agreed with the board.",
    ).done()
    told = told_of(cast, make.placement_started(cast, contract).placement)
    total, care, health = (
        Decimal(str(told[name]).replace(",", ""))
        for name in ("Total weekly cost", "Contribution from Social Care", "Contribution from Health")
    )
    assert care + health == total
    assert abs(care - health) <= Decimal("0.01")
    assert told["Contribution from Education"] == "0.00"


@pytest.mark.django_db
def test_support_that_the_weeks_cost_pays_for_is_a_package(cast: Cast) -> None:
    contract = make.contract_in_force(cast)
    placement, asked = (
        make.placement_started(cast, contract).placement,
        "Does this placement cost include additional packages?",
    )
    assert told_of(cast, placement)[asked] == "Yes"
    ContractLine.objects.filter(contract_version__contract=contract).exclude(kind="core_fee").update(
        kind="core_fee"
    )
    assert told_of(cast, placement)[asked] == "No"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("companions", "is_solo", "said"),
    [
        ("solo", True, "Yes, and is in a solo placement"),
        ("solo", False, "Yes, but is not in a solo placement"),
        ("with_others", True, "No, but is in a solo placement"),
        ("no_preference", False, "No, and is not in a solo placement"),
    ],
)
def test_whether_a_child_lives_alone_is_told_beside_whether_it_is_needed(
    cast: Cast, companions: str, is_solo: bool, said: str
) -> None:
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    Setting.objects.filter(pk=placement.setting_id).update(is_solo=is_solo, places=4)
    LivingWith.objects.update_or_create(
        child=placement.child,
        defaults={
            "authority": cast.croydon, "companions": companions, "kept_by_id": cast.sadia.user_id, "kept_at": make.NOW,
        },
    )  # fmt: skip
    assert told_of(cast, placement)["Does this CYP require a solo placement?"] == said


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ([], "No"),
        ([Order(DAY - timedelta(days=9), None)], "DoLS (current)"),
        ([Order(DAY - timedelta(days=9), DAY)], "DoLS (previous)"),
        ([Order(DAY - timedelta(days=90), DAY - timedelta(days=60)), Order(DAY, None)], "DoLS (current)"),
    ],
)
def test_an_order_is_in_force_until_the_day_it_ended(orders: list[Order], said: str) -> None:
    assert census._order(orders, DAY) == said
