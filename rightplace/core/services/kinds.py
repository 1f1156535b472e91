"""A kind of service: everything that differs between kinds is a value here, so that no kind needs code of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.core.pricing import PriceUnit
from rightplace.core.problems import Problem
from rightplace.core.services.milestones import milestone_rules
from rightplace.core.services.particulars import particular_rules

LARGEST_AGE = 25
UNIT_WORDS = {
    PriceUnit.HOUR.value: "an hour",
    PriceUnit.SESSION.value: "a session",
    PriceUnit.NIGHT.value: "a night",
    PriceUnit.WEEK.value: "a week",
    PriceUnit.FOUR_WEEKS.value: "for four weeks",
    PriceUnit.MONTH.value: "a month",
    PriceUnit.ONE_OFF.value: "once",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTerms:
    """What a kind of service is from `starts_on` until later terms of the same code.

    `form_parts` are what a request is asked, `musts` what an offer has to meet, `checks` what is done before the start,
    `clocks` the milestones in words (`milestones.py`), `particulars` what is kept of each service from a day on
    (`particulars.py`), `questions` what each review asks. Without `price_units` nothing is
    bought: it is a pathway with its milestones. `is_home`: a child lives there, so a child under 18 comes to it by a
    placement; `home_kind` says which homes of the register are of the kind (a code of `HomeKind`; "" none), and so which
    offers to a placement request its musts are asked of. `panel` names who gives permission; "" leaves it to delegated limits.
    """

    code: str
    name: str
    starts_on: date
    group: str = ""
    unit: str = ""
    capacity: str = ""
    is_home: bool = False
    home_kind: str = ""
    min_age: int = 0
    max_age: int = LARGEST_AGE
    checks: tuple[str, ...] = ()
    form_parts: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    return_codes: str = ""
    panel: str = ""
    budget_line: str = ""
    price_units: tuple[str, ...] = ()
    musts: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    particulars: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_bought(self) -> bool:
        """Whether a provider is paid for it; otherwise it is a pathway of the authority's own."""
        return bool(self.price_units)

    def takes_age(self, age: int) -> bool:
        """Whether the kind is for somebody of so many whole years."""
        return self.min_age <= age <= self.max_age


def terms_on(rows: Iterable[KindTerms], on: date) -> Mapping[str, KindTerms]:
    """The terms of each kind that hold on a day, by code in order of name: the latest that have begun.

    Of two from the same day the later in `rows` holds, so that an authority's own take the place of the packaged ones.
    """
    found: dict[str, KindTerms] = {}
    for row in rows:
        held = found.get(row.code)
        if row.starts_on <= on and (held is None or held.starts_on <= row.starts_on):
            found[row.code] = row
    return dict(sorted(found.items(), key=lambda pair: pair[1].name.lower()))


def kind_problems(terms: KindTerms) -> list[Problem]:
    """What is wrong with terms as they are entered: every reason, at its field."""
    found = [] if terms.name.strip() else [Problem("empty", "Say what the kind is called.", "name")]
    if terms.min_age > terms.max_age:
        found.append(Problem("ages", "The oldest must not be younger than the youngest.", "max_age"))
    unknown = [unit for unit in terms.price_units if unit not in UNIT_WORDS]
    if unknown:
        found.append(Problem("unknown", f"No price is made by {', '.join(unknown)}.", "price_units"))
    if terms.home_kind and terms.home_kind not in set(HomeKind):
        found.append(Problem("unknown", "Choose a kind of home from the list.", "home_kind"))
    if terms.home_kind and not terms.is_home:
        words = "Tick that a child lives there, or choose no kind of home."
        found.append(Problem("no_home", words, "home_kind"))
    found.extend(milestone_rules(terms.clocks)[1])
    found.extend(particular_rules(terms.particulars)[1])
    for name in ("checks", "form_parts", "clocks", "musts", "questions", "particulars", "indicators"):
        lines = getattr(terms, name)
        if len(set(lines)) < len(lines):
            found.append(Problem("twice", "Write each line once.", name))
        if len(lines) > 20 or any(len(line) > 200 for line in lines):
            found.append(Problem("long", "Write at most 20 lines of at most 200 characters.", name))
    return found


def musts_of_homes(
    kinds: Iterable[KindTerms], home_kind: str, ages: Iterable[int]
) -> tuple[tuple[str, str], ...]:
    """What every offer of a home of this kind has to meet for children of these ages: kind of service and must, each once.

    A kind asks it only for an age that it takes: what holds at 16 is not asked for a child of 12 who comes along.
    """
    wanted = tuple(ages)
    found: dict[str, str] = {}
    for terms in kinds:
        if terms.is_home and terms.home_kind == home_kind and any(terms.takes_age(age) for age in wanted):
            for must in terms.musts:
                found.setdefault(must, terms.name)
    return tuple((name, must) for must, name in found.items())


def counts_by_kind(codes: Iterable[str], known: Iterable[str]) -> dict[str, int]:
    """How many services there are of each known kind, none among them; a kind counts only its own.

    ValueError for a code that no kind has: a service that nobody counts would be lost from every figure.
    """
    found = dict.fromkeys(known, 0)
    for code in codes:
        if code not in found:
            raise ValueError(f"no kind of service is called {code!r}")
        found[code] += 1
    return found
