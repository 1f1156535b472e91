"""Small, fast building blocks for markup: every value is escaped unless it is already safe."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


def escaped(value: Any) -> str:
    """A value as text for a page: escaped, unless it is safe already."""
    return conditional_escape(value)


def attributes(values: Mapping[str, Any]) -> str:
    """Write attributes with a leading space each; None and False are left out, True stands alone."""
    parts = []
    for name, value in values.items():
        if value is None or value is False or value == "":
            continue
        label = name.rstrip("_").replace("_", "-")
        parts.append(f" {label}" if value is True else f' {label}="{escaped(value)}"')
    return "".join(parts)


def element(name: str, content: object = "", /, **values: Any) -> SafeString:
    """Write one element; `class_` and `aria_label` become `class` and `aria-label`."""
    return mark_safe(f"<{name}{attributes(values)}>{escaped(content)}</{name}>")


def joined(parts: Iterable[object], between: str = "") -> SafeString:
    """Join parts into one safe string, escaping each that is not safe yet."""
    return mark_safe(between.join(escaped(part) for part in parts))


def link(url: str, words: object, class_: str = "govuk-link", hidden: str = "") -> SafeString:
    """Write a link; `hidden` words are read aloud only, to tell like links apart."""
    return element("a", joined([words, unseen(hidden)]), class_=class_, href=url)


def unseen(words: object) -> SafeString:
    """Words for screen readers only, with a space before them."""
    if not words:
        return SafeString("")
    return element("span", f" {words}", class_="govuk-visually-hidden")
