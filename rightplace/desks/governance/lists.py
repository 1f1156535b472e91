"""The lists of this desk alike: searched by words, narrowed by state, sorted, in pages, and as a download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from rightplace.desks.components.tables import Column
from rightplace.desks.layout.listing import Listing, list_page


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of one list are searched, narrowed and sorted.

    `words` are the columns that are searched and `asks` what the search is called; `states` gives each state its words and
    condition; `sorts` names the column of the database behind a column's sort.
    """

    rows: QuerySet[Any]
    words: Sequence[str]
    asks: str
    states: Mapping[str, tuple[str, Q]] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)

    def form(self, *args: Any, **more: Any) -> forms.Form:
        """The filters of this list, kept in the address."""
        made = forms.Form(*args, **more)
        made.fields["q"] = forms.CharField(label=self.asks, required=False, max_length=80)
        if self.states:
            choices = [("", "All"), *((code, words) for code, (words, _) in self.states.items())]
            made.fields["state"] = forms.ChoiceField(label="State", required=False, choices=choices)
        return made

    def found(self, filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        """The rows as narrowed; in the order of the query where no column was chosen."""
        wanted = self.rows
        for word in (filters.get("q") or "").split():
            wanted = wanted.filter(
                reduce(or_, (Q(**{f"{column}__icontains": word}) for column in self.words))
            )
        if state := filters.get("state"):
            wanted = wanted.filter(self.states[state][1])
        column = self.sorts.get(sort.removeprefix("-"))
        return wanted.order_by(f"-{column}" if sort.startswith("-") else column, "pk") if column else wanted


def show_list(
    request: HttpRequest,
    template: str,
    rows: Rows,
    columns: Sequence[Column],
    *,
    caption: str,
    noun: str,
    empty: str,
    is_file: bool = True,
    **context: Any,
) -> HttpResponse:
    """The page of such a list."""
    narrowed = bool(request.GET.get("q") or request.GET.get("state"))
    listing = Listing(
        caption, noun, columns, rows.found, rows.form, context=context, is_file=is_file,
        empty="Nothing matches. Remove a filter to see more." if narrowed else empty,
    )  # fmt: skip
    return list_page(request, template, listing)
