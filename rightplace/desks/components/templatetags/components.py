"""All tags of the components: `{% load components %}` brings this library and its sisters."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from rightplace.desks.components import clocks, pieces, tables, words
from rightplace.desks.components.doors import is_open
from rightplace.desks.components.markup import element, joined, link
from rightplace.desks.components.templatetags import component_blocks, component_charts, component_forms

register = template.Library()
for sister in (component_blocks, component_charts, component_forms):
    register.tags.update(sister.register.tags)
    register.filters.update(sister.register.filters)

register.filter("pounds", words.pounds)
register.filter("percent", words.percent)
register.filter("number", words.number)
register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("initials", words.initials)
register.simple_tag(pieces.status_tag, name="status_tag")
register.simple_tag(pieces.person_chip, name="person_chip")
register.simple_tag(pieces.capacity_bar, name="capacity_bar")
register.simple_tag(pieces.reasons_list, name="reasons")
register.simple_tag(pieces.when, name="when")
register.simple_tag(words.count, name="count")


@register.simple_tag(takes_context=True)
def clock(context: Context, due: Any, **how: Any) -> SafeString:
    """A clock in words; how: stopped, unit, days_left (working days counted by the caller), today."""
    if (days_left := how.get("days_left")) is not None:
        return pieces.clock(clocks.days_face(days_left, how.get("unit", "working day"), words.day(due)))
    today = how.get("today") or context.get("today") or timezone.localdate()
    return pieces.clock(clocks.clock_face(due, today, how.get("stopped", False), how.get("unit", "day")))


@register.simple_tag(takes_context=True)
def data_table(context: Context, table: tables.Table) -> SafeString:
    """Draw a Table; with a request, its sortable headings are links that keep the address."""
    request = context.get("request")
    return tables.draw(table, request.GET if request else None, partial(is_open, context))


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], target: str = "", noun: str = "result") -> dict[str, Any]:
    """How many rows there are, and links between pages that keep the rest of the address.

    `target` is the id that htmx swaps; `noun` is one row's name, with its plural where that is not just an s
    ("person|people").
    """
    query = context["request"].GET.copy()
    query.pop("page", None)
    kept = f"{query.urlencode()}&" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "kept": kept, "target": target, "noun": _noun(noun, page.paginator.count), "numbers": list(numbers)}


def _noun(noun: str, count: int) -> str:
    one, _, more = noun.partition("|")
    return one if count == 1 else more or f"{one}s"


@register.simple_tag
def download_links(*pairs: str) -> SafeString:
    """Links to downloads: label, url, label, url…"""
    links = (element("li", link(url, label)) for label, url in zip(pairs[::2], pairs[1::2], strict=True))
    return element("ul", joined(links), class_="rp-downloads", aria_label="Download")


@register.simple_tag
def print_link(words_shown: str = "Print this page") -> SafeString:
    """A button that prints; shown only where scripts run, since the browser prints anyway."""
    return element("button", words_shown, type="button", class_="rp-print rp-link-button", data_print=True)
