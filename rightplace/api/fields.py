"""The types of fields: strict where something comes in, so that nothing is guessed and nothing unknown slips through."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

LARGEST = 2**63 - 1
MOST_PENCE = 10_000_000_000
Row = TypeVar("Row")


class Given(BaseModel):
    """What a caller sends: only the fields that are known."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What a caller is shown."""

    model_config = ConfigDict(extra="forbid")


class Page(Shown, Generic[Row]):
    """Some rows of a list, and the cursor of those after them."""

    items: list[Row]
    next: str | None = Field(description="Send it as `cursor` for the rows that follow; null at the end")


def _iso_day(value: Any) -> Any:
    """A date only as the text 2026-11-02: numbers and moments are no dates here."""
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    if isinstance(value, date):
        return value
    raise ValueError("Enter a date as 2026-11-02.")


_PLAIN = r"^[^\x00]*$"
Id = Annotated[int, Field(ge=1, le=LARGEST)]
RowId = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
Day = Annotated[date, BeforeValidator(_iso_day, json_schema_input_type=date)]
YesNo = Annotated[bool, Field(strict=True)]
Pence = Annotated[int, Field(strict=True, ge=0, le=MOST_PENCE)]
SignedPence = Annotated[int, Field(strict=True, ge=-MOST_PENCE, le=MOST_PENCE)]
Text = Annotated[str, StringConstraints(strict=True, max_length=4000, pattern=_PLAIN)]
Line = Annotated[str, StringConstraints(strict=True, max_length=300, pattern=_PLAIN)]
Code = Annotated[str, StringConstraints(strict=True, max_length=40, pattern=r"^[A-Za-z0-9_]*$")]
Number = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
Quantity = Annotated[Decimal, Field(ge=0, le=9999, max_digits=8, decimal_places=2)]
Cursor = Annotated[str, StringConstraints(max_length=500, pattern=r"^[A-Za-z0-9_:=.-]+$")]
Limit = Annotated[int, Field(ge=1, le=100)]
