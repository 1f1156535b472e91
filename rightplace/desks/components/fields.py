"""Form fields of the field's own kinds: a date in three boxes, money in pounds kept as pence, a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from rightplace.core.money import MINUS, pounds

PARTS = ("day", "month", "year")
MAX_PENCE = 10**11
POUNDS = re.compile(r"-?\d+(\.\d{1,2})?")


class DateParts(forms.Widget):
    """A date as three boxes; what was typed stays in them when it is no date."""

    template_name = "components/forms/date_parts.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str] | None:
        """The three boxes as typed; None when all are empty."""
        typed = {part: str(data.get(f"{name}_{part}", "")).strip() for part in PARTS}
        if not any(typed.values()):
            return self._from_one_value(data.get(name))
        return typed

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether none of the boxes was on the page."""
        return name not in data and all(f"{name}_{part}" not in data for part in PARTS)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The boxes for the template."""
        context = super().get_context(name, value, attrs)
        typed = self._from_one_value(value) or {}
        base = (attrs or {}).get("id", f"id_{name}")
        context["widget"]["has_error"] = bool((attrs or {}).get("aria-invalid"))
        context["boxes"] = [
            {"part": part, "name": f"{name}_{part}", "id": f"{base}_{part}", "value": typed.get(part, "")}
            for part in PARTS
        ]
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box."""
        return f"{id_}_day" if id_ else id_

    def _from_one_value(self, value: Any) -> dict[str, str] | None:
        if isinstance(value, Mapping):
            return dict(value)
        if isinstance(value, date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(value or ""))
        return dict(zip(("year", "month", "day"), match.groups(), strict=True)) if match else None


class DateInPartsField(forms.DateField):
    """A date typed as day, month and year; says which part is missing or that the date is not real."""

    widget = DateParts

    def to_python(self, value: Any) -> date | None:
        """The date; ValidationError names what is wrong with it."""
        if not isinstance(value, Mapping):
            return super().to_python(value)
        missing = [part for part in PARTS if not value.get(part)]
        name = str(self.label or "The date")
        if missing:
            raise ValidationError(f"{name} must include a {' and '.join(missing)}", code="part_missing")
        try:
            return date(*(int(value[part]) for part in reversed(PARTS)))
        except (ValueError, OverflowError):
            raise ValidationError(f"{name} must be a real date, such as 27 3 2026", code="not_real") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another date was typed."""
        if isinstance(data, Mapping):
            data = "-".join(str(data.get(part, "")).zfill(2) for part in reversed(PARTS))
        return str(initial or "") != str(data or "")


class MoneyField(forms.Field):
    """Money typed in pounds (1,234.50), kept in integer pence."""

    prefix = "£"

    def __init__(
        self, *, min_pence: int = 0, max_pence: int = MAX_PENCE, suffix: str = "", **more: Any
    ) -> None:
        self.min_pence, self.max_pence, self.suffix = min_pence, max_pence, suffix
        narrow = {"inputmode": "decimal", "spellcheck": "false", "class": "govuk-input--width-10"}
        more.setdefault("widget", forms.TextInput(attrs=narrow))
        super().__init__(**more)

    def prepare_value(self, value: Any) -> Any:
        """Pence as they are typed."""
        if not isinstance(value, int):
            return value
        return pounds(value).replace("£", "").replace(",", "").replace(MINUS, "-")

    def to_python(self, value: Any) -> int | None:
        """Pence; ValidationError when it is not an amount of money."""
        typed = re.sub(r"[£,\s]", "", str(value or "")).replace(MINUS, "-")
        if not typed:
            return None
        if not POUNDS.fullmatch(typed) or len(typed) > 16:
            raise ValidationError("Enter an amount in pounds, such as 1,250.00", code="not_money")
        whole, _, part = typed.lstrip("-").partition(".")
        pence = int(whole) * 100 + int(part.ljust(2, "0") or 0)
        return -pence if typed.startswith("-") else pence

    def validate(self, value: Any) -> None:
        """Refuse amounts outside the limits."""
        super().validate(value)
        if value is not None and not self.min_pence <= value <= self.max_pence:
            low, high = self.min_pence // 100, self.max_pence // 100
            raise ValidationError(f"Enter an amount from £{low:,} to £{high:,}", code="out_of_range")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount was typed."""
        try:
            return self.to_python(data) != (self.to_python(initial) if isinstance(initial, str) else initial)
        except ValidationError:
            return True


class UploadField(forms.FileField):
    """A file of a named kind and at most so large; what it holds is checked again where it is read."""

    def __init__(self, *, endings: Iterable[str] = (), max_bytes: int = 20 * 2**20, **more: Any) -> None:
        self.endings = tuple(endings)
        self.max_bytes = max_bytes
        super().__init__(**more)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the browser offers first in its file dialogue."""
        accept = {"accept": ",".join(self.endings)} if self.endings else {}
        return {**super().widget_attrs(widget), **accept}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file; ValidationError when its name or its size is not allowed."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            self._refuse(file)
        return file

    def _refuse(self, file: UploadedFile[Any]) -> None:
        if self.endings and PurePath(file.name or "").suffix.lower() not in self.endings:
            raise ValidationError(f"The file must be one of {', '.join(self.endings)}", code="wrong_kind")
        if (file.size or 0) > self.max_bytes:
            raise ValidationError(
                f"The file must be smaller than {self.max_bytes // 2**20} MB", code="too_large"
            )
