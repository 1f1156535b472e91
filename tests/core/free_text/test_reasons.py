"""Why each stretch of a text was found, how far it reaches, and where a rule of the detector begins and ends."""

from datetime import date

import pytest

from rightplace.core.free_text import Known, Span, identifying_words, mask, merge
from rightplace.core.free_text.reading import is_uncased, plain_reading, recased_reading

ZORA = Known(
    names=("Zora Kwame", "Will Young", "Adebayo O'Neill-Smith", "Ines van der Berg"),
    postcodes=("SE19 3RT",),
    places=("Oak Park Primary School", "14 Elm Rise", "High School", "Ash"),
    references=("LCS 482 916", "A12"),
    dates=(date(2013, 5, 3),),
)
OWN = "Name of the child or family"
SHORT = "Short form of a name of the child or family"
LIKE = "Like a name of the child or family, spelt otherwise"
INITIALS = "May be initials of the child or family"
NUMBER = "Number of a person or case"


def told(text: str, known: Known = ZORA) -> list[tuple[str, str]]:
    return [(span.text, span.why) for span in identifying_words(text, known)]


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("then Zora came", "Zora", OWN),
        ("then zora came", "zora", OWN),
        ("we met Will", "Will", OWN),
        ("with Bill today", "Bill", SHORT),
        ("then Adeb came", "Adeb", SHORT),
        ("then Adebaio came", "Adebaio", LIKE),
        ("then adebaio came", "adebaio", LIKE),
        ("then Sophie came", "Sophie", "A first name"),
        ("then sophie came", "sophie", "A first name"),
        ("Grace is kind", "Grace", "May be a first name"),
        ("his teacher Zeb", "Zeb", "A name after a title or relation"),
        ("number lcs482916", "lcs482916", "Number of the child or family"),
        ("in se193rt now", "se193rt", "Postcode of the child or family"),
        ("in CR0 1AB now", "CR0 1AB", "Postcode"),
        ("at Oak Park", "Oak Park", "Place of the child or family"),
        ("at elm rise", "elm rise", "Place of the child or family"),
        ("by 3rd of May", "3rd of May", "Date of birth"),
        ("by 4 June 2019", "4 June 2019", "Full date"),
        ("mail a@b.co", "a@b.co", "E-mail address"),
        ("see www.x.org", "www.x.org", "Link"),
        ("insta: bee_bee", "insta: bee_bee", "Name on social media"),
        ("at HMP Wandsworth", "HMP Wandsworth", "Place that the child uses"),
        ("goes to St Anne's", "St Anne's", "Place that the child uses"),
    ],
)  # fmt: skip
def test_each_finding_says_why(text: str, words: str, why: str) -> None:
    assert told(text) == [(words, why)]


@pytest.mark.parametrize(
    "written",
    ["case 123 456", "case no 12 345 678", "NHS 943 476 5919", "case number: 4 512 889", "ref 482-916", "LCS 482"],
)  # fmt: skip
def test_a_number_after_its_label_is_covered_to_its_last_figure(written: str) -> None:
    covered = mask(f"The {written} is closed", identifying_words(f"The {written} is closed"))
    assert not any(letter.isdigit() for letter in covered), covered


def test_figures_that_count_something_are_left_beside_a_label() -> None:
    assert told("the child 12 14 weeks ago; court 3 days later", Known()) == []


@pytest.mark.parametrize(
    "written", ["Z.K.", "Z. K.", "Z K", "ZK", "Z", "Z.", "IVDB", "I.V.D.B.", "IB", "W.Y."]
)
def test_initials_of_a_known_name_are_found_however_they_are_dotted(written: str) -> None:
    assert told(f"with {written} today") == [(written, INITIALS)]


@pytest.mark.parametrize("written", ["A", "I", "A.", "OK", "Q.K.", "MZK", "ZKM"])
def test_words_of_one_letter_short_forms_and_other_letters_are_no_initials(written: str) -> None:
    assert told(f"with {written} today", Known(names=("Adam Irving", "Olu Kay", "Zora Kwame"))) == []


def test_the_initials_of_a_name_of_one_word_are_not_looked_for() -> None:
    assert told("with Z today", Known(names=("Zora",))) == []


def test_the_small_words_before_a_name_and_two_surnames_after_it_belong_to_it() -> None:
    assert told("met El Sophie today") == [("El Sophie", "A first name")]
    assert told("met Sophie van Okoro Quill Zebulon today")[0] == ("Sophie van Okoro Quill", "A first name")
    assert told("met Sophie Monday", Known()) == [("Sophie", "A first name")]
    assert told("met Sophie CAMHS", Known()) == [("Sophie", "A first name")]


def test_a_title_belongs_to_the_name_and_a_relation_does_not() -> None:
    assert told("saw Dr. Quill", Known())[0][0] == "Dr. Quill"
    assert told("saw friend Quill", Known())[0][0] == "Quill"


def test_a_name_of_three_letters_is_found_as_written_but_not_misspelt() -> None:
    assert told("then Kyx came", Known(names=("Kyx",))) == [("Kyx", OWN)]
    assert told("then Kux came", Known(names=("Kyx",))) == []


def test_four_letters_may_differ_by_one_seven_by_two() -> None:
    assert told("then Zoxa came", Known(names=("Zora",))) == [("Zoxa", LIKE)]
    assert told("then Zoxe came", Known(names=("Zora",))) == []
    assert told("then Quibblex came", Known(names=("Quibbles",)))[0][1] == LIKE
    assert told("then Quobblex came", Known(names=("Quibbles",)))[0][1] == LIKE
    assert told("then Quobblix came", Known(names=("Quibbles",))) == []


def test_another_first_letter_is_a_misspelling_only_of_longer_names_with_a_capital() -> None:
    assert told("then Xuill came", Known(names=("Quill",))) == [("Xuill", LIKE)]
    assert told("Then xuill came", Known(names=("Quill",))) == []
    assert told("then Xora came", Known(names=("Zora",))) == []


def test_what_is_too_short_to_tell_anything_is_not_looked_for() -> None:
    assert told("in A12 by Ash") == []


def test_a_school_with_a_plain_head_is_known_only_by_its_whole_name() -> None:
    assert told("a high shelf") == []


def test_what_a_person_called_harmless_is_flagged_no_more_in_any_case() -> None:
    known = Known(names=("Zora Kwame",), harmless=("zora",))
    assert told("then Zora came with Kwame", known) == [("Kwame", OWN)]


def test_spans_that_only_touch_stay_two_and_one_within_another_goes() -> None:
    one, next_one = Span(0, 2, "ab", "first"), Span(2, 4, "cd", "second")
    assert merge("abcd", [next_one, one]) == [one, next_one]
    whole, within = Span(0, 4, "abcd", "whole"), Span(1, 2, "b", "within")
    assert merge("abcd", [within, whole]) == [whole]
    assert mask("abcd", [within], "_") == "a_cd"
    assert mask("abcd", []) == "abcd"


def test_a_reading_drops_what_cannot_be_seen_and_knows_where_each_letter_came_from() -> None:
    plain, origins = plain_reading("a\u200bb  \u00a0c\td\u2028ｘ\x07")
    assert plain == "ab c d\nx"
    assert origins == [0, 2, 3, 6, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("aaaa", True), ("AAAA", True), ("Aaaa", False), ("ABCDEFaaaa", True), ("ABCDEaaaaa", False),
     ("A" + 199 * "a", True), ("A" + 198 * "a", False), ("123", False), ("", False)],
)  # fmt: skip
def test_capitals_tell_nothing_where_nearly_all_or_nearly_none_are(text: str, is_told: bool) -> None:
    assert is_uncased(text) is is_told


def test_a_text_without_capitals_gets_them_but_for_small_words_that_are_no_known_name() -> None:
    assert recased_reading("will and ade don’t go", frozenset()) == "will and Ade don’t go"
    assert recased_reading("WILL AND ADE", frozenset({"will"})) == "Will and Ade"
    assert recased_reading("ßa İx", frozenset()) == "ßa İx"
