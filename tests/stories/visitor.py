"""A person at the door, as a browser without scripts would be: opens pages, fills in forms as shown, presses buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership

VOID = frozenset({"input", "br", "img", "hr", "meta", "link"})


@dataclass
class Form:
    """A form as the page shows it: where it goes, its entries as they stand, and its buttons."""

    action: str
    method: str
    key: str = ""
    entries: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


@dataclass
class Button:
    """A submit button: its words, the entry it adds, and where it sends the form if not to the form's own address."""

    words: str
    name: str = ""
    value: str = ""
    action: str = ""


class _Reader(HTMLParser):
    """Reads the forms and the text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.links: dict[str, str] = {}
        self._form: Form | None = None
        self._area: str = ""
        self._select: str = ""
        self._option: str | None = None
        self._button: Button | None = None
        self._link: str = ""
        self._label: list[str] = []
        # Boxes that stand outside the form that they belong to, as beside the rows of a list.
        self.apart: list[dict[str, str]] = []

    def close(self) -> None:
        """Give the boxes that stand apart to their forms."""
        super().close()
        for given in self.apart:
            self._form = next(form for form in self.forms if form.key == given["form"])
            self._input(given)
        self._form = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(
                given.get("action", ""), given.get("method", "get").lower(), given.get("id", "")
            )
            self.forms.append(self._form)
        elif tag == "a":
            self._link, self._label = given.get("href", ""), []
        elif tag == "input" and given.get("form"):
            self.apart.append(given)
        elif self._form is not None:
            opened = {"input": self._input, "textarea": self._textarea, "select": self._select_start}
            opened |= {"option": self._option_start, "button": self._button_start}
            opened.get(tag, lambda _: None)(given)

    def _input(self, given: dict[str, str]) -> None:
        assert self._form
        name, kind = given.get("name", ""), given.get("type", "text")
        if kind == "submit":
            self._form.buttons.append(
                Button(given.get("value", ""), name, given.get("value", ""), given.get("formaction", ""))
            )
        elif name:
            self._form.names.add(name)
            if kind in {"radio", "checkbox"}:
                self._form.choices.setdefault(name, {})[given.get("value", "on")] = given.get("id", "")
                if "checked" in given:
                    self._form.entries.setdefault(name, []).append(given.get("value", "on"))
            elif kind != "file":
                self._form.entries.setdefault(name, []).append(given.get("value", ""))

    def _textarea(self, given: dict[str, str]) -> None:
        assert self._form
        self._area = given.get("name", "")
        self._form.names.add(self._area)
        self._form.entries[self._area] = [""]

    def _select_start(self, given: dict[str, str]) -> None:
        assert self._form
        self._select = given.get("name", "")
        self._form.names.add(self._select)

    def _option_start(self, given: dict[str, str]) -> None:
        assert self._form
        entries = self._form.entries.setdefault(self._select, [])
        self._form.choices.setdefault(self._select, {})[given.get("value", "")] = ""
        if "selected" in given or not entries:
            self._form.entries[self._select] = [given.get("value", "")]

    def _button_start(self, given: dict[str, str]) -> None:
        assert self._form
        if given.get("type", "submit") == "submit":
            self._button = Button(
                "", given.get("name", ""), given.get("value", ""), given.get("formaction", "")
            )
            self._form.buttons.append(self._button)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "button":
            self._button = None
        elif tag == "a" and self._link:
            self.links.setdefault(" ".join("".join(self._label).split()), self._link)
            self._link = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._area and self._form:
            self._form.entries[self._area] = [self._form.entries[self._area][0] + data.lstrip("\n")]
        if self._button is not None:
            self._button.words = " ".join((self._button.words + data).split())
        if self._link:
            self._label.append(data)


class Visitor:
    """One person with a session of their own."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.client = Client()
        membership = Membership.objects.get(user_id=actor.user_id, role=actor.role)
        self.client.post("/sign-in/", {"membership": membership.pk})
        self.address = ""
        self.response: HttpResponse | None = None

    def opens(self, address: str, *, expect: int = 200) -> Visitor:
        """Open a page, following redirects; the status must be the expected one."""
        self.response = self.client.get(address, follow=True)
        chain = getattr(self.response, "redirect_chain", [])
        self.address = chain[-1][0] if chain else address
        assert self.response.status_code == expect, (
            f"{self.actor.name} at {address}: {self.response.status_code}"
        )
        return self

    @property
    def page(self) -> _Reader:
        """The page as read."""
        assert self.response is not None
        reader = _Reader()
        reader.feed(self.response.content.decode())
        reader.close()
        return reader

    @property
    def text(self) -> str:
        """The words of the page."""
        return " ".join("".join(self.page.text).split())

    def sees(self, *words: str) -> Visitor:
        """The page says each of these."""
        for wanted in words:
            assert wanted in self.text, (
                f"{self.actor.name} at {self.address} does not see {wanted!r}:\n{self.text[:3000]}"
            )
        return self

    def does_not_see(self, *words: str) -> Visitor:
        """The page, its markup included, holds none of these."""
        assert self.response is not None
        for unwanted in words:
            assert unwanted not in self.response.content.decode(), (
                f"{self.actor.name} at {self.address} sees {unwanted!r}"
            )
        return self

    def follows(self, words: str) -> Visitor:
        """Follow the link with these words."""
        links = self.page.links
        found = links.get(words) or next((url for label, url in links.items() if words in label), None)
        assert found is not None, f"no link {words!r} at {self.address}: {sorted(links)}"
        return self.opens(urljoin(self.address, found))

    def presses(
        self,
        button: str,
        *,
        expect: int = 200,
        files: dict[str, SimpleUploadedFile] | None = None,
        **entries: object,
    ) -> Visitor:
        """Fill in the form that has this button (further entries by name, `__` for a hyphen) and press it."""
        form, pressed = self._with(button)
        typed = {name.replace("__", "-"): value for name, value in entries.items()}
        unknown = set(typed) - form.names
        assert not unknown, f"{self.address} has no entries {unknown}: {sorted(form.names)}"
        body: dict[str, object] = {**form.entries, **typed, **(files or {})}
        if pressed.name:
            body[pressed.name] = pressed.value
        address = urljoin(self.address, pressed.action or form.action or self.address)
        self.response = self.client.post(address, body, follow=True)
        chain = getattr(self.response, "redirect_chain", [])
        self.address = urljoin(address, chain[-1][0]) if chain else address
        assert self.response.status_code == expect, (
            f"{button!r} at {address}: {self.response.status_code}\n{self.text[:3000]}"
        )
        return self

    def _with(self, button: str) -> tuple[Form, Button]:
        forms = self.page.forms
        pairs = [(form, one) for form in forms for one in form.buttons]
        for fits in (lambda words: words == button, lambda words: words.startswith(button)):
            for form, one in pairs:
                if fits(one.words):
                    return form, one
        raise AssertionError(
            f"no button {button!r} at {self.address}: {[b.words for f in forms for b in f.buttons]}"
        )
