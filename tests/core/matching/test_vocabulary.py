"""The vocabulary: one code, one meaning, and the standard's labels."""

import json
from pathlib import Path

import pytest

from rightplace.core.matching import vocabulary
from rightplace.core.matching.vocabulary import RISKS, HomeKind, NeedKind, Term, standard_label

# Placements Data Standard v2, Data Standards for Social Care, MIT licence (see README beside the file).
STANDARD = json.loads((Path(__file__).parent / "placements_data_standard_v2.json").read_text())
TERMS = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, Term)]


def options_of(field: str) -> set[str]:
    fields = [one for entity in STANDARD["entities"] for one in entity["fields"]]
    return set(next(one for one in fields if one["name"] == field)["options"])


@pytest.mark.parametrize("terms", [terms for terms in TERMS if terms is not Term])
def test_codes_are_snake_case_and_words_are_given_once_each(terms: type[Term]):
    words = [term.words for term in terms]
    assert all(words)
    assert len(set(words)) == len(words)
    if terms is not vocabulary.Sex:
        assert all(term.value == term.value.lower().replace(" ", "_") for term in terms)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (vocabulary.HomeKind, "placementType"),
        (vocabulary.Suitability, "fosterCareSuitability"),
        (vocabulary.Urgency, "neededBy"),
        (vocabulary.LivingCompanions, "livingCompanions"),
        (vocabulary.Pets, "pets"),
        (vocabulary.CulturalNeeds, "culturalNeeds"),
        (vocabulary.CommunicationRequirement, "specificCommunicationRequirements"),
        (vocabulary.AdditionalSupport, "additionalSupport"),
    ],
)
def test_every_option_of_the_standard_has_a_term(terms: type[Term], field: str):
    assert {term.standard for term in terms} == options_of(field)


def test_the_thirteen_risks_are_the_standards_in_its_order():
    risks = next(entity for entity in STANDARD["entities"] if entity["name"] == "Risks")
    assert [risk.standard for risk in RISKS] == [field["name"] for field in risks["fields"]]
    assert len(RISKS) == 13


def test_a_term_without_a_label_of_the_standard_is_exported_in_our_words():
    assert standard_label(HomeKind.RESIDENTIAL) == "Residential"
    assert standard_label(NeedKind.AUTISM) == "Autism"


def test_an_unknown_code_is_shown_as_it_is():
    assert NeedKind.words_for("made_up") == "made_up"
    assert NeedKind.words_for("autism") == "Autism"


def test_a_kind_that_stands_on_the_register_alone_has_words_too():
    assert HomeKind.words_for("residential") == "Children's home"
    assert HomeKind.words_for("education") == "Boarding or residential school"
    assert HomeKind.words_for("family_centre") == "Residential family centre"


def test_choices_pair_codes_with_words():
    assert HomeKind.choices()[0] == ("foster", "Foster home")
