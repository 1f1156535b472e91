"""Reference facts: read as published, by date where they change, saying how exactly they are known."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from rightplace.core.geography import Precision
from rightplace.foundation.reference import authorities, boundaries, calendar, codes, places, rules


def test_a_full_postcode_is_placed_by_its_sector():
    found = places.locate("se13 5ab")

    assert found is not None
    assert found.precision is Precision.SECTOR
    assert found.point.latitude == pytest.approx(51.465, abs=0.02)
    assert authorities.authority(places.authority_of("se13 5ab")).name == "Lewisham"


def test_a_postcode_of_an_unknown_sector_is_placed_by_its_outward_code():
    found = places.locate("SE13 0AB")

    assert found is not None
    assert found.precision is Precision.OUTWARD_CODE
    assert authorities.authority(places.authority_of("SE13 0AB")).name == "Lewisham"


@pytest.mark.parametrize("written", ["", "REDACTED", "ZZ99 9ZZ", "-", "SE", "12345"])
def test_what_is_not_a_known_postcode_is_nowhere_and_never_guessed(written):
    assert places.locate(written) is None
    assert places.authority_of(written) == ""


def test_a_constituency_is_found_by_its_name_and_says_that_it_is_one():
    found = places.locate_constituency("Lewisham East")

    assert found is not None
    assert found.precision is Precision.CONSTITUENCY_CENTRE
    assert found.point.latitude == pytest.approx(51.44, abs=0.05)


def test_an_authority_is_placed_by_its_centre_and_an_unknown_one_is_nowhere():
    found = places.locate_authority("Hull")

    assert found is not None
    assert found.precision is Precision.AUTHORITY_CENTRE
    assert places.locate_authority("Gondor") is None


def test_the_authorities_are_the_153_of_england():
    assert len(authorities.authorities()) == 153


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Croydon", "Croydon"),
        ("London Borough of Croydon", "Croydon"),
        ("Kingston upon Hull", "Kingston Upon Hull, City of"),
        ("Bristol", "Bristol, City of"),
        ("St Helens", "St. Helens"),
        ("Bedford", "Bedford Borough"),
        ("Southend on Sea", "Southend-on-Sea"),
        ("Bournemouth, Christchurch & Poole", "Bournemouth, Christchurch and Poole"),
        ("East Sussex County Council", "East Sussex"),
    ],
)
def test_an_authority_is_found_by_the_names_it_goes_by(written, name):
    found = authorities.find_authority(written)

    assert found is not None
    assert found.name == name


def test_no_two_authorities_share_a_way_of_writing_a_name():
    names = [n for facts in authorities.authorities().values() for n in (facts.name, *facts.aliases)]

    assert all(authorities.find_authority(f.name) == f for f in authorities.authorities().values())
    assert len({authorities.find_authority(n) for n in names}) == 153


def test_an_authority_is_found_by_either_code():
    assert authorities.authority("306") is authorities.authority("E09000008")
    assert authorities.authority("306").london_part == "Outer London"
    assert len(authorities.authority("306").statistical_neighbours) == 10


def test_statistical_neighbours_are_those_of_the_model_that_ruled_in_the_year():
    before, since = (authorities.statistical_neighbours("306", year) for year in (2024, 2025))
    assert since == authorities.authority("306").statistical_neighbours
    assert before != since
    assert len(before) == 10
    assert authorities.neighbours_ever("306") == {*before, *since}
    made_later = "E06000063"
    assert (
        authorities.statistical_neighbours(made_later, 2022)
        == authorities.authority(made_later).statistical_neighbours
    )


def test_children_of_a_year_beyond_the_table_are_those_of_the_nearest_year():
    assert authorities.children("E92000001", 2024) == 12183016
    assert authorities.children("E92000001", 2026) == 12183016


def test_croydon_adjoins_surrey_and_not_kent():
    names = {authorities.authority(code).name for code in authorities.adjoining("306")}

    assert {"Surrey", "Bromley", "Lambeth", "Merton", "Sutton"} <= names
    assert "Kent" not in names


def test_adjoining_is_mutual():
    assert all(
        code in authorities.adjoining(other)
        for code in authorities.authorities()
        for other in authorities.adjoining(code)
    )


def test_the_map_of_a_county_is_made_of_its_districts():
    kent = authorities.find_authority("Kent")
    assert kent is not None

    features = boundaries.districts_of([kent.code])["features"]

    assert {f["properties"]["name"] for f in features} >= {"Canterbury", "Maidstone", "Dover"}
    assert len(boundaries.london_boroughs()["features"]) == 33
    assert "E10000030" in boundaries.with_neighbours(["E09000008"])


def test_a_one_off_bank_holiday_is_known():
    assert date(2023, 5, 8) in calendar.holidays()
    assert date(2022, 9, 19) in calendar.holidays()
    assert date(2024, 12, 26) in calendar.holidays()
    assert date(2024, 12, 27) not in calendar.holidays()


def test_sex_is_coded_by_figures_until_2024_and_by_letters_from_2025():
    assert set(codes.codes("SEX", 2024)) == {"1", "2"}
    assert set(codes.codes("SEX", 2025)) == {"M", "F", "U"}


def test_placement_codes_follow_the_collection_year():
    assert "H5" in codes.codes("PLACE", 2024)
    assert not {"H5", "P2"} & set(codes.codes("PLACE", 2025))
    assert "K3" in codes.codes("PLACE", 2025)
    assert {"Z11", "Z14"} <= set(codes.codes("PLACE", 2026))
    assert "Z1" not in codes.codes("PLACE", 2026)
    assert codes.meaning("PLACE", "H5").startswith("Semi-independent living")


def test_a_code_set_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError, match="NONSENSE"):
        codes.codes("NONSENSE", 2025)


def test_columns_take_the_code_list_of_their_year():
    sex = {year: {c.name: c for c in codes.columns("header", year)}["SEX"] for year in (2017, 2025)}

    assert sex[2017].allowed == {"1", "2"}
    assert sex[2025].allowed == {"M", "F", "U"}
    assert sex[2025].kind == "code"
    assert [c.name for c in codes.columns("episodes", 2021)][:4] == ["CHILD", "DECOM", "RNE", "LS"]


def test_a_rule_changes_on_its_day():
    before = rules.rule("uasc_transfer_threshold", date(2021, 11, 30))
    after = rules.rule("uasc_transfer_threshold", date(2021, 12, 1))

    assert before is not None
    assert after is not None
    assert (before.value, after.value) == (Fraction(7, 10000), Fraction(1, 1000))
    assert not after.is_verified


def test_a_rule_does_not_hold_before_it_began():
    assert rules.rule("unregulated_minimum_age", date(2021, 9, 8)) is None
    assert rules.rule("unregulated_minimum_age", date(2021, 9, 9)) is not None


def test_versions_of_a_rule_never_overlap():
    for versions in rules.rules().values():
        for earlier, later in pairwise(versions):
            assert earlier.ends_on is not None
            assert earlier.ends_on <= later.starts_on


def test_the_fostering_allowance_is_known_for_its_years_only():
    assert rules.fostering_allowance_pence(age=7, area="London", on=date(2025, 6, 1)) == 22500
    assert rules.fostering_allowance_pence(age=7, area="London", on=date(2024, 6, 1)) is None
    assert rules.fostering_allowance_pence(age=18, area="London", on=date(2025, 6, 1)) is None
