"""The values that page parts show; a view makes them, a tag draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way here; the last has no url."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of a navigation: a desk's pages, or the sections of one record."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a form in several pages; state is done, current, todo or problem."""

    label: str
    url: str = ""
    state: str = "todo"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of a summary list: a key, its value, and where it can be changed."""

    key: str
    value: object
    change_url: str = ""
    change_label: str = "Change"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the person: what, where, until when, and in which state."""

    title: str
    url: str
    detail: str = ""
    due_on: date | None = None
    state: str = ""
    action: str = ""
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure at a glance; tone is plain, good, care or bad, and is said in `detail` too."""

    label: str
    value: object
    detail: str = ""
    url: str = ""
    tone: str = "plain"
    trend: object = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of a timeline; state is done, current, todo or problem."""

    title: str
    at: date | datetime | None = None
    by: str = ""
    detail: object = ""
    state: str = "done"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a place fits, or not: in words, with points where it was scored and met where it was checked."""

    words: str
    points: float | None = None
    out_of: float | None = None
    met: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One column of a comparison: an offer, a home, a carer."""

    title: str
    subtitle: str = ""
    url: str = ""
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of a comparison: a value per option; `best` names the columns that do best on it."""

    label: str
    values: Sequence[object]
    kind: str = "text"
    note: str = ""
    best: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class CompareSection:
    """A heading inside a comparison, over the lines that follow it."""

    label: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options side by side: a column each, a line for each thing compared."""

    caption: str
    options: Sequence[Option]
    lines: Sequence[Compared | CompareSection]
    actions: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that two people changed: what you typed, and what is held now."""

    label: str
    yours: object
    held: object
