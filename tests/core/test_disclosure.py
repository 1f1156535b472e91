"""What a provider sees: exactly the allow-list."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.disclosure import (
    FIELDS,
    WITHHELD,
    Field,
    Known,
    Rule,
    count_sharing,
    disclose,
    shared_by_fewer_than,
)
from rightplace.core.matching.vocabulary import HomeKind

ON = date(2026, 3, 2)
PLANTED = "Zebulon Quorra"


def test_the_worked_example_of_the_page_on_disclosure():
    record = {
        "name": "Adebayo Okonkwo",
        "date_of_birth": date(2013, 5, 3),
        "sex": "M",
        "home_postcode": "SE19 3RT",
        "school_name": "Oak Park Primary School",
        "school_postcode": "CR0 4YL",
        "siblings": ["Denise Okonkwo", "Tunde Okonkwo"],
        "needs": [{"code": "self_harm", "severity": 3, "evidence": "Adebayo cut his arm twice in May."}],
        "unsafe_places": [{"postcode": "SE1 1AA", "radius_miles": 3}],
    }
    assert disclose(record, ON, Known(names=("Adebayo Okonkwo",))) == {
        "age": 12,
        "sex": "M",
        "home_district": "SE19",
        "school_district": "CR0",
        "siblings_count": 2,
        "needs": [{"code": "self_harm", "severity": 3, "evidence": "[removed] cut his arm twice in May."}],
    }


def every_field(fields: tuple[Field, ...] = FIELDS) -> list[Field]:
    return [one for field in fields for one in (field, *every_field(field.fields))]


def test_nothing_withheld_is_on_the_allow_list():
    assert not {field.name for field in FIELDS} & set(WITHHELD)
    assert disclose(dict.fromkeys(WITHHELD, PLANTED), ON) == {}


def test_an_unknown_field_is_never_shown():
    assert disclose({"anything": PLANTED, "notes": PLANTED}, ON) == {}


def test_every_field_says_in_words_what_is_shown():
    assert all(field.words for field in every_field())


@pytest.mark.parametrize(
    "field", [f for f in FIELDS if f.rule is not Rule.TEXT], ids=lambda field: field.name
)
@pytest.mark.parametrize(
    "wrap", [lambda x: x, lambda x: [x], lambda x: {x: x}, lambda x: [{x: x, "code": x}]]
)
def test_a_name_typed_into_any_field_does_not_pass(field: Field, wrap: Any):
    assert PLANTED not in repr(disclose({field.name: wrap(PLANTED)}, ON))


@pytest.mark.parametrize("field", [f for f in FIELDS if f.rule is Rule.TEXT], ids=lambda field: field.name)
def test_a_known_name_in_any_text_is_masked(field: Field):
    shown = disclose({field.name: f"Then {PLANTED} ran off."}, ON, Known(names=(PLANTED,)))
    assert shown == {field.shown_as: "Then [removed] ran off."}


nested: Any = st.recursive(
    st.one_of(st.just(PLANTED), st.integers(), st.booleans(), st.none(), st.dates(), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([field.name for field in every_field()]), inner, max_size=3),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([field.name for field in every_field()]), nested, max_size=6))
def test_a_planted_name_never_passes_whatever_the_record_holds(record: dict[str, Any]):
    assert "Quorra" not in repr(disclose(record, ON, Known(names=(PLANTED,))))


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_a_date_of_birth_is_shown_only_as_whole_years(born: date):
    shown = disclose({"date_of_birth": born}, ON)
    assert shown == ({} if born > ON else {"age": shown["age"]})
    if shown:
        assert born.replace(day=min(born.day, 28)).year + shown["age"] in (ON.year, ON.year - 1)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(2010, 3, 2), 16),
        (date(2010, 3, 3), 15),
        (datetime(2010, 3, 2, 12, 0), 16),
        (date(2012, 2, 29), 14),
    ],
)
def test_a_birthday_counts_from_its_day(born: date, age: int):
    assert disclose({"date_of_birth": born}, ON) == {"age": age}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("SE19 3RT", {"home_district": "SE19"}),
        ("se193rt", {"home_district": "SE19"}),
        ("SE19", {"home_district": "SE19"}),
        ("E1 6AN", {"home_district": "E1"}),
        ("W1A 1AA", {"home_district": "W1A"}),
        ("12 Acacia Avenue", {}),
        ("SE19 3RT, Flat 2", {}),
    ],
)
def test_a_postcode_is_shown_as_its_district(typed: str, shown: dict[str, str]):
    assert disclose({"home_postcode": typed}, ON) == shown


def test_codes_pass_only_when_they_are_in_the_vocabulary():
    record = {
        "pets": "no",
        "essential": ["driver", "made up"],
        "suitability": {"foster": "preferred", "x": "y"},
    }
    assert disclose(record, ON) == {
        "pets": "no",
        "essential": ("driver",),
        "suitability": {HomeKind.FOSTER.value: "preferred"},
    }


def test_a_long_number_could_be_a_telephone_and_is_left_out():
    assert disclose({"likely_weeks": 7700900123}, ON) == {}


def test_a_date_that_is_the_date_of_birth_is_left_out():
    assert disclose({"needed_by_on": date(2013, 5, 3)}, ON, Known(dates=(date(2013, 5, 3),))) == {}


def test_children_of_one_request_are_each_shown_by_the_same_rules():
    children = [{"name": PLANTED, "date_of_birth": date(2015, 1, 1), "sex": "F"}]
    assert disclose({"children": children}, ON) == {"children": [{"age": 11, "sex": "F"}]}


def test_a_warning_is_given_when_fewer_than_five_share_the_facts():
    shown = {"age": 12, "sex": "M", "ethnicity": "Roma", "home_district": "SE19"}
    others = [{"age": 12, "sex": "M", "ethnicity": "roma ", "home_district": "SE19"}] * 2
    sharing = count_sharing(shown, [*others, {"age": 13, "sex": "M"}])
    assert sharing == 2
    warning = shared_by_fewer_than(sharing)
    assert warning is not None
    assert warning.sentence.startswith("Only 2 children share the facts shown here")


@pytest.mark.parametrize(("sharing", "is_warned"), [(0, True), (1, True), (4, True), (5, False), (50, False)])
def test_the_floor_is_five_children(sharing: int, is_warned: bool):
    assert (shared_by_fewer_than(sharing) is not None) is is_warned


def test_facts_that_are_not_shown_are_not_compared():
    assert count_sharing({"age": 12}, [{"age": 12, "sex": "F"}, {"age": 12, "sex": "M"}]) == 2


def test_the_warning_says_word_for_word_how_many_share_and_what_to_do():
    facts = "the facts shown here (age, sex, ethnicity, language, faith and district together)."
    end = f" {facts} Show less, or say why this is needed."
    for sharing, who in (
        (0, "No other child shares"),
        (1, "No other child shares"),
        (2, "Only 2 children share"),
    ):
        warning = shared_by_fewer_than(sharing)
        assert warning is not None
        assert (warning.code, warning.sentence, warning.field) == ("few_share_facts", who + end, "")
    assert shared_by_fewer_than(2, floor=2) is None
    assert shared_by_fewer_than(2, floor=3) is not None


def test_a_child_born_today_is_nought_and_one_not_yet_born_has_no_age():
    assert disclose({"date_of_birth": ON}, ON) == {"age": 0}
    assert disclose({"date_of_birth": date(2026, 3, 3)}, ON) == {}
    assert disclose({"date_of_birth": datetime(2025, 3, 2, 9)}, ON) == {"age": 1}
    assert disclose({"date_of_birth": "2013-05-03"}, ON) == {}


def test_a_number_is_shown_up_to_five_figures_on_both_sides_of_nought():
    assert disclose({"likely_weeks": 99_999}, ON) == {"likely_weeks": 99_999}
    assert disclose({"likely_weeks": -99_999}, ON) == {"likely_weeks": -99_999}
    for other in (100_000, -100_000, True, "12"):
        assert disclose({"likely_weeks": other}, ON) == {}


def test_a_day_is_shown_without_its_hour_and_anything_else_is_not():
    assert disclose({"needed_by_on": datetime(2026, 4, 1, 10)}, ON) == {"needed_by_on": date(2026, 4, 1)}
    assert disclose({"needed_by_on": "1 April"}, ON) == {}
    assert disclose({"needed_by_on": datetime(2013, 5, 3, 1)}, ON, Known(dates=(date(2013, 5, 3),))) == {}


def test_brothers_and_sisters_are_counted_however_they_are_listed():
    for listed in ([1, 2], (1, 2), {1, 2}, frozenset({1, 2})):
        assert disclose({"siblings": listed}, ON) == {"siblings_count": 2}
    assert disclose({"siblings": "Jude, Kiran"}, ON) == {}


def test_whether_siblings_stay_together_is_yes_no_or_nothing():
    assert disclose({"siblings_together": False}, ON) == {"siblings_together": False}
    assert disclose({"siblings_together": "yes"}, ON) == {}


def test_kinds_of_home_are_shown_only_by_their_codes():
    wished = {kind.value: "suitable" for kind in HomeKind} | {"a castle": "suitable"}
    shown = disclose({"suitability": wished}, ON)
    assert set(shown.get("suitability", {})) <= {kind.value for kind in HomeKind}
    assert disclose({"suitability": ["suitable"]}, ON) == {}


IDENTIFIERS = (
    "Zebulon Quorra", "Zebulon", "Quorra", "3 May 2013", "03/05/2013", "SE19 3RT", "se193rt", "14 Acacia Avenue",
    "Oak Park Primary School", "07700 900123", "zeb@example.org", "H801200001001", "LCS 482 916",
)  # fmt: skip
FAMILY = Known(
    names=(PLANTED,), postcodes=("SE19 3RT",), places=("Oak Park Primary School", "14 Acacia Avenue"),
    references=("LCS 482 916", "H801200001001"), dates=(date(2013, 5, 3),),
)  # fmt: skip
CARRIERS = ("{}", "Then {} came.", "({})", "Ask {}, or {}!", "{}\n{}", "about:{}")


@given(st.sampled_from(every_field()), st.sampled_from(IDENTIFIERS), st.sampled_from(CARRIERS), st.booleans())
def test_no_identifier_typed_into_any_field_passes_it(
    field: Field, planted: str, carrier: str, is_nested: bool
):
    """Name, date of birth, address, school, postcode, telephone, e-mail and numbers, in every field and every nested row."""
    typed = carrier.format(*[planted] * carrier.count("{}"))
    record: dict[str, Any] = {
        field.name: [{one.name: typed for one in every_field()}] if is_nested else typed
    }
    shown = repr(disclose(record, ON, FAMILY)).casefold()
    if field.rule is Rule.OUTWARD and planted.replace(" ", "").casefold() == "se193rt":
        shown = shown.replace("'se19'", "")
    assert planted.casefold() not in shown
