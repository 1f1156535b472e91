"""Ways to read a text: without invisible characters and odd spaces, and with capitals where none were typed."""

import re
import unicodedata

from rightplace.core.free_text.words import fold, word_list

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
MOST_CAPITALS = 0.6
FEWEST_CAPITALS = 0.005


def plain_reading(text: str) -> tuple[str, list[int]]:
    """The text with plain letters, single spaces and nothing invisible, and where each character came from."""
    letters: list[str] = []
    origins: list[int] = []
    for index, letter in enumerate(text):
        plain = _plain_letter(letter)
        if not plain or (plain == " " and letters and letters[-1] == " "):
            continue
        letters.append(plain)
        origins.append(index)
    return "".join(letters), origins


def _plain_letter(letter: str) -> str:
    if letter.isascii() and (letter.isprintable() or letter == "\n"):
        return letter
    if unicodedata.category(letter) in {"Cf", "Cc"} and not letter.isspace():
        return ""
    if letter.isspace():
        return "\n" if letter in "\n\u2028\u2029" else " "
    compatible = unicodedata.normalize("NFKC", letter)
    return compatible if len(compatible) == 1 else letter


def is_uncased(text: str) -> bool:
    """Whether capitals tell nothing: nearly all letters are capitals, or nearly none."""
    letters = [letter for letter in text if letter.isalpha()]
    share = sum(letter.isupper() for letter in letters) / max(1, len(letters))
    return bool(letters) and not FEWEST_CAPITALS < share < MOST_CAPITALS


def recased_reading(text: str, names: frozenset[str]) -> str:
    """The text, as long as before, with a capital for every word that is not a small word or is a known name."""

    def recased(found: re.Match[str]) -> str:
        word = "".join(_same_length(letter, letter.lower()) for letter in found.group())
        if word.replace("’", "'") in word_list("function_words") and fold(word) not in names:
            return word
        return _same_length(word[0], word[0].upper()) + word[1:]

    return _WORD.sub(recased, text)


def _same_length(letter: str, changed: str) -> str:
    return changed if len(changed) == 1 else letter
