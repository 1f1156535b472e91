"""What the record says of an item, as parts of a page: the same blocks that the papers draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.navigation import opens_for
from rightplace.journey.contracts.document import Block, Facts, Grid, Words
from rightplace.journey.panels.models import PanelItem


@dataclass(frozen=True, slots=True)
class Drawn:
    """A headed block: words, keys and values, or a table."""

    heading: str
    words: str = ""
    facts: tuple[SummaryRow, ...] = ()
    table: Table | None = None


def drawn(sections: Iterable[tuple[str, tuple[Block, ...]]]) -> list[Drawn]:
    """Each block under its heading."""
    return [_drawn(heading, block) for heading, blocks in sections for block in blocks]


def permission_sections(current: str, role: str) -> list[NavItem]:
    """The two lists of permissions beside each other: to place, and for dearer variations."""
    pages = (("To place", "panel:permissions"), ("Dearer variations", "panel:variations"))
    urls = [(label, name, reverse(name)) for label, name in pages]
    return [NavItem(label, url, name == current) for label, name, url in urls if opens_for(url, role)]


@dataclass(frozen=True, slots=True)
class AgendaNote:
    """On which agenda a permission stands, and the item's page for those who may open it."""

    words: str
    url: str


def agenda_note(item: PanelItem | None, role: str) -> AgendaNote | None:
    """Where a permission waits for the panel's word; None where it stands on no agenda."""
    if item is None:
        return None
    url = reverse("panel:item", args=[item.pk])
    at = f"{timezone.localtime(item.meeting.starts_at):%-d %B %Y at %H:%M}"
    return AgendaNote(f"{item.meeting.kind}, {at}", url if opens_for(url, role) else "")


def is_for_the_panel(item: PanelItem | None, route: str) -> bool:
    """Whether the decision is recorded on the item and nowhere else."""
    return item is not None and route == "panel"


def _drawn(heading: str, block: Block) -> Drawn:
    if isinstance(block, Words):
        return Drawn(heading, words=block.text)
    if isinstance(block, Facts):
        return Drawn(heading, facts=tuple(SummaryRow(key, value) for key, value in block.rows))
    return Drawn(heading, table=_table(heading, block))


def _table(heading: str, grid: Grid) -> Table:
    columns = [Column(label, _cell(place)) for place, label in enumerate(grid.head)]
    return Table(columns, grid.rows, heading, hide_caption=True)


def _cell(place: int):  # type: ignore[no-untyped-def]  # a function of a row of words
    return lambda row: row[place]
