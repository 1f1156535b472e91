"""Identifying words in free text: little is missed, what is harmless mostly stands."""

import time
import unicodedata
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.free_text import Known, Span, identifying_words, mask, merge
from rightplace.core.free_text.words import common_words, differs_by_at_most, first_names, fold, short_forms
from tests.core.free_text.corpus import Note, harmless_note, some_note

ADE = Known(
    names=("Adebayo O'Neill-Smith", "Will Young"),
    postcodes=("SE19 3RT",),
    places=("Oak Park Primary School",),
    references=("LCS 482 916",),
    dates=(date(2013, 5, 3),),
)


def found(text: str, known: Known = ADE) -> list[str]:
    return [span.text for span in identifying_words(text, known)]


def test_the_worked_example_of_the_page_on_disclosure():
    text = (
        "Ade (born 3 May 2013) goes to Oak Park. His brother Will rings 07700 900123 from se193rt."
        " He will move in May and likes football."
    )
    assert mask(text, identifying_words(text, ADE)) == (
        "[removed] ([removed]) goes to [removed]. His brother [removed] rings [removed] from [removed]."
        " He will move in May and likes football."
    )
    assert [span.why for span in identifying_words(text, ADE)] == [
        "Short form of a name of the child or family",
        "Date of birth",
        "Place of the child or family",
        "Name of the child or family",
        "Telephone number",
        "Postcode of the child or family",
    ]


def as_it_is(text: str) -> str:
    return text


def without_composed_letters(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def with_hard_spaces(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE} ")


def with_hidden_characters(text: str) -> str:
    return "".join(c + "\N{ZERO WIDTH SPACE}" if i % 3 == 0 else c for i, c in enumerate(text))


def restyled(note: Note, style: Callable[[str], str]) -> Note:
    """The note in another style of writing, with its planted stretches moved along."""
    text, planted, at = "", [], 0
    for start, end, kind in note.planted:
        text += style(note.text[at:start])
        words = style(note.text[start:end])
        planted.append((len(text), len(text) + len(words), kind))
        text, at = text + words, end
    return Note(text + style(note.text[at:]), note.known, tuple(planted))


def missed(note: Note) -> list[str]:
    covered = {i for span in identifying_words(note.text, note.known) for i in range(span.start, span.end)}
    return [
        f"{kind}: {note.text[start:end]}"
        for start, end, kind in note.planted
        if any(note.text[i].isalnum() and i not in covered for i in range(start, end))
    ]


STYLES = [as_it_is, str.upper, str.lower, without_composed_letters, with_hard_spaces, with_hidden_characters]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.__name__)
def test_at_least_99_in_100_planted_words_are_found_however_the_note_is_typed(
    style: Callable[[str], str], record_property: Callable[[str, object], None]
):
    notes = [restyled(some_note(seed), style) for seed in range(500 if style is as_it_is else 120)]
    planted = sum(len(note.planted) for note in notes)
    not_found = [words for note in notes for words in missed(note)]
    record_property("recall", f"{1 - len(not_found) / planted:.4f} of {planted} planted")
    assert len(not_found) <= planted * 0.01, not_found[:10]


def test_what_is_flagged_is_nearly_always_planted(record_property: Callable[[str, object], None]):
    flagged = right = 0
    for note in map(some_note, range(300)):
        for span in identifying_words(note.text, note.known):
            flagged += 1
            right += any(span.start < end and start < span.end for start, end, _ in note.planted)
    record_property("precision", f"{right / flagged:.4f} of {flagged} flagged")
    assert right / flagged > 0.95


def test_harmless_notes_are_left_alone():
    flagged = [found(note.text, note.known) for note in map(harmless_note, range(100))]
    assert sum(map(len, flagged)) == 0, flagged


@pytest.mark.parametrize(
    "text",
    [
        "British Sign Language is used; Section 20 of the Children Act 1989 applies.",
        "Year 9 starts in September. Ofsted rated it Good in 2024.",
        "He takes 30mg a day, is 1.75m tall and needs a ratio of 2:1, 24/7.",
        "£3,250.50 a week for 12 weeks; 3 moves in 2023-24; 50% attendance; bed by 21:30.",
        "A place near Croydon or Sutton. Christmas and Eid are celebrated.",
        "The 14 year old lives close. In 3 days the way was clear. COVID-19 was hard.",
        "2.8 miles from home area; 20 miles from school",
        "The School and the High School wrote. Hope to see progress in the Summer term.",
    ],
)
def test_ordinary_phrases_are_not_taken_for_names_or_addresses(text: str):
    assert found(text, Known()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Adebayo’s things", "Adebayo’s"),
        ("ADEBAYO came", "ADEBAYO"),
        ("adebayo came", "adebayo"),
        ("Àdébáyò came", "Àdébáyò"),
        ("Adebyao came", "Adebyao"),
        ("Ade came", "Ade"),
        ("mr oneill rang", "mr oneill"),
        ("with Neill", "Neill"),
        ("with A.O. today", "A.O."),
        ("Young said no", "Young"),
        ("lcs482916", "lcs482916"),
        ("no. LCS-482-916", "LCS-482-916"),
        ("on 03.05.13", "03.05.13"),
        ("every May 3rd", "May 3rd"),
        ("at oak park", "oak park"),
        ("sent from SE19  3RT", "SE19  3RT"),
        ("his friend Zebulon", "Zebulon"),
        ("known as Bibi", "Bibi"),
        ("passport 533401372", "passport 533401372"),
        ("AB 12 34 56 C", "AB 12 34 56 C"),
        ("mum(at)example.org", "mum(at)example.org"),
        ("on insta: @ade.o", "insta: @ade.o"),
        ("Flat 2, 14 Elm Road", "Flat 2, 14 Elm Road"),
    ],
)
def test_each_way_of_writing_is_found(text: str, words: str):
    assert any(words in one or one in words for one in found(text)), found(text)
    assert words not in mask(text, identifying_words(text, ADE))


def test_a_name_that_is_a_word_is_a_name_only_where_it_stands_as_one():
    assert found("It will be fine. May be late.") == []
    assert found("We met Will.") == ["Will"]
    assert found("Grace is kind.", Known()) == ["Grace"]


def test_miles_is_a_distance_after_a_figure_and_a_name_elsewhere():
    assert found("2.8 miles from home", Known()) == []
    assert found("he met miles at the club", Known()) == ["miles"]
    assert found("She lives with Miles now.", Known()) == ["Miles"]


def test_overlapping_spans_become_one_and_masks_hide_the_length():
    text = "abcdefgh"
    spans = [Span(1, 4, "bcd", "short"), Span(2, 7, "cdefg", "long")]
    assert merge(text, spans) == [Span(1, 7, "bcdefg", "long")]
    assert mask(text, spans) == "a[removed]h"


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_can_be_read_and_spans_are_where_they_say(text: str, names: list[str]):
    spans = identifying_words(text, Known(names=tuple(names), postcodes=tuple(names), places=tuple(names)))
    assert all(span.text == text[span.start : span.end] for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(st.text(alphabet=st.characters(whitelist_categories=("Lu", "Ll")), min_size=3, max_size=12))
def test_a_known_name_never_survives_masking(name: str):
    text = f"We met {name.capitalize()} twice."
    assert name.capitalize() not in mask(text, identifying_words(text, Known(names=(name,))))


@pytest.mark.parametrize("piece", ["A", "1 ", "a-", "@a", "A ", "1-", "Oak Park of the ", "a."])
def test_a_hostile_text_is_read_quickly(piece: str):
    started = time.process_time()
    identifying_words(piece * (20_000 // len(piece)), ADE)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *((f"{words.split()[0]} {words.split(maxsplit=1)[1]}", [words.split()[0]]) for words in (
            "Will is home", "Hope goes out", "Grace likes it", "Grace and I came", "Will told her", "Grace attended well",
        )),
        ("Grace's bag is here.", ["Grace's"]),
        ("Grace’s mother rang.", ["Grace’s"]),
        ("Grace Okafor", ["Grace Okafor"]),
        ("Later Hope went", ["Hope"]),
        ("The plan: Hope for the best.", []),
        ("It rained. Will he come?", []),
        ("• Grace before meals", []),
        ("I think Summer came", ["Summer"]),
        ("In April and since May they moved", []),
        ("during April, of August and by June", []),
        ("next Summer, last Autumn, in early June", []),
        ("from 3rd May until 1 June", []),
        ("her friend Grace Okoro today", ["Grace Okoro"]),
    ],
)  # fmt: skip
def test_a_word_is_a_name_where_it_owns_does_or_stands_within_a_sentence(text: str, names: list[str]):
    assert found(text, Known()) == names


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Mrs Okoro", ["Mrs Okoro"]),
        ("Dr Zebulon's notes", ["Dr Zebulon's"]),
        ("his brother Zeb", ["Zeb"]),
        ("Aunt Zola Zebulon Quill", ["Aunt Zola Zebulon Quill"]),
        ("Mrs Okoro Monday", ["Mrs Okoro"]),
        ("Mr The", []),
        ("his carer Monday", []),
        ("Miss Good", []),
    ],
)
def test_a_title_or_relation_makes_a_name_of_words_that_are_no_ordinary_ones(text: str, spans: list[str]):
    assert found(text, Known()) == spans


@pytest.mark.parametrize(
    "short", ["Ade", "Adeb", "Adey", "Adeby", "Adebay", "Adebs", "Adebayy", "Adebie", "Adebby"]
)
def test_a_name_cut_short_is_the_childs(short: str):
    (span,) = identifying_words(f"Then {short} came", ADE)
    assert (span.text, span.why.endswith("name of the child or family") or "Like a name" in span.why) == (
        short,
        True,
    )


@pytest.mark.parametrize(
    "written",
    [
        "3 May", "3rd May", "03 May", "3rd of May 2013", "3 May 2013", "3 May, 2013", "3-May-13", "3 May ’13", "May 3, 2013",
        "May 3 '13", "May 03", "3/5", "03/05", "3.5.2013", "03 / 05 / 13", "3-5-13", "03052013", "030513",
    ],
)  # fmt: skip
def test_a_date_of_birth_is_found_whole_however_it_is_written(written: str):
    assert found(f"it was {written} here", Known(dates=(date(2013, 5, 3),))) == [written]


@pytest.mark.parametrize("other", ["May 30", "in May", "4 March", "3 April", "13th March", "5/3 of them"])
def test_another_date_is_no_date_of_birth(other: str):
    spans = identifying_words(f"on {other} there", Known(dates=(date(2013, 5, 3),)))
    assert [span for span in spans if span.why == "Date of birth"] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ring 0770 090 0123", "Telephone number"),
        ("ring 07700900123", "Telephone number"),
        ("ring +44 7700 900123", "Telephone number"),
        ("at Oak Park School", "School"),
        ("at St Mary's School", "School"),
        ("the Primary School", None),
        ("his local School", None),
        ("at 14 Elm Road", "Address"),
        ("covid-19 came", None),
        ("COVID-19 was hard", None),
    ],
)
def test_more_than_an_ordinary_phrase_tells(text: str, why: str | None):
    assert [span.why for span in identifying_words(text, Known())] == ([why] if why else [])


@pytest.mark.parametrize(
    ("limit", "one", "other", "is_near"),
    [
        (1, "amber", "amber", True), (1, "amber", "ambr", True), (1, "amber", "ammber", True), (1, "amber", "ambre", True),
        (1, "amber", "umber", True), (1, "amber", "umbre", False), (2, "amber", "umbre", True), (1, "amber", "abmre", False),
        (2, "amber", "abmre", True), (2, "amber", "amb", True), (2, "amber", "am", False), (1, "", "a", True),
        (0, "amber", "amber", True), (0, "amber", "ambre", False), (2, "adebayo", "adbyo", True), (1, "ab", "ba", True),
    ],
)  # fmt: skip
def test_words_are_near_by_letters_added_dropped_changed_or_swapped(
    limit: int, one: str, other: str, is_near: bool
):
    assert differs_by_at_most(limit, one, other) is is_near
    assert differs_by_at_most(limit, other, one) is is_near


def test_the_lists_hold_words_and_no_remarks():
    assert {"grace", "adebayo"} <= first_names()
    assert {"the", "may"} <= common_words()
    assert "alexander" in short_forms()["alex"]
    for word in (*first_names(), *common_words(), *short_forms()):
        assert fold(word) == word
