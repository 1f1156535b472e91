"""Every list page alike: filters kept in the address, sorted by its columns, 25 rows a page, and the same rows as a download."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from rightplace.desks.components.tables import Column, Table, cell_value, sort_key
from rightplace.exchange.cells import neutral_cell

ROWS_A_PAGE = 25
DOWNLOAD_ROWS = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NoFilters(forms.Form):
    """The filters of a list so short that nobody narrows it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list page is: how rows are found from the filters, its columns, and its words.

    `found(filters, sort)` gives rows in order, as a query set or worked out, from the cleaned filters and the sort's name;
    `as_row` turns each of its rows into what the page shows, where that is not the row itself; `as_rows` does so for all
    rows of a page at once, so that what they share is read once. A list of children is not handed out as a file (`is_file`
    False); `file_columns` are those of the file where a cell of the page holds more than one value. Of a list that may hold
    hundreds of thousands of rows at most `most_counted` are counted and paged through: filters lead to the others. Where a
    row is long on a phone, `rows_a_page` are fewer (0: as on any list).
    """

    caption: str
    noun: str
    columns: Sequence[Column]
    found: Callable[[Mapping[str, Any], str], QuerySet[Any] | Sequence[Any]]
    filters: Callable[..., forms.Form]
    sort: str = ""
    empty: str = "Nothing matches. Remove a filter to see more."
    totals: Callable[[Any], Mapping[str, Any]] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    as_row: Callable[[Any], Any] | None = None
    as_rows: Callable[[list[Any]], Sequence[Any]] | None = None
    is_file: bool = True
    file_columns: Sequence[Column] = ()
    most_counted: int = 0
    rows_a_page: int = 0


class Pages(Paginator):  # type: ignore[type-arg]  # Django's own takes no argument at run time
    """The pages of a list, of which perhaps only the first so many rows are counted."""

    def __init__(self, rows: Any, most: int = 0, rows_a_page: int = 0) -> None:
        super().__init__(rows, rows_a_page or ROWS_A_PAGE)
        self.most = most

    @cached_property
    def is_cut(self) -> bool:
        """Whether there are more rows than are counted."""
        return bool(self.most) and len(self._counted) > self.most

    @cached_property
    def _counted(self) -> range:
        """As many as there are, up to one more than are counted: the database stops there."""
        rows = self.object_list
        return range(
            rows.order_by()[: self.most + 1].count()
            if self.most and isinstance(rows, QuerySet)
            else super().count
        )

    @cached_property
    def count(self) -> int:
        """How many rows are paged through."""
        return self.most if self.is_cut else len(self._counted)


def list_page(request: HttpRequest, template: str, listing: Listing) -> HttpResponse:
    """The page of a list, or its download (`?download=csv` or `xlsx`) with the same filters and order."""
    form = listing.filters(request.GET or None)
    filters = form.cleaned_data if form.is_bound and form.is_valid() else {}
    sort = sort_key(request.GET, listing.columns, listing.sort)
    rows = listing.found(filters, sort)
    wanted = request.GET.get("download", "")
    if listing.is_file and wanted in {"csv", "xlsx"}:
        columns = listing.file_columns or listing.columns
        return download(wanted, listing.caption, columns, _shown(listing, rows[:DOWNLOAD_ROWS]))
    page = Pages(rows, listing.most_counted, listing.rows_a_page).get_page(request.GET.get("page"))
    page.object_list = _shown(listing, _whole(rows, page.object_list))
    page.paginator.count  # noqa: B018  # counted while it still holds the rows of the table
    page.paginator.object_list = page.object_list
    table = Table(
        columns=listing.columns,
        rows=page.object_list,
        caption=listing.caption,
        sort=sort,
        empty=listing.empty,
        totals=listing.totals(rows) if listing.totals else {},
        downloads=_downloads(request) if listing.is_file else (),
        hide_caption=True,
    )
    known = {"form": form, "page": page, "table": table, "noun": listing.noun, "caption": listing.caption}
    return render(request, template, {**known, **listing.context})


def _whole(rows: Any, part: Any) -> Any:
    """The rows of one page: found by their keys first, so that what they are joined with is read for these alone."""
    if not isinstance(part, QuerySet) or not part.query.select_related:
        return part
    return rows.filter(pk__in=list(part.values_list("pk", flat=True)))


def _shown(listing: Listing, rows: Any) -> Any:
    if listing.as_rows:
        return listing.as_rows(list(rows))
    return [listing.as_row(row) for row in rows] if listing.as_row else rows


def _downloads(request: HttpRequest) -> list[tuple[str, str]]:
    return [("CSV", download_address(request, "csv")), ("Excel", download_address(request, "xlsx"))]


def download_address(request: HttpRequest, kind: str) -> str:
    """The address of the same rows, filtered and ordered as they are, as a file."""
    wanted = request.GET.copy()
    wanted["download"] = kind
    wanted.pop("page", None)
    return f"?{wanted.urlencode()}"


def download(kind: str, caption: str, columns: Sequence[Column], rows: Any) -> HttpResponse:
    """The rows as a CSV or Excel file; text that a spreadsheet would run as a formula is made harmless."""
    heads = [column.label for column in columns]
    body = ([plain(cell_value(row, column), column.kind) for column in columns] for row in rows)
    content = _csv(heads, body) if kind == "csv" else _xlsx(heads, body)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    name = "-".join(caption.lower().split())
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def plain(value: Any, kind: str) -> Any:
    """A cell for a spreadsheet: money in pounds as a number, dates as dates, text made harmless."""
    if value is None:
        return ""
    if kind in {"money", "pounds"}:
        return value / 100
    if isinstance(value, tuple):
        # A status is (code, words), a clock (day, days left): what a reader of the file wants.
        value = value[0] if kind == "clock" else value[-1]
    if isinstance(value, bool | datetime) or not isinstance(value, int | float | date):
        return neutral_cell(str(value))
    return value


def _csv(heads: list[str], body: Any) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(body)
    return "\ufeff" + text.getvalue()


def _xlsx(heads: list[str], body: Any) -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, heads, bold)
    for number, row in enumerate(body, 1):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            else:
                sheet.write(number, place, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return kept.getvalue()
