"""The word lists of the detector (names, ordinary words, short forms) and one way to compare words."""

import tomllib
import unicodedata
from functools import cache
from importlib import resources

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ə": "a"}
)


@cache
def fold(word: str) -> str:
    """A word as it is compared: no case, accents, hyphens, apostrophes or invisible characters."""
    cased = unicodedata.normalize("NFKD", word).casefold()
    plain = unicodedata.normalize("NFKD", cased).translate(_LETTERS)
    return "".join(letter for letter in plain if letter.isalpha())


@cache
def first_names() -> frozenset[str]:
    """First names common in the United Kingdom and in London's communities."""
    return frozenset(word for line in _lines("first_names.txt") for word in line)


@cache
def common_words() -> frozenset[str]:
    """Ordinary words that are not taken for a name unless the text says so."""
    return frozenset(word for line in _lines("common_words.txt") for word in line)


@cache
def short_forms() -> dict[str, frozenset[str]]:
    """For each name, the other names of its families: short and pet forms."""
    forms: dict[str, set[str]] = {}
    for family in _lines("nicknames.txt"):
        for name in family:
            forms.setdefault(name, set()).update(family)
    return {name: frozenset(others) for name, others in forms.items()}


@cache
def word_list(name: str) -> frozenset[str]:
    """One of the small lists in `lists.toml`."""
    text = resources.files("rightplace.core.free_text").joinpath("lists.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[name].split())


def _lines(file: str) -> list[list[str]]:
    text = resources.files("rightplace.core.free_text").joinpath(file).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


def differs_by_at_most(limit: int, one: str, other: str) -> bool:
    """Whether at most `limit` letters were added, dropped, changed or swapped with a neighbour."""
    if abs(len(one) - len(other)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                steps = min(steps, older[j - 2] + 1)
            row.append(steps)
        if min(row) > limit:
            return False
    return row[-1] <= limit
