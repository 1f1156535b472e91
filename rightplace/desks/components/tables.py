"""Tables: columns declared in the view, sorted by links in the address, drawn fast."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from rightplace.desks.components.clocks import days_face
from rightplace.desks.components.markup import element, escaped, joined, link
from rightplace.desks.components.pieces import clock, status_tag
from rightplace.desks.components.words import day, moment, number, percent, pounds

KINDS: dict[str, Callable[[Any], object]] = {
    "text": lambda value: value,
    "reference": lambda value: value,
    "money": pounds,
    "pounds": lambda value: pounds(value, whole=True),
    "number": number,
    # A number, or what stands in its place: a hidden count, an amount as a file writes it.
    "figure": lambda value: value if isinstance(value, str) else number(value),
    "percent": percent,
    "date": day,
    "moment": moment,
    "clock": lambda due: (
        day(due[0]) if due[1] is None else clock(days_face(due[1], "working day", day(due[0])))
    ),
    "status": lambda value: status_tag(*value) if isinstance(value, tuple) else status_tag(value),
}
NUMERIC = frozenset({"money", "pounds", "number", "figure", "percent"})
UNBROKEN = frozenset({"date", "moment", "reference"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` is an attribute or key (dots go deeper) or a function of the row.

    `kind` says how it is written (a clock is a pair: the day, and the working days left), `sort` the name it sorts
    by in the address (none: not sortable), `link` a function from the row to an address.
    """

    label: str
    value: str | Callable[[Any], object]
    kind: str = "text"
    sort: str = ""
    link: Callable[[Any], str] | None = None
    hide_label: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to draw; `totals` maps a column's label to the total over all pages."""

    columns: Sequence[Column]
    rows: Iterable[Any]
    caption: str
    id: str = "table"
    sort: str = ""
    empty: str = "Nothing to show."
    totals: Mapping[str, Any] = field(default_factory=dict)
    totals_label: str = "Total"
    downloads: Sequence[tuple[str, str]] = ()
    hide_caption: bool = False


def sort_key(query: Mapping[str, Any], columns: Sequence[Column], default: str = "") -> str:
    """The sort asked for in the address (`-name` is descending); the default when it names no column."""
    asked = str(query.get("sort", ""))
    known = {column.sort for column in columns if column.sort}
    return asked if asked.removeprefix("-") in known else default


def cell_value(row: Any, column: Column) -> Any:
    """The bare value of one cell."""
    if callable(column.value):
        return column.value(row)
    value = row
    for name in column.value.split("."):
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


def written(value: Any, kind: str) -> object:
    """A value as its kind is written; no value is a dash that is read out as words."""
    if value is None or value == "":
        return mark_safe('<span aria-hidden="true">–</span><span class="govuk-visually-hidden">none</span>')
    return KINDS[kind](value)


def draw(
    table: Table, query: QueryDict | None = None, is_open: Callable[[str], bool] = lambda url: True
) -> SafeString:
    """Draw the table, or its words for emptiness, with its downloads; what leads to where it is not open stands as words."""
    rows = list(table.rows)
    tools = _tools(table) if rows else ""
    body = _table(table, rows, query, is_open) if rows else _empty(table)
    return element("div", joined([tools, body]), class_="rp-table-block", id=table.id)


def _table(
    table: Table, rows: list[Any], query: QueryDict | None, is_open: Callable[[str], bool]
) -> SafeString:
    hidden = " govuk-visually-hidden" if table.hide_caption else ""
    caption = element(
        "caption", table.caption, class_=f"govuk-table__caption govuk-table__caption--m{hidden}"
    )
    body = element(
        "tbody", mark_safe("".join(_row(table.columns, row, is_open) for row in rows)), role="rowgroup"
    )
    return element(
        "table",
        joined([caption, _head(table, query), body, _foot(table)]),
        class_="govuk-table rp-table",
        role="table",
    )


def _head(table: Table, query: QueryDict | None) -> SafeString:
    cells = joined(_heading(table, column, query) for column in table.columns)
    quick = {
        "hx_boost": "true",
        "hx_target": f"#{table.id}",
        "hx_select": f"#{table.id}",
        "hx_swap": "outerHTML",
    }
    return element(
        "thead", element("tr", cells, role="row"), role="rowgroup", **(quick if query is not None else {})
    )


def _heading(table: Table, column: Column, query: QueryDict | None) -> SafeString:
    classes = "govuk-table__header" + (" rp-number" if column.kind in NUMERIC else "")
    if not column.label:  # the corner of a table whose rows name themselves is no heading
        return element("td", "", role="cell", class_=classes)
    if not column.sort or query is None:
        words = (
            element("span", column.label, class_="govuk-visually-hidden")
            if column.hide_label
            else column.label
        )
        return element("th", words, scope="col", role="columnheader", class_=classes)
    direction = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(table.sort, "none")
    words = link(_sort_address(table, column, query), column.label, "rp-sort")
    words = mark_safe(words.replace("<a ", f'<a id="{table.id}-by-{column.sort}" ', 1))
    return element("th", words, scope="col", role="columnheader", class_=classes, aria_sort=direction)


def _sort_address(table: Table, column: Column, query: QueryDict) -> str:
    wanted = query.copy()
    wanted["sort"] = f"-{column.sort}" if table.sort == column.sort else column.sort
    wanted.pop("page", None)
    return f"?{wanted.urlencode()}"


def _row(columns: Sequence[Column], row: Any, is_open: Callable[[str], bool]) -> str:
    cells = []
    for place, column in enumerate(columns):
        shown = written(cell_value(row, column), column.kind)
        if column.link and (url := column.link(row)) and is_open(url):
            shown = link(url, shown)
        numeric = (
            " rp-number" if column.kind in NUMERIC else " rp-unbroken" if column.kind in UNBROKEN else ""
        )
        opening = 'th scope="row" role="rowheader"' if place == 0 else 'td role="cell"'
        cells.append(
            f'<{opening} class="govuk-table__cell{numeric}" data-label="{escaped(column.label)}">'
            f"{escaped(shown)}</{opening[:2]}>"
        )
    return f'<tr role="row" class="govuk-table__row">{"".join(cells)}</tr>'


def _foot(table: Table) -> SafeString:
    if not table.totals:
        return SafeString("")
    cells = [element("th", table.totals_label, scope="row", role="rowheader", class_="govuk-table__cell")]
    for column in table.columns[1:]:
        value = table.totals.get(column.label)
        shown = "" if value is None else KINDS[column.kind](value)
        numeric = " rp-number" if column.kind in NUMERIC else ""
        values = {"class_": f"govuk-table__cell{numeric}", "role": "cell", "data_label": column.label}
        cells.append(element("td", shown, **values))
    row = element("tr", joined(cells), role="row", class_="rp-totals")
    return element("tfoot", row, role="rowgroup")


def _tools(table: Table) -> SafeString:
    if not table.downloads:
        return SafeString("")
    of_what = f"of {table.caption[:1].lower()}{table.caption[1:]}"
    links = (element("li", link(url, label, hidden=of_what)) for label, url in table.downloads)
    return element("ul", joined(links), class_="rp-downloads", aria_label="Download")


def _empty(table: Table) -> SafeString:
    hidden = " govuk-visually-hidden" if table.hide_caption else ""
    caption = element("p", table.caption, class_=f"govuk-heading-m rp-empty__caption{hidden}")
    return joined([caption, element("p", table.empty, class_="rp-empty")])


def note_beside(words: object, note: object) -> SafeString:
    """A cell of two lines: the words, and a quieter note under them."""
    return joined([words, element("span", note, class_="rp-note")], " ")
