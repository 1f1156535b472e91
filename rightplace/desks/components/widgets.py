"""The widgets that large forms repeat, drawn without a template: the same markup as Django's, five times as quick.

A step of a request holds seventy of them; each of Django's widget templates includes further templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from rightplace.desks.components.markup import escaped


def _attributes(given: Mapping[str, Any]) -> SafeString:
    """Attributes as Django's `attrs.html` has them: True stands alone, only False is left out."""
    parts = (
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(str(value))}"'
        for name, value in given.items()
        if value is not False
    )
    return mark_safe("".join(parts))


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = (
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(options))
        if name
        else _options(options)
        for name, options, _ in widget["optgroups"]
    )
    content = mark_safe("".join(groups))
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), content
    )


def _options(options: list[dict[str, Any]]) -> SafeString:
    rows = ((str(one["value"]), _attributes(one["attrs"]), one["label"]) for one in options)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    attributes = _attributes(widget["attrs"])
    # The line break after the tag keeps a first empty line of the text.
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, widget["value"] or ""
    )


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', str(widget["value"]))
    attributes = _attributes(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes)


def _option(widget: Mapping[str, Any]) -> SafeString:
    """A radio or checkbox of a group, within its label where Django asks for that."""
    box = _input(widget)
    if not widget.get("wrap_label"):
        return box
    of = format_html(' for="{}"', widget["attrs"]["id"]) if widget["attrs"].get("id") else ""
    return format_html("<label{}>{} {}</label>", of, box, widget["label"])


DRAWN: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/text.html": _input,
    "django/forms/widgets/number.html": _input,
    "django/forms/widgets/radio_option.html": _option,
    "django/forms/widgets/checkbox_option.html": _option,
}
"""How to draw a widget whose template in Django has this name."""
