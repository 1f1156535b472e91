"""What the pages of an offer show beside their forms: steps, summaries, the cost with its chart, links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from rightplace.core.money import percentage, pounds
from rightplace.desks.components.parts import Step, SummaryRow
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day, number
from rightplace.desks.portal.offer_forms import KIND_WORDS, UNIT_SHORT
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.offers.pages import OfferPage

STEPS = (
    ("place", "Place and support"),
    ("price", "Price"),
    ("answers", "Needs and criteria"),
    ("evidence", "Evidence"),
)
PLACE_FIELDS = frozenset({"starts_on", "open_until", "carer_reference", "support_words"})


@dataclass(frozen=True, slots=True)
class Missing:
    """Something still missing: in words, on which step, and where to mend it."""

    words: str
    step: str
    url: str


def address(request: HttpRequest, name: str, key: int | None = None) -> str:
    """The address of a page of offers at the desk of this request: the portal's, or the brokers'."""
    desk = request.resolver_match.namespace if request.resolver_match else "portal"
    return reverse(f"{desk}:{name}", args=[] if key is None else [key])


def links(request: HttpRequest, key: int) -> dict[str, str]:
    """The addresses of all pages of one offer."""
    names = ("submit", "reopen", "withdraw", "evidence_remove", *(step for step, _ in STEPS))
    found = {name: address(request, f"offer_{name}", key) for name in names}
    return {**found, "offer": address(request, "offer", key), "offers": address(request, "offers")}


def missing(request: HttpRequest, page: OfferPage) -> list[Missing]:
    """Everything that is missing, each leading to its entry."""
    rows = []
    for problem in page.missing:
        step = (
            "place" if problem.field in PLACE_FIELDS else "price" if problem.field == "lines" else "answers"
        )
        url = f"{address(request, f'offer_{step}', page.row.id)}?missing=1#{_anchor(page, problem.field)}"
        rows.append(Missing(problem.sentence, step, url))
    return rows


def _anchor(page: OfferPage, field: str) -> str:
    if field in {"starts_on", "open_until"}:
        return f"id_{field}_day"
    for place, one in enumerate(page.answers):
        if field == f"{one.topic.about}:{one.topic.key}":
            return f"id_met_{place}_0" if one.topic.about == "criterion" else f"id_how_{place}"
    return "lines" if field == "lines" else f"id_{field}"


def steps(request: HttpRequest, page: OfferPage, current: str = "") -> list[Step]:
    """The steps of the form with how far each is."""
    open_steps = {one.step for one in missing(request, page)}
    held = {"price": bool(page.lines), "evidence": bool(page.evidence)}
    made = []
    for name, label in STEPS:
        state = "todo" if name in open_steps or not held.get(name, True) else "done"
        url = address(request, f"offer_{name}", page.row.id)
        made.append(Step(label, url, "current" if name == current else state))
    return [
        *made,
        Step("Check and submit", address(request, "offer", page.row.id), "todo" if current else "current"),
    ]


def price_table(lines: Sequence[LineGiven]) -> Table:
    """The price lines as a table."""
    columns = (
        Column("Price line", lambda line: line.words or KIND_WORDS[line.kind]),
        Column("What for", lambda line: KIND_WORDS[line.kind]),
        Column("Amount", amount_words),
        Column("When", _when),
    )
    return Table(
        columns, lines, "Price lines", id="price-lines", empty="No price line yet.", hide_caption=True
    )


def amount_words(line: LineGiven) -> str:
    """A line's amount as people say it: £24.50 an hour, 6 hours a week; less 2.5%."""
    less = "less " if line.kind == "discount" else ""
    if line.unit == "percent":
        return f"{less}{percentage(line.basis_points)}"
    words = f"{less}{pounds(line.amount_pence)} {UNIT_SHORT[line.unit]}"
    if line.unit == "hour":
        return f"{words}, {number(float(line.quantity))} hours a week"
    return words if line.quantity == 1 else f"{words}, {number(float(line.quantity))} times"


def _when(line: LineGiven) -> str:
    if line.unit == "one_off":
        return f"on {day(line.starts_on)}" if line.starts_on else "on the first day"
    parts = [f"from {day(line.starts_on)}"] if line.starts_on else []
    parts += [f"until {day(line.ends_on)}"] if line.ends_on else []
    return " ".join(parts) or "all of the stay"


def cost_rows(page: OfferPage) -> list[SummaryRow]:
    """What the price comes to, in lines; empty without a price and a start."""
    if page.cost is None or page.stay is None:
        return []
    nights, weekly = page.cost.nights, page.cost.weekly_equivalent_pence
    whose = f" for {page.children} children" if page.children > 1 else ""
    return [
        SummaryRow(
            f"Whole cost{whose}",
            pounds(page.cost.total_pence),
            note=f"{count(nights, 'night')} from {day(page.stay.start)} to {day(page.stay.closed_end)}, as expected",
        ),
        SummaryRow("Spread evenly", f"{pounds(weekly or 0)} a week"),
    ]


def years_chart(page: OfferPage) -> Figure | None:
    """The cost of each financial year as bars with its table."""
    if page.cost is None:
        return None
    rows = [Bar(year, pence) for year, pence in sorted(page.cost.by_financial_year.items())]
    return bars(rows, "Cost by financial year", unit="pounds")


def place_rows(page: OfferPage) -> list[SummaryRow]:
    """Place and support, as typed."""
    rows = [
        SummaryRow("Place", page.row.home, note=page.home_words),
        SummaryRow("Start date", day(page.row.starts_on) or "Not given", note=_beside_needed(page)),
        SummaryRow("Offer stands until", day(page.open_until) or "Not given"),
    ]
    if page.needs_carer:
        rows.insert(1, SummaryRow("Foster carer", page.carer_reference or "Not given"))
    if page.home_postcode_district:
        rows.append(SummaryRow("Postcode begins", page.home_postcode_district))
    texts = (
        ("Support", page.support_words),
        ("Education", page.education_words),
        ("Who else lives there", page.others_at_home),
    )
    return rows + [SummaryRow(key, words or "Not given") for key, words in texts]


def _beside_needed(page: OfferPage) -> str:
    return f"Needed by {day(page.needed_by)}" if page.needed_by else ""


def answer_rows(page: OfferPage) -> list[SummaryRow]:
    """Each topic with its answer."""
    rows = []
    for one in page.answers:
        met = {True: "Met. ", False: "Not met. ", None: ""}[one.is_met]
        rows.append(SummaryRow(one.topic.words, f"{met}{one.how}".strip() or "Not answered"))
    return rows
