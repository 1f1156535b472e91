"""Pages that look across: whether groups of children fare alike, and what the market lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape

from rightplace.core.matching.fairness import SMALLEST_SHOWN, Fared, Interval
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.svg import Bar, Figure, bars, drawing
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, download, download_address, list_page
from rightplace.oversight.fairness import RuledOut, fairness
from rightplace.oversight.gaps import KINDS, market_gaps

YEAR = timedelta(days=365)
ROW, MOST_BARS, MOST_ROWS = 40, 10, 6
HIDDEN = {"few": f"fewer than {SMALLEST_SHOWN}", "beside_few": "not shown, to protect a smaller group"}


class PeriodForm(forms.Form):
    """Which period, kept in the address."""

    first = DateInPartsField(label="From", required=False)
    last = DateInPartsField(label="Until", required=False)


class OfAuthority(PeriodForm):
    """Which period, and which of the authorities that share."""

    authority = forms.TypedChoiceField(label="Authority", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, sharing: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sharing:
            self.fields["authority"].choices = [("", "All that share"), *sharing]  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["authority"]


def fairness_page(request: HttpRequest) -> HttpResponse:
    """Who is never chosen, how long a first suitable offer takes and how many there are, by group, with intervals."""
    _, first, last = _period(request)
    only = request.GET.get("authority", "")
    report = fairness(
        actor_of(request), first, last, timezone.now(), int(only[:9]) if only.isdecimal() else None
    )
    form = OfAuthority(request.GET or None, sharing=report.sharing)
    if (wanted := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(
            wanted, "Fairness", (Column("By", "characteristic"), *fared_columns("Group")), report.rows
        )
    parts = [
        {
            "title": title,
            "figure": shares_figure(title, rows),
            "table": fared_table(title, shown_of(rows)),
            "few": few_words(rows),
        }
        for title, rows in (
            (key, list(found)) for key, found in groupby(report.rows, lambda row: row.characteristic)
        )
    ]
    who = f"{count(report.children, 'child', 'children')} asked for from {day(first)} to {day(last)}"
    lead = f"{who}, in {', '.join(report.authorities)}."
    known = {
        "form": form,
        "parts": parts if report.children else [],
        "lead": lead,
        "smallest": SMALLEST_SHOWN,
        "ruled_out": ruled_out_table(report.ruled_out),
        "csv_url": download_address(request, "csv"),
        "xlsx_url": download_address(request, "xlsx"),
    }
    return render(request, "commissioning/fairness.html", known)


def _period(request: HttpRequest) -> tuple[PeriodForm, date, date]:
    """The period asked for; the last year where none or no real one is."""
    form, today = PeriodForm(request.GET or None), timezone.localdate()
    typed: Mapping[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last = typed.get("last") or today
    first = typed.get("first") or last - YEAR
    return form, min(first, last), last


def shown_of(rows: Sequence[Fared]) -> list[Fared]:
    """The rows of a table; of many groups those that are too small are named below it."""
    return [row for row in rows if len(rows) <= MOST_ROWS or not row.hidden]


def few_words(rows: Sequence[Fared]) -> str:
    """The groups that are too small to show, where there are many."""
    few = [row.code.lower() for row in rows if row.hidden]
    return f"Too few children to show: {'; '.join(few)}." if few and len(rows) > MOST_ROWS else ""


def ruled_out_table(rows: Sequence[RuledOut]) -> Table | None:
    """Why brokers ruled homes out; None where they ruled none out."""
    few = HIDDEN["few"]
    columns = (
        Column("Why homes were ruled out", "reason"),
        Column("Homes", lambda row: few if row.homes is None else row.homes),
        Column("For children", lambda row: few if row.children is None else row.children),
    )
    caption = "Homes that brokers ruled out, by reason"
    return Table(columns, rows, caption, id="ruled-out", hide_caption=True) if rows else None


def fared_table(title: str, rows: Sequence[Fared]) -> Table:
    """How each group of one characteristic fared."""
    return Table(
        fared_columns(title),
        rows,
        f"How children fared by {title.lower()}",
        id=f"fared-{len(title)}-{title[:2].lower()}",
        hide_caption=True,
    )


def fared_columns(title: str) -> tuple[Column, ...]:
    """The figures of a group, each with its interval."""
    return (
        Column(title, "code"),
        Column(
            "Children", lambda row: row.children if row.children is not None else HIDDEN.get(row.hidden, "0")
        ),
        Column("No home chosen", lambda row: _share(row, row.never_chosen)),
        Column(
            "Compared with all others", lambda row: difference_words(row.difference) if not row.hidden else ""
        ),
        Column("Days to a first suitable offer", lambda row: _figure(row, row.days_to_offer, "not reached yet")),
        Column("Suitable offers", lambda row: _figure(row, row.offers, "")),
        Column("Homes ruled out", _ruled_out),
    )


def _ruled_out(row: Fared) -> str:
    if row.hidden or row.children is None:
        return ""
    return _figure(row, row.ruled_out, "") if row.ruled_out else "too few to show"


def _share(row: Fared, interval: Interval | None) -> str:
    if row.hidden or row.children is None:
        return ""
    if interval is None or interval.figure is None:
        return "too few to show"
    return f"{interval.figure:.0%} ({interval.low or 0:.0%} to {interval.high or 0:.0%})"


def difference_words(interval: Interval | None) -> str:
    """A difference of shares in words; what chance alone may well have made is said to be none."""
    if interval is None or interval.figure is None:
        return "too few to compare"
    points = f"{abs(interval.figure) * 100:.0f} points"
    if not interval.leaves_out_zero:
        return f"no clear difference ({(interval.low or 0) * 100:+.0f} to {(interval.high or 0) * 100:+.0f} points)"
    return f"{points} {'more' if interval.figure > 0 else 'fewer'} left without a home: look into it"


def _figure(row: Fared, interval: Interval | None, none: str) -> str:
    if row.hidden or row.children is None or interval is None:
        return ""
    if interval.figure is None:
        return none
    if interval.low is None or interval.high is None:
        return f"{interval.figure:.1f}"
    return f"{interval.figure:.1f} ({max(interval.low, 0):.1f} to {interval.high:.1f})"


def shares_figure(title: str, rows: Sequence[Fared]) -> Figure | None:
    """The share left without a home by group: the mark is the figure, the bar around it where it lies with 95%."""
    shown = [
        (row, row.never_chosen) for row in rows if row.never_chosen and row.never_chosen.figure is not None
    ]
    if len(shown) < 2:
        return None
    shapes, told = [], []
    for place, (row, interval) in enumerate(shown):
        figure, low, high = ((one or 0) * 100 for one in (interval.figure, interval.low, interval.high))
        y = place * ROW
        words = f"{figure:.0f}% ({low:.0f}% to {high:.0f}%)"
        told.append((row.code, words))
        shapes.append(
            f'<text class="rp-svg-text" x="0" y="{y + 15}">{escape(row.code)}</text>'
            f'<text class="rp-svg-text rp-svg-text--figure" x="100%" y="{y + 15}" text-anchor="end">{words}</text>'
            f'<rect class="rp-fill-track" x="0" y="{y + 22}" width="100%" height="10" rx="2"></rect>'
            f'<rect class="rp-fill-4" x="{low:.2f}%" y="{y + 22}" width="{max(high - low, 0.5):.2f}%" height="10" rx="2"></rect>'
            f'<rect class="rp-fill-accent" x="{min(figure, 99.2):.2f}%" y="{y + 19}" width="0.8%" height="16"></rect>'
        )
    name = f"No home chosen, by {title.lower()}"
    description = "; ".join(f"{who} {words}" for who, words in told)
    drawn = drawing("".join(shapes), name, description, f'width="100%" height="{len(shown) * ROW}"')
    return Figure(
        name,
        description,
        drawn,
        (title, "Share"),
        told,
        note="The pale bar is where the share lies with 95% certainty.",
    )


class GapFilter(PeriodForm):
    """Which gaps, of which period."""

    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=(("", "All"), *((code, words) for code, (words, _) in KINDS.items())),
    )


GAP_COLUMNS = (
    Column("What was missing", "words", sort="words"),
    Column("Searches", "searches", "number", sort="searches"),
    Column("Homes it would have made possible", "homes", "number", sort="homes"),
    Column("By it alone", "alone", "number", sort="alone"),
)


def gaps_page(request: HttpRequest) -> HttpResponse:
    """What would have made homes possible in the searches of a period: what to commission next."""
    _, first, last = _period(request)
    found = market_gaps(actor_of(request), first, last)

    def rows(filters: Mapping[str, Any], sort: str) -> Any:
        wanted = [one for one in found if not filters.get("kind") or one.kind == filters["kind"]]
        name = sort.removeprefix("-")
        return sorted(wanted, key=lambda one: getattr(one, name), reverse=sort.startswith("-"))

    lead = f"What the nearest homes lacked in the searches opened from {day(first)} to {day(last)}."
    figure = (
        bars(
            [Bar(one.words, one.searches) for one in found[:MOST_BARS]], "In how many searches it was missing"
        )
        if found
        else None
    )
    listing = Listing(
        "Market gaps", "gap", GAP_COLUMNS, rows, GapFilter, sort="-searches", context={"lead": lead, "figure": figure},
        empty="No search of this period left a home out by little.",
    )  # fmt: skip
    return list_page(request, "commissioning/market_gaps.html", listing)
