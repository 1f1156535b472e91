"""Tags for the larger parts of a page: headings, navigation, lists, panels, timelines, comparisons."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from rightplace.core.problems import Problem
from rightplace.desks.components import parts
from rightplace.desks.components.doors import is_open
from rightplace.desks.components.markup import element, joined, link
from rightplace.desks.components.tables import NUMERIC, written

register = template.Library()


def _tidy(content: str) -> SafeString:
    return mark_safe(content.strip())


@register.simple_block_tag
def page_heading(content: str, title: str, caption: str = "", lead: str = "") -> SafeString:
    """The h1 with a caption over it, a lead under it and actions (the block's content) beside it."""
    over = element("span", caption, class_="govuk-caption-l") if caption else ""
    head = element("h1", title, class_="govuk-heading-l rp-heading__title")
    under = element("p", lead, class_="rp-heading__lead") if lead else ""
    actions = element("div", _tidy(content), class_="rp-heading__actions") if content.strip() else ""
    words = element("div", joined([over, head, under]), class_="rp-heading__words")
    return element("div", joined([words, actions]), class_="rp-heading")


@register.inclusion_tag("components/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context, *pairs: str) -> dict[str, Any]:
    """The way here: label, url, label, url… and the label of this page last, without a url.

    A place whose door is closed to this person's role is left out: several desks share a page, not every list.
    """
    places = list(pairs) + ([""] if len(pairs) % 2 else [])
    crumbs = [parts.Crumb(*pair) for pair in zip(places[::2], places[1::2], strict=True)]
    return {"crumbs": [one for one in crumbs if not one.url or is_open(context, one.url)]}


@register.simple_tag(takes_context=True)
def link_button(context: Context, words: str, name: str, *keys: Any, kind: str = "primary") -> SafeString:
    """A link to a named address that looks like a button; nothing for those whose role the address turns away."""
    url = reverse(name, args=keys)
    if not is_open(context, url):
        return SafeString("")
    class_ = "govuk-button" if kind == "primary" else f"govuk-button govuk-button--{kind}"
    return element("a", words, href=url, role="button", draggable="false", class_=class_, data_module="govuk-button")


@register.simple_tag(takes_context=True)
def open_link(context: Context, words: str, url: str, otherwise: str = "", class_: str = "govuk-link") -> SafeString:
    """A link; where its door is shut to the reader, one to the other address, or nothing where there is none."""
    goal = url if is_open(context, url) else otherwise
    return link(goal, words, class_) if goal else SafeString("")


@register.inclusion_tag("components/section_nav.html")
def section_nav(items: Sequence[parts.NavItem], label: str = "Sections") -> dict[str, Any]:
    """Tabs that are links: the pages of one record, the current one marked."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/summary_list.html", takes_context=True)
def summary_list(
    context: Context, rows: Sequence[parts.SummaryRow], title: str = "", level: int = 2
) -> dict[str, Any]:
    """Keys and values; with a title it becomes a card."""
    shown = [row if is_open(context, row.change_url) else replace(row, change_url="") for row in rows]
    return {"rows": shown, "title": title, "heading": f"h{level}"}


@register.inclusion_tag("components/waiting_list.html", takes_context=True)
def waiting_list(context: Context, items: Sequence[parts.Waiting], empty: str = "") -> dict[str, Any]:
    """What waits for me: each with its clock, its state and where to act."""
    return {"items": items, "empty": empty or "Nothing waits for you.", "today": context.get("today")}


@register.inclusion_tag("components/tiles.html", takes_context=True)
def tiles(context: Context, items: Sequence[parts.Tile]) -> dict[str, Any]:
    """Figures at a glance."""
    return {"items": [one if is_open(context, one.url) else replace(one, url="") for one in items]}


@register.inclusion_tag("components/steps.html")
def steps(items: Sequence[parts.Step], label: str = "Steps of this form") -> dict[str, Any]:
    """The steps of a form in several pages: done, current, still to do."""
    done = sum(item.state == "done" for item in items)
    return {"items": items, "label": label, "done": done}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Sequence[parts.Happening], level: int = 3) -> dict[str, Any]:
    """What happened and what comes next, one under the other."""
    return {"items": items, "heading": f"h{level}"}


@register.simple_block_tag
def confirmation(content: str, title: str) -> SafeString:
    """The panel after something is done; the block's content is the reference or the next sentence."""
    body = element("div", _tidy(content), class_="govuk-panel__body") if content.strip() else ""
    head = element("h1", title, class_="govuk-panel__title")
    return element("div", joined([head, body]), class_="govuk-panel govuk-panel--confirmation rp-panel")


@register.simple_block_tag
def banner(content: str, title: str = "Important", kind: str = "plain") -> SafeString:
    """A notification banner; kind success also announces itself."""
    heading = element("h2", title, class_="govuk-notification-banner__title", id=f"banner-{kind}")
    head = element("div", heading, class_="govuk-notification-banner__header")
    body = element("div", _tidy(content), class_="govuk-notification-banner__content")
    is_success = kind == "success"
    return element(
        "div",
        joined([head, body]),
        class_=f"govuk-notification-banner{' govuk-notification-banner--success' if is_success else ''}",
        role="alert" if is_success else "region",
        aria_labelledby=f"banner-{kind}",
        data_module="govuk-notification-banner",
    )


@register.simple_tag
def problem_list(problems: Sequence[Problem], title: str = "There is a problem") -> SafeString:
    """All refusals at once, each linked to the entry at fault when it names one."""
    if not problems:
        return SafeString("")
    lines = joined(element("li", _problem_line(problem)) for problem in problems)
    items = element("ul", lines, class_="govuk-list govuk-error-summary__list")
    head = element("h2", title, class_="govuk-error-summary__title")
    body = element("div", items, class_="govuk-error-summary__body")
    inside = element("div", joined([head, body]), role="alert")
    return element("div", inside, class_="govuk-error-summary", data_module="govuk-error-summary")


def _problem_line(problem: Problem) -> object:
    return link(f"#id_{problem.field}", problem.sentence, "") if problem.field else problem.sentence


@register.simple_block_tag
def disclosure(content: str, summary: str, is_open: bool = False) -> SafeString:
    """Words that open when asked for."""
    label = element("span", summary, class_="govuk-details__summary-text")
    head = element("summary", label, class_="govuk-details__summary")
    body = element("div", _tidy(content), class_="govuk-details__text")
    return element("details", joined([head, body]), class_="govuk-details", open=is_open)


@register.inclusion_tag("components/comparison.html")
def comparison(table: parts.Comparison) -> dict[str, Any]:
    """Options side by side, the first column always in view; marks the best in words too."""
    lines = [_comparison_line(line) for line in table.lines]
    return {"table": table, "lines": lines, "span": len(table.options) + 1}


def _comparison_line(line: parts.Compared | parts.CompareSection) -> dict[str, Any]:
    if isinstance(line, parts.CompareSection):
        return {"section": line.label}
    cells = [(written(value, line.kind), place in line.best) for place, value in enumerate(line.values)]
    return {"label": line.label, "note": line.note, "cells": cells, "is_number": line.kind in NUMERIC}


@register.inclusion_tag("components/conflict.html")
def conflict_notice(changes: Sequence[parts.Change], by: str, at: object, reload_url: str) -> dict[str, Any]:
    """Somebody else saved first: what they changed, what you typed, and what you can do."""
    return {"changes": changes, "by": by, "at": at, "reload_url": reload_url}
