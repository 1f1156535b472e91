"""Identifying things that have a shape: postcodes, addresses, numbers, dates, schools and links."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from rightplace.core.free_text.spans import Known, Span
from rightplace.core.free_text.words import word_list

_NAME_WORD = r"[A-ZÀ-ÖØ-ÞŁŠŽ][\w'’.&-]{0,40}"
_PROPER = rf"(?:{_NAME_WORD}|of|the|and|for|on|in|le|la|&)"
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|close|cl|drive|dr|gardens|gdns|crescent|cres|court|ct|place|pl"
    r"|terrace|ter|way|grove|square|sq|hill|park|walk|mews|rise|view|row|green|mount|parade|broadway|wharf"
    r"|estate|house|heights|tower|lodge|villas|vale|path|quay)"
)
_SCHOOL = (
    r"(?:Primary|Infants?|Juniors?|Secondary|High|Grammar|Special|Comprehensive|Community|Free|Upper|Lower"
    r"|Middle|Prep(?:aratory)?|C\.?\s?of\s?E\.?|CE|RC|Catholic|Nursery|Sixth\sForm|and|\s){0,5}\s*"
    r"(?:Schools?|Academy|College|Nursery|Pre-?school|Primary|Infants|Juniors?|Secondary|PRU|Sixth\sForm"
    r"|University|Kindergarten|Grammar)"
)
_INSTITUTION = (
    r"(?:Hospital|Surgery|Medical\s(?:Centre|Practice)|Health\sCentre|Clinic|Church|Mosque|Masjid|Temple"
    r"|Gurdwara|Synagogue|Cathedral|Youth\s(?:Centre|Club)|Children[’']?s\s(?:Centre|Home)|Football\sClub|FC"
    r"|Boxing\sClub|Sports\sClub|Leisure\sCentre|Community\sCentre|Library|Cadets|Scouts|Prison|Hostel"
    r"|(?:Magistrates[’']?|Crown|Family|County|Youth)\sCourt|Foundation|Trust|Refuge)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:\s?(?:st|nd|rd|th))?"
_APP = (
    r"(?:snap\s?chat|snap|insta(?:gram)?|tik\s?tok|discord|facebook|fb|twitter|youtube|roblox|x\s?box|psn"
    r"|whats\s?app|kik|telegram|twitch|fortnite|minecraft|gamer\s?tag)"
)
_LABEL = (
    r"(?:case|ref(?:erence)?|ics|mosaic|liquidlogic|lcs|ccm|nhs|upn|uln|urn|child|client|person|home\soffice|ho"
    r"|passport|ni|national\sinsurance|hospital|police|crime|cris|niche|pnc|brp|court)"
)

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "E-mail address",
        re.compile(r"[\w.+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", re.I),
    ),
    (
        "Link",
        re.compile(
            r"(?:https?://|www\.)[^\s<>\"]+"
            r"|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.(?:com|co\.uk|org|org\.uk|net|uk|io|me|gov\.uk|sch\.uk|tv)\b"
            r"(?:/[^\s<>\"]*)?",
            re.I,
        ),
    ),
    ("Name on social media", re.compile(r"(?<![\w.@])@[\w.-]{1,40}\w")),
    (
        "Name on social media",
        re.compile(
            rf"\b{_APP}\b\s*(?:(?:user\s?name|name|handle|account|id|tag|profile)\s*)?(?:is|:|=|-|–)\s*"
            r"[\"“']?[\w.@#-]{3,}",
            re.I,
        ),
    ),
    ("Postcode", re.compile(r"\b(?:GIR\s?0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[\s-]{0,2}[0-9O][A-Z]{2})\b", re.I)),
    (
        "Address",
        re.compile(
            rf"\b(?:(?:flat|apartment|apt|unit|room|house)\s?\w{{1,4}},?\s+)?\d{{1,4}}\s?[a-z]?,?\s+"
            rf"(?:[\w'’.-]+\s+){{1,3}}?{_STREET}\b\.?",
            re.I,
        ),
    ),
    ("Address", re.compile(r"\b(?:flat|apartment|apt)\s?\d+[a-z]?(?:,?\s+[A-Z][\w'’]+){0,3}", re.I)),
    (
        "Address",
        re.compile(
            rf"\b{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,2}}\s+(?:Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Gardens"
            r"|Crescent|Terrace|Grove|Mews|Walk|Estate|Square|Court|House|Way|Tower)\b"
        ),
    ),
    ("Telephone number", re.compile(r"(?<![\w£])(?:\+|00)?\(?\d(?:(?:[\s()-]{0,3}|\.)\d){8,14}(?!\w)")),
    ("Number of a person or case", re.compile(r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.I)),
    ("Number of a person or case", re.compile(r"(?<![\w£.,])[A-Z]{0,3}[-/]?\d{6,}[A-Z]?\b", re.I)),
    ("Number of a person or case", re.compile(r"\b[A-Z]{1,5}[-/]\d{2,}(?:[-/]\d+)*\b")),
    (
        "Number of a person or case",
        re.compile(
            rf"\b{_LABEL}\s*(?:no|number|num|ref(?:erence)?|id)?\b\.?\s*(?:is|:|#|=)?\s*#?"
            r"(?:\d{1,4}(?:\s\d{3,4}){1,3}\b|(?=[\w/-]*\d)[A-Z]{0,4}[\d/-][\w/-]{2,})",
            re.I,
        ),
    ),
    ("Full date", re.compile(r"(?<![\d£])\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})(?!\d)")),
    ("Full date", re.compile(r"(?<!\d)(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}(?!\d)")),
    (
        "Full date",
        re.compile(
            rf"\b{_DAY}(?:\s+of)?[\s-]+{_MONTH}\b\.?,?[\s-]+(?:(?:19|20)\d{{2}}|[’']?\d{{2}})\b", re.I
        ),
    ),
    ("Full date", re.compile(rf"\b{_MONTH}\b\.?\s+{_DAY},?\s+(?:19|20)\d{{2}}\b", re.I)),
    (
        "Date of birth",
        re.compile(
            rf"\b(?:d\.?o\.?b\.?|born|birthday|date of birth)\W+(?:(?:is|was|on|in|the)\s+)*"
            rf"(?:{_DAY}(?:\s+of)?\s+{_MONTH}|{_MONTH}\s+{_DAY}|{_MONTH}\s+(?:19|20)\d{{2}})\b",
            re.I,
        ),
    ),
    ("School", re.compile(rf"\b{_NAME_WORD}(?:\s+{_PROPER}){{0,5}}?\s+{_SCHOOL}\b")),
    ("School", re.compile(rf"\b(?i:school|academy|college|nursery)\s+(?:is|called|named|:)\s+{_NAME_WORD}")),
    ("Place that the child uses", re.compile(rf"\b{_NAME_WORD}(?:\s+{_PROPER}){{0,4}}?\s+{_INSTITUTION}\b")),
    ("Place that the child uses", re.compile(r"\b(?:HMP|HMYOI|YOI|STC)\s+[A-Z]\w+(?:\s[A-Z]\w+)?")),
    ("Place that the child uses", re.compile(r"\bSt\.?\s+[A-Z][\w’']+(?:\s+(?:and|&)\s+St\.?\s+[A-Z]\w+)?")),
)
_ORDINARY_HEADS = word_list("ordinary_heads")
_NOT_A_STREET = word_list("not_a_street")


def shaped_spans(text: str) -> Iterable[Span]:
    """Everything whose shape gives it away, wherever it stands in the text."""
    for why, pattern in PATTERNS:
        for found in pattern.finditer(text):
            if _is_telling(why, found.group()):
                yield Span(found.start(), found.end(), found.group(), why)


def _is_telling(why: str, found: str) -> bool:
    """Whether the words are more than an ordinary phrase of the same shape."""
    words = found.casefold().split()
    if why == "Telephone number":
        return 9 <= sum(letter.isdigit() for letter in found) <= 15
    if why in {"School", "Place that the child uses"}:
        return not _ORDINARY_HEADS.issuperset(words[:-1])
    if why == "Address":
        return _NOT_A_STREET.isdisjoint(words)
    return not found.casefold().startswith("covid")


def known_spans(text: str, known: Known) -> Iterable[Span]:
    """What the register knows: postcodes, places, references and dates, however they are spaced or cased."""
    for why, pattern in _known_patterns(known):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), found.group(), why)


@lru_cache(maxsize=256)
def _known_patterns(known: Known) -> tuple[tuple[str, re.Pattern[str]], ...]:
    spellings = [("Postcode of the child or family", _spaced(value)) for value in known.postcodes]
    spellings += [("Number of the child or family", _spaced(value)) for value in known.references]
    spellings += [("Place of the child or family", _worded(value)) for value in _place_names(known.places)]
    spellings += [("Date of birth", _dated(value)) for value in known.dates]
    return tuple((why, re.compile(pattern, re.I)) for why, pattern in spellings if pattern)


def _spaced(value: str) -> str:
    """Its letters and digits in order, however spaced; empty when too short to tell anything."""
    letters = [re.escape(letter) for letter in value if letter.isalnum()]
    return r"(?<!\w)" + r"[\s./-]{0,2}".join(letters) + r"(?!\w)" if len(letters) >= 4 else ""


def _worded(value: str) -> str:
    words = [re.escape(word).replace("'", "['’]?").replace("’", "['’]?") for word in value.split()]
    return r"(?<!\w)" + r"[\s,.-]+".join(words) + r"(?!\w)" if words and len(value) >= 4 else ""


def _place_names(places: Iterable[str]) -> list[str]:
    """Each place as written, a school without its kind ("Oak Park"), and a street without its number."""
    names = []
    for place in places:
        head = _HOUSE_NUMBER.sub("", _KIND_OF_PLACE.sub("", place)).strip(" ,")
        names += [place, head] if len(head) >= 4 and head.casefold() not in _PLAIN_HEADS else [place]
    return names


_HOUSE_NUMBER = re.compile(r"^(?:(?:flat|apartment|apt|unit|room)\s?\w+,?\s+)?\d+\s?[a-z]?,?\s+", re.I)
_KIND_OF_PLACE = re.compile(rf"(?:\s+(?:{_SCHOOL}|{_INSTITUTION}))+\s*$", re.I)
_PLAIN_HEADS = frozenset({"high", "church", "park", "community", "central", "station", "school", "main"})


_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _dated(day: date) -> str:
    """A known date with or without its year, in figures or words, day first or month first."""
    month = _MONTH_NAMES[day.month - 1]
    month_words = rf"(?:{month}|{month[:3]}\.?)"
    day_words = rf"0?{day.day}(?:\s?(?:st|nd|rd|th))?"
    figures = rf"0?{day.day}\s?[./-]\s?0?{day.month}(?:\s?[./-]\s?(?:{day.year}|{day.year % 100:02d}))?"
    words = rf"{day_words}(?:\s+of)?[\s-]+{month_words}|{month_words}\s+{day_words}"
    squeezed = f"{day.day:02d}{day.month:02d}(?:{day.year}|{day.year % 100:02d})"
    year = rf"(?:,?[\s-]+(?:{day.year}|[’']?{day.year % 100:02d}))?"
    return rf"(?<!\d)(?:{figures}|(?:{words}){year}|{squeezed})(?!\d)"
