"""Tags that draw figures: the picture, its legend, and the same figures as a table that opens."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from rightplace.desks.components import svg
from rightplace.desks.components.maps import outline

register = template.Library()


@register.inclusion_tag("components/figure.html")
def chart(figure: svg.Figure, level: int = 3, show_title: bool = True) -> dict[str, Any]:
    """A Figure from `svg` or `maps`, with the same figures as a table in a disclosure below."""
    return {"figure": figure, "heading": f"h{level}", "show_title": show_title}


@register.simple_tag
def sparkline(values: list[float], title: str, unit: str = "number") -> SafeString:
    """A small line beside a figure."""
    return svg.sparkline(values, title, unit)


@register.filter
def legend_mark(fill: str) -> SafeString:
    """The mark of one legend entry: a shape for a kind of place, a box for a series."""
    kind = fill.removeprefix("kind-")
    shape = (
        outline(kind, 9, 10, 6) if fill != kind else '<rect x="1" y="3" width="14" height="14" rx="2"></rect>'
    )
    look = f"rp-pin rp-pin--{kind}" if fill != kind else f"rp-fill-{fill}"
    size = 'width="18" height="20" aria-hidden="true"'
    return mark_safe(f'<svg class="rp-legend__mark" {size}><g class="{look}">{shape}</g></svg>')
