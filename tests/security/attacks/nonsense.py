"""Drawing what nobody would type: other alphabets, no characters, too much, too little, twice, of another kind."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import random
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

import rightplace.desks
from tests.security.attacks.hostile import FORMULAS, LINE_ENDS, SCRIPTS, STATEMENTS
from tests.security.forms import Form

STRANGE = (
    "", " ", "\x00", "a\x00b", "\ufeff", "\u202eabc", "\u200b", "﷽" * 50, "🧸👩‍👩‍👧‍👦", "Z̴̡͚a̸l̶g̷o", "İıſK", "ﬃ", "\x7f\x1b[31m",
    "null", "None", "undefined", "NaN", "inf", "-inf", "1e308", "1e-400", "0x10", "١٢٣", "１２３", "-1", "-0", "0.1.2", "1,2,3",
    "9" * 18, "9" * 400, "-" + "9" * 30, "1" + "0" * 5_000, "31/02/2026", "2026-13-45", "0000-00-00", "9999-12-31", "29/02/2027",
    "10000-01-01", "£1.005", "£-0.00", "£１２", "€5", "true", "on", "yes", "[]", "{}", "[[[", '{"a":1}', "%s%n%x", "{0}", "%00",
    "../../etc/passwd", "C:\\con", "a" * 70_000, "ab " * 30_000, "\r\n" * 2_000, "\u2028", "SW1A 1AA\n", "ＳＷ１Ａ", "a@b", "@",
    "a@" + "b" * 300, "x" * 255 + "@example.org", *SCRIPTS[:4], *STATEMENTS[:4], *FORMULAS[:6], *LINE_ENDS[:2],
)  # fmt: skip
NAMES = (
    "photo.png",
    "a.pdf",
    "x" * 300 + ".csv",
    "../../a.xlsx",
    "a\x00.csv",
    "con.csv",
    ".csv",
    "a.csv.exe",
    "\u202efdp.csv",
)
CONTENTS = (
    b"", b"\x00" * 64, b"%PDF-1.4", b"a,b\n1,2\n", b"PK\x03\x04" + b"\xff" * 60, b"\x89PNG\r\n\x1a\n", b"<svg onload=1>",
    b"\xff\xfe\xd8",
)  # fmt: skip


class Nonsense:
    """Draws cases from a seed, the same each time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def text(self) -> str:
        """One strange value, or some characters from anywhere in Unicode."""
        if self.chance.random() < 0.7:
            return self.chance.choice(STRANGE)
        drawn = (chr(self.chance.randrange(0x110000)) for _ in range(self.chance.randrange(1, 60)))
        return "".join(each for each in drawn if not 0xD800 <= ord(each) <= 0xDFFF)

    def value(self) -> Any:
        """One value, or several under the same name."""
        return (
            [self.text() for _ in range(self.chance.randrange(2, 5))]
            if self.chance.random() < 0.12
            else self.text()
        )

    def file(self) -> SimpleUploadedFile:
        """A small file whose name and content have nothing to do with each other."""
        return SimpleUploadedFile(self.chance.choice(NAMES), self.chance.choice(CONTENTS))

    def entries(self, form: Form) -> dict[str, object]:
        """A page's form, as a browser would fill it, with some entries strange, gone, doubled or added."""
        entries = {**form.filled(), **form.chosen()}
        entries["once"] = str(UUID(int=self.chance.getrandbits(128)))
        names = sorted({*form.entries, *form.kinds} - {"once", "csrfmiddlewaretoken"})
        for name in names:
            drawn = self.chance.random()
            if drawn < 0.45:
                entries[name] = self.file() if form.kinds.get(name) == "file" else self.value()
            elif drawn < 0.55:
                entries.pop(name, None)
        if self.chance.random() < 0.1:
            entries[self.text()[:200] or "x"] = self.text()
        return entries

    def data_for(self, form_class: type[forms.BaseForm]) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        """Entries and files for the fields of a form class, with their parts (a date's boxes)."""
        data, files = QueryDict(mutable=True), MultiValueDict[str, Any]()
        for name, field in form_class.base_fields.items():  # type: ignore[attr-defined]  # of every form class
            for each in (name, f"{name}_day", f"{name}_month", f"{name}_year", f"{name}_0", f"{name}_1"):
                if self.chance.random() < 0.8:
                    values = self.value()
                    data.setlist(each, values if isinstance(values, list) else [values])
            if isinstance(field, forms.FileField) and self.chance.random() < 0.8:
                files[name] = self.file()
        return data, files


def form_classes() -> list[type[forms.BaseForm]]:
    """Every form class of the desks that can be made from entries and files alone."""
    found = set()
    for module in pkgutil.walk_packages(rightplace.desks.__path__, "rightplace.desks."):
        if ".migrations" in module.name or ".templatetags" in module.name:
            continue
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if (
                issubclass(one, forms.Form)
                and one.__module__.startswith("rightplace.")
                and one.base_fields
                and _is_plain(one)
            ):
                found.add(one)
    return sorted(found, key=lambda one: (one.__module__, one.__qualname__))


def _is_plain(form_class: type[forms.Form]) -> bool:
    try:
        form_class(QueryDict(), MultiValueDict())
    except (TypeError, AttributeError):  # it wants somebody or something first
        return False
    return True
