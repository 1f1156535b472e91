"""One word for each thing: the glossary lists it, and its other names stand neither on pages nor in names of the code."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from rightplace.foundation.access.roles import ROLES
from tests.rules.measures import ROOT, modules, name_of, read, read_text, templates

GLOSSARY = ROOT / "docs" / "glossary.md"
# Words of the glossary's third column that also have another meaning in a name or a template.
OF_OTHERS = {"case", "client", "slot", "quote", "bid", "ticket"}
# Packages of other people that we serve lie in a folder that the whole web calls “vendor”.
OF_THE_WEB = {("rightplace/site/assets.py", "vendor")}
# Terms of the glossary that hold a word which is not said by itself.
TERMS = ("restricted cases?", "case systems?")
NEVER = {"customer", "resource", "stakeholder", "utilise", "leverage"}


def rows() -> list[list[str]]:
    """The rows of the glossary: word, meaning, what is not said."""
    lines = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def banned() -> set[str]:
    """Words that another word of the glossary stands for."""
    return {word.strip() for row in rows() for word in row[2].split(",") if word.strip()} | NEVER


def words_on(text: str) -> str:
    """What a reader sees of a template: no tags, no addresses of ours, no attributes but labels."""
    for term in TERMS:
        text = re.sub(term, " ", text, flags=re.IGNORECASE)
    bare = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", text, flags=re.DOTALL)
    labels = " ".join(re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', bare))
    return f"{re.sub(r'<[^>]*>', ' ', bare)} {labels}".lower()


def names_in(text: str) -> set[str]:
    """The parts of every name that a module defines."""
    return parts_of(read_text(text).names)


def parts_of(names: Iterable[str]) -> set[str]:
    """The words that names are made of."""
    return {part.lower() for name in names for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def has(word: str, text: str) -> bool:
    return bool(re.search(rf"\b{re.escape(word)}s?\b", text))


def test_each_word_stands_once() -> None:
    words = [row[0] for row in rows()]
    assert len(words) > 25
    assert [word for word in words if words.count(word) > 1] == []


def test_every_word_has_its_meaning() -> None:
    assert [row[0] for row in rows() if len(row) != 3 or len(row[1]) < 12] == []


def test_no_word_is_banned_and_used() -> None:
    assert banned() & {part.strip() for row in rows() for part in row[0].split(",")} == set()


def test_pages_say_the_fields_words() -> None:
    wrong = {(name_of(path), word) for path in templates() for word in banned() if has(word, words_on(path.read_text()))}
    assert sorted(wrong) == []


def test_names_in_the_code_are_the_fields_words() -> None:
    single = {word for word in banned() if " " not in word and "-" not in word} - OF_OTHERS
    wrong = {(name_of(path), word) for path in modules("rightplace") for word in single & parts_of(read(path).names)}
    assert sorted(wrong - OF_THE_WEB) == []


def test_every_role_of_the_law_of_the_house_is_said_in_plain_words() -> None:
    assert [role.code for role in ROLES.values() if not role.words or "_" in role.words] == []


@pytest.mark.parametrize(("text", "is_found"), [("<p>Our vendors</p>", True), ("{% vendor %}<p>Our providers</p>", False)])
def test_a_banned_word_on_a_page_is_found(text: str, is_found: bool) -> None:
    assert has("vendor", words_on(text)) is is_found


def test_a_banned_word_in_a_name_is_found() -> None:
    assert "vendor" in names_in("def add_vendor(): pass")
    assert "vendor" in names_in("class VendorList: pass")
