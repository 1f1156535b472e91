"""Names in free text: the child's and family's own, however they are written, and other people's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rightplace.core.free_text.spans import Known, Span
from rightplace.core.free_text.words import (
    common_words,
    differs_by_at_most,
    first_names,
    fold,
    short_forms,
    word_list,
)

_JOINERS = "'’ʼ`\\-‐‑\u00ad\u200b\u200c\u200d\u2060\u0300-\u036f"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_JOINERS}](?=[^\W\d_]|[{_JOINERS}]))*")
_PIECE = re.compile(r"[^\s'’ʼ`\-‐‑.,()\"“”]+")
_PARTICLES = word_list("particles")
_TITLES = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Rev(?:erend)?|Imam|Pastor|Sir|Aunt(?:ie|y)?|Uncle|Nann?y?|Nana|Gran"
    r"|Grandma|Grandad|Grandpa|Cousin|PC|DC|DS|Sgt|Judge|Cllr|Sheikh|Rabbi)"
)
_RELATIONS = (
    r"(?:mum|mom|mother|dad|father|brother|sister|sibling|twin|cousin|aunt|auntie|uncle|nan|gran|grandmother"
    r"|grandfather|grandma|grandad|step-?(?:mum|dad|mother|father|brother|sister)|partner|friend|boyfriend"
    r"|girlfriend|carer|carers|worker|teacher|manager|tutor|mentor|therapist|doctor|dentist|neighbour"
    r"|reviewing officer"
    r"|called|named|nicknamed|known as|aka|goes by|answers to|name is|preferred name)"
)
_CAPITAL = r"[^\W\d_a-z][\w'’-]{1,30}"
_INTRODUCED = re.compile(
    rf"\b(?:(?P<title>{_TITLES})\.?|(?i:{_RELATIONS})(?:\s+(?:is|was|are|were|called|named))?[,:(]?)"
    rf"\s+[\"“'‘(]?(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n•*–\"“(]|\s-)\s*$")
_ENDS_IN_A_FIGURE = re.compile(r"\d\s$")
_IS_A_MONTH = re.compile(
    r"(?i)(?:\b(?:in|since|from|until|till|by|of|during|last|next|this|early|late|mid|every|the)|\d(?:st|nd|rd|th)?)\s*$"
)
_OWNS = re.compile(r"['’ʼ`]s$")
_DOES = re.compile(
    r"(?:\s+(?:is|was|has|had|will|would|can|could|does|did|says|said|likes|loves|needs|lives|lived|wants|feels"
    r"|goes|went|attends|attended|enjoys|told|came|and [A-Z])\b)"
)


@dataclass(frozen=True, slots=True)
class _KnownForms:
    """Every way in which a known name may be written, folded."""

    exact: frozenset[str]
    short: frozenset[str]
    clipped: frozenset[str]
    fuzzy: tuple[str, ...]
    initials: frozenset[str]


def name_spans(text: str, known: Known) -> Iterable[Span]:
    """Names in a text: known ones in any spelling, titles with a name, and common first names."""
    forms = _known_forms(known.names)
    for found in _WORD.finditer(text):
        why = _why_known(found.group(), forms) or _why_first_name(text, found)
        if why:
            start, end = _start_of_name(text, found.start()), _end_of_name(text, found.end())
            yield Span(start, end, text[start:end], why)
    yield from _introduced(text)
    yield from _initials(text, forms)


def known_name_parts(known: Known) -> frozenset[str]:
    """The known names and their parts, folded."""
    return _known_forms(known.names).exact


def _parts(word: str) -> list[str]:
    """A word and its parts at hyphens and apostrophes, folded: "O'Neill-James" gives four."""
    bare = re.sub(r"['’ʼ`]s?$", "", word)
    pieces = [fold(piece) for piece in _PIECE.findall(bare)]
    return list(dict.fromkeys([fold(word), fold(bare), *(p for p in pieces if len(p) > 1)]))


@lru_cache(maxsize=256)
def _known_forms(names: tuple[str, ...]) -> _KnownForms:
    exact: set[str] = set()
    initials: set[str] = set()
    for name in names:
        words = name.split()
        exact.add(fold(name))
        exact.update(part for word in words for part in _parts(word) if part not in _PARTICLES)
        if len(words) > 1:
            initials.add("".join(fold(word)[:1] for word in words).upper())
            initials.add((fold(words[0])[:1] + fold(words[-1])[:1]).upper())
    exact = {part for part in exact if len(part) > 1}
    short = {form for part in exact for form in short_forms().get(part, ())}
    clipped = {form for part in exact if len(part) >= 5 for form in _clipped(part)}
    return _KnownForms(
        frozenset(exact),
        frozenset(short - exact),
        frozenset(clipped - exact),
        tuple(sorted(part for part in exact if len(part) >= 4)),
        frozenset(initials),
    )


def _clipped(part: str) -> set[str]:
    """Short forms made by cutting a name: "Adebayo" gives Ade, Adeb, Adey, Addy and the like."""
    stems = {part[:length] for length in range(3, min(len(part), 13))}
    return stems | {stem + end for stem in stems for end in ("y", "ie", "s", stem[-1] + "y")}


def _why_known(word: str, forms: _KnownForms) -> str:
    is_capital, parts = not word[0].islower(), _parts(word)
    plain = [part for part in parts if part not in common_words()]
    if any(part in forms.exact for part in (parts if is_capital else plain)):
        return "Name of the child or family"
    if any(part in forms.short for part in (parts if is_capital else plain)):
        return "Short form of a name of the child or family"
    if is_capital and any(part in forms.clipped for part in plain):
        return "Short form of a name of the child or family"
    if any(_is_misspelt(part, is_capital, forms.fuzzy) for part in plain):
        return "Like a name of the child or family, spelt otherwise"
    return ""


@lru_cache(maxsize=65536)
def _is_misspelt(part: str, is_capital: bool, fuzzy: tuple[str, ...]) -> bool:
    for name in fuzzy:
        limit = 2 if len(name) >= 7 else 1
        is_alike = part[:1] == name[:1] or (is_capital and len(name) >= 5)
        if is_alike and (is_capital or len(name) >= 5) and differs_by_at_most(limit, part, name):
            return True
    return False


def _why_first_name(text: str, found: re.Match[str]) -> str:
    word = found.group()
    is_capital = not word[0].islower()
    for part in _parts(word):
        if part not in first_names():
            continue
        if part not in common_words():
            if is_capital or len(part) >= 4:
                return "A first name"
        elif is_capital and _is_used_as_name(text, found):
            return "May be a first name"
    return ""


def _is_used_as_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word that is also an ordinary word (Will, Grace, May) stands here for a person."""
    before, after = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 20]
    if _OWNS.search(found.group()) or _DOES.match(after) or _is_followed_by_surname(text, found.end()):
        return True
    if _IS_A_MONTH.search(before) and fold(found.group()) in {
        "april",
        "may",
        "june",
        "august",
        "summer",
        "autumn",
    }:
        return False
    if fold(found.group()) == "miles" and _ENDS_IN_A_FIGURE.search(before):
        return False
    return not _SENTENCE_START.search(before)


_BEFORE = re.compile(rf"(?i:\b(?:{'|'.join(sorted(word_list('before_names')))})[\s-]+)+$")


def _start_of_name(text: str, start: int) -> int:
    """The start of a name including the small words before it: "El Amrani", "van der Berg"."""
    window = max(0, start - 20)
    before = _BEFORE.search(text[window:start])
    return window + before.start() if before else start


_SURNAME = re.compile(rf"(?:\s+(?:(?:al|bin|da|de|der|el|van|von)[\s-])?(?P<word>{_CAPITAL}))")


def _end_of_name(text: str, end: int) -> int:
    """The end of a name including the capitalised words that follow it, such as a surname."""
    for _ in range(2):
        following = _SURNAME.match(text, end)
        if (
            following is None
            or fold(following["word"]) in common_words()
            or fold(following["word"]) in _NOT_SURNAMES
        ):
            return end
        end = following.end()
    return end


def _is_followed_by_surname(text: str, end: int) -> bool:
    return _end_of_name(text, end) > end


_NOT_SURNAMES = word_list("not_surnames")


def _introduced(text: str) -> Iterable[Span]:
    """A capitalised word after a title or a relation: "Mrs Okoro", "his brother Zeb", "known as Bee"."""
    for found in _INTRODUCED.finditer(text):
        end = 0
        for word in re.finditer(r"\S+", found["name"]):
            if _is_no_name(word.group()):
                break
            end = found.start("name") + word.end()
        if end:
            start = found.start("title") if found["title"] else found.start("name")
            yield Span(start, end, text[start:end], "A name after a title or relation")


def _is_no_name(word: str) -> bool:
    bare = re.sub(r"['’]s$", "", word)
    return fold(bare) in _NOT_SURNAMES or (fold(bare) in common_words() and fold(bare) not in first_names())


_ACRONYMS = word_list("acronyms")


def _initials(text: str, forms: _KnownForms) -> Iterable[Span]:
    """The initials of a known name: "J.S.", "J S", "JS", and a single "J" or "J."."""
    for initials in filter(None, forms.initials):
        letters = [re.escape(letter) for letter in initials]
        dotted = r"\.\s?".join(letters) + r"\b\.?" + ("|" + r"\s".join(letters))
        plain = "" if initials in _ACRONYMS else "|" + "".join(letters)
        single = "" if initials[:1] in {"A", "I"} else rf"|{letters[0]}\.?(?!\w)"
        for found in re.finditer(rf"(?<![\w.'’-])(?:{dotted}{plain}{single})(?![\w'’-](?!s\b))", text):
            yield Span(found.start(), found.end(), found.group(), "May be initials of the child or family")
