"""Names of companies and charities as different hands write them: the forms by which two of them are the same.

A name is compared without case, punctuation, legal form ("Ltd", "plc") and a leading "the"; "&" is "and", and the ways
of writing one word ("childrens", "children's", "fostercare") are one. A trading name ("T/A", "trading as") and what stands
in brackets are names of their own. Where a private person trades under a name, only that name is kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rightplace.core.free_text.words import first_names

WITHHELD = "Name withheld"
"""What stands for a payee whose name was taken out, or who seems to be a private person."""

_TRADES_AS = re.compile(r"\b(?:t\s*/\s*a\.?|t\\a|trading\s+as|trading\s+for)(?=[\s:])", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)?")
_WITHHELD = re.compile(
    r"\b(?:redact\w*|name withheld|withheld|personal data|individual|private person)\b", re.IGNORECASE
)
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|lady)\b\.?\s+\S", re.IGNORECASE)
_PART_OF = re.compile(
    r"^(?:a\s+)?(?:division|part|member|trading name|subsidiary)\s+of\s+(?:the\s+)?", re.IGNORECASE
)
_LEGAL = frozenset("ltd limited lt limite limit plc llp lp cic cio inc".split())
_AT_THE_END = frozenset(("l", "li", "lim", "limi", "ac", "group"))
_REGIONS = {
    "n": "north", "s": "south", "e": "east", "w": "west", "ne": "north east", "nw": "north west", "se": "south east",
    "sw": "south west", "northwest": "north west", "northeast": "north east", "southwest": "south west",
    "southeast": "south east",
}  # fmt: skip
_SAME = {
    "services": "service", "solutions": "solution", "childrens": "children", "child": "children", "homes": "home",
    "fostercare": "foster care", "residental": "residential", "schools": "school",
    "projects": "project", "assocation": "association", "childcare": "children care", "organisations": "organisation",
}  # fmt: skip
_ORGANISATIONS = frozenset(
    """ltd limited plc llp cic care cares foster fostering fosterplus fostercare school academy academies college council
    services service group trust homes home house houses children childrens child childcare support education
    association society agency team network company solutions centre center foundation university nhs church hotel
    authority borough county city office project projects residential autism therapy health healthcare
    hospital housing lodge family families adoption learning training security law solicitors chambers consultancy
    consulting partnership partners community communities charity ministries club union bank police court
    clinic surgery pharmacy practice specialist specialists independent independence living people youth young
    provision placements placement international national uk england scotland wales stores store supermarket transport
    taxis cars travel catering it digital systems media publishing wholesale retail manor farm hall court cottage park
    view villa place barn grange priory hill rise leaving career careers semi assist assistance enterprise enterprises
    payments bacs post board department ministry offender management""".split()
)


_SURNAMES_TOO = frozenset("hall hill park foster church law young".split())


@dataclass(frozen=True, slots=True)
class NameForm:
    """One form of a name: its words as compared, and how it was found ("own", "trading" or "bracket")."""

    words: str
    source: str

    @property
    def key(self) -> str:
        """The words without spaces: "Orange Grove" and "Orangegrove" meet."""
        return self.words.replace(" ", "")


def name_key(name: str) -> str:
    """One key for every way of writing a name; empty where its name is withheld."""
    found = name_forms(name)
    return found[0].key if found else ""


@lru_cache(maxsize=50_000)
def name_forms(name: str) -> tuple[NameForm, ...]:
    """The forms of a name, its own first; none where the name is withheld or is a private person's."""
    kept = without_person(name)
    if kept == WITHHELD:
        return ()
    own, trading = _split_trading(kept)
    inside = [_PART_OF.sub("", part.strip()) for part in _BRACKETS.findall(own)]
    regions = [part for part in inside if _is_region(part)]
    bare = _BRACKETS.sub(" ", own)
    texts = [(" ".join([bare, *map(_region, regions)]), "own"), *((part, "trading") for part in trading)]
    texts += [(part, "bracket") for part in inside if part not in regions]
    forms = (NameForm(_words(text), source) for text, source in texts)
    unique = {form.words: form for form in reversed([form for form in forms if form.words])}
    return tuple(reversed(unique.values()))


def without_person(name: str) -> str:
    """A payee's name as it may be kept: a private person's is withheld, or gives way to the name that the person trades under."""
    plain = " ".join(name.split())
    if not plain or _WITHHELD.search(plain):
        return WITHHELD
    own, trading = _split_trading(plain)
    if not is_person(own):
        return plain
    kept = [part for part in trading if not is_person(part)]
    return kept[0] if kept else WITHHELD


def is_person(name: str) -> bool:
    """Whether a name seems to be a private person's: a title, or two to four words with a first name or an initial, and no
    word of an organisation. Doubt falls on the side of privacy."""
    if _TITLE.match(name.strip()):
        return True
    words = re.findall(r"[^\W\d_]+", re.sub(r"['’]", "", _folded(name).lower()))
    if not 2 <= len(words) <= 4 or re.search(r"[\d@&/]", name):
        return False
    if set(words) & _ORGANISATIONS and not (len(words) == 2 and words[1] in _SURNAMES_TOO):
        return False
    has_initial = any(len(word) == 1 for word in words)
    return has_initial or words[0] in first_names() or words[-1] in first_names()


def _split_trading(name: str) -> tuple[str, list[str]]:
    own, *trading = _TRADES_AS.split(name)
    return own.strip(" ,.-"), [part.strip(" ,.-:") for part in trading if part.strip(" ,.-:")]


def _is_region(text: str) -> bool:
    words = text.lower().replace(".", " ").split()
    known = {
        "north",
        "south",
        "east",
        "west",
        "london",
        "midlands",
        "central",
        "scotland",
        "wales",
        "yorkshire",
        "uk",
    }
    return bool(words) and all(word in known or word in _REGIONS for word in words)


def _region(text: str) -> str:
    return " ".join(_REGIONS.get(word, word) for word in text.lower().replace(".", " ").split())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _words(text: str) -> str:
    plain = _folded(text).casefold().replace("&", " and ").replace("+", " and ")
    plain = re.sub(r"['’‘`´.]", "", plain).replace("co-operative", "cooperative")
    words = re.findall(r"[a-z0-9]+", plain)
    words = words[1:] if words[:1] == ["the"] and len(words) > 1 else words
    while len(words) > 1 and (words[-1] in _LEGAL or words[-1] in _AT_THE_END):
        words = words[:-1]
    kept = [word for word in words if word not in _LEGAL] or words
    return " ".join(_SAME.get(word, _REGIONS.get(word, word) if len(word) > 1 else word) for word in kept)
