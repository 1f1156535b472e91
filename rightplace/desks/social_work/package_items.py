"""The priced items of a service on its pages: tables of what is offered and agreed, and sums."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from rightplace.core.services.items import (
    ITEM_UNIT_WORDS,
    week_of,
    weeks_from,
    whole_as_agreed,
    whole_of,
)
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.priced import priced_words


def offer_table(row: Any) -> Table:
    """Every offer with all its items, what a week of it comes to at first, and the whole over the expected weeks."""
    columns = (
        Column("Service", lambda one: str(one.service)),
        Column("What is paid for", lambda one: priced_words(one.as_items())),
        Column("From", "starts_on", "date"),
        Column("A week at first", lambda one: week_of(one.as_items(), one.starts_on), "money"),
        Column(
            "Whole",
            lambda one: whole_of(one.as_items(), weeks_from(one.starts_on, row.likely_weeks)),
            "money",
        ),
        Column("In words", "words"),
    )
    return Table(
        columns, list(row.offers.all()), "Offers", id="offers", empty="No offer yet.", hide_caption=True
    )


def price_table(row: Any, kind_name: str) -> Table:
    """Each item of each agreed price on a line of its own, with its days and what a week of it comes to."""
    columns = (
        Column("Agreed from", lambda one: one[0].starts_on, "date"),
        Column("What", lambda one: one[1].words or kind_name),
        Column("Price", lambda one: f"{pounds(one[1].amount_pence)} {ITEM_UNIT_WORDS[one[1].unit]}"),
        Column("How many", lambda one: one[1].quantity, "number"),
        Column("From", lambda one: one[1].starts_on or one[0].starts_on, "date"),
        Column("Until", lambda one: one[1].ends_on, "date"),
        Column("Comes to a week", lambda one: one[1].weekly_pence, "money"),
        Column("Why", lambda one: "" if one[1].words else one[0].reason),
    )
    lines = [(price, item) for price in row.prices.all() for item in price.as_items()]
    return Table(columns, lines, "Prices", id="prices", hide_caption=True)


def sums(row: Any) -> list[SummaryRow]:
    """What a week comes to now, and the whole over the weeks permitted, each price up to the next."""
    prices, today = list(row.prices.all()), timezone.localdate()
    if not prices or row.starts_on is None:
        return []
    now = [one for one in prices if one.starts_on <= today][-1:] or prices[:1]
    whole = whole_as_agreed(
        [(one.starts_on, one.as_items()) for one in prices], weeks_from(row.starts_on, row.likely_weeks)
    )
    return [
        SummaryRow("A week now", pounds(week_of(now[0].as_items(), max(today, now[0].starts_on)))),
        SummaryRow("Whole as agreed", pounds(whole), note=f"over {row.likely_weeks} weeks"),
    ]
