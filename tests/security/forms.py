"""The forms of a page, read from its HTML and filled in as a browser would send them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin
from uuid import uuid4

TOKENS = {"csrfmiddlewaretoken", "once", "version"}
LISTED = {"csrfmiddlewaretoken"}


@dataclass
class Form:
    """One form: where it goes, its entries as the page gives them, and the kind of each."""

    method: str
    action: str
    entries: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """Names of the entries in which somebody writes."""
        return [name for name, kind in self.kinds.items() if kind in {"text", "textarea", "number", "email"}]

    @property
    def files(self) -> list[str]:
        """Names of the entries that take a file."""
        return [name for name, kind in self.kinds.items() if kind == "file"]

    def filled(self, **changes: object) -> dict[str, object]:
        """What a browser sends, with a key of its own; changes None leave an entry out."""
        sent: dict[str, object] = {**self.entries, "once": str(uuid4()), **changes}
        return {name: value for name, value in sent.items() if value is not None and name not in LISTED}

    def chosen(self) -> dict[str, list[str]]:
        """The first choice of everything that must be chosen and is not."""
        return {name: [values[0]] for name, values in self.choices.items() if values and not self.entries.get(name)}


def forms_in(body: str, path: str) -> list[Form]:
    """Every form of a page that is sent by POST."""
    reader = _Reader(path)
    reader.feed(body)
    return [form for form in reader.forms if form.method == "post"]


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms, self.form = path, [], None
        self.select: str | None = None
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(known.get("method", "get").lower(), urljoin(self.path, known.get("action") or self.path))
            self.forms.append(self.form)
        elif self.form is not None:
            self._part(tag, known, {name for name, _ in attrs})

    def _part(self, tag: str, known: dict[str, str], names: set[str]) -> None:
        name = known.get("name", "")
        if tag == "input" and name:
            self._input(name, known.get("type", "text"), known.get("value", ""), "checked" in names)
        elif tag == "select":
            self.select = name
            self.form.kinds[name] = "select"
        elif tag == "option" and self.select:
            self._option(known.get("value", ""), "selected" in names)
        elif tag == "textarea":
            self.textarea = name
            self.form.kinds[name] = "textarea"
            self.form.entries[name] = [""]

    def _input(self, name: str, kind: str, value: str, is_checked: bool) -> None:
        self.form.kinds[name] = kind
        if kind in {"radio", "checkbox"}:
            self.form.choices.setdefault(name, []).append(value)
            if is_checked:
                self.form.entries.setdefault(name, []).append(value)
        elif kind not in {"file", "submit"}:
            self.form.entries[name] = [value]

    def _option(self, value: str, is_selected: bool) -> None:
        if value:
            self.form.choices.setdefault(self.select, []).append(value)
        if is_selected:
            self.form.entries[self.select] = [value]

    def handle_data(self, text: str) -> None:
        if self.textarea:
            self.form.entries[self.textarea] = [self.form.entries[self.textarea][0] + text]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            if self.textarea:
                self.form.entries[self.textarea] = [self.form.entries[self.textarea][0].removeprefix("\n")]
            self.textarea = None


def fragment(body: str, element_id: str) -> str:
    """The inside of the element of an id, without keys that are drawn anew each time."""
    start = re.search(rf'<(\w+)[^>]*\sid="{element_id}"[^>]*>', body)
    if not start:
        return ""
    depth, end = 0, len(body)
    for tag in re.finditer(rf"<(/?){start[1]}\b[^>]*>", body[start.start():]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            end = start.start() + tag.end()
            break
    return re.sub(r'(name="(?:once|csrfmiddlewaretoken)" value=")[^"]*', r"\1", body[start.start() : end])
