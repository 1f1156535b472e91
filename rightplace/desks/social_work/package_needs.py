"""Need against provision on the page of a service: each item with what is needed, agreed and used, and its difference."""

from __future__ import annotations

from datetime import date
from typing import Any

from rightplace.core.services.items import ITEM_UNIT_WORDS
from rightplace.core.services.needs import NeedLine, over_and_under
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.record import Part
from rightplace.journey.packages.queries import terms_of
from rightplace.oversight.services.needs import WEEKS_OF_USE, needs_against

FIT_WORDS = {
    "over": "More than is needed",
    "under": "Less than is needed",
    "fits": "As needed",
    "": "Need not said",
}
TITLE = "Need and provision"


def parts(row: Any, today: date) -> list[Part]:
    """What runs today beside what is needed; nothing while it does not run."""
    lines = needs_against(row, today) if row.state == "running" else []
    if not lines:
        return []
    over, under = over_and_under(lines)
    sums = [
        SummaryRow("More than is needed", f"{pounds(over)} a week", note="what a change could save"),
        SummaryRow(
            "Less than is needed",
            f"{pounds(under)} a week",
            note="what the rest would cost at the agreed price",
        ),
    ]
    return [Part(TITLE, summary=sums, table=_table(lines, terms_of(row).name))]


def _table(lines: list[NeedLine], kind_name: str) -> Table:
    columns = (
        Column("What", lambda one: one.words or kind_name),
        Column("For", lambda one: ITEM_UNIT_WORDS[one.unit]),
        Column("Needed", "needed", "number"),
        Column("Agreed", "provided", "number"),
        Column(f"Used a week, last {WEEKS_OF_USE} weeks", "used", "number"),
        Column("Fit", lambda one: FIT_WORDS[one.fit]),
        Column("Difference a week", "difference_pence", "money"),
    )
    return Table(columns, lines, TITLE, id="needs", hide_caption=True)
