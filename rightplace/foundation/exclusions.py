"""What an exclusion constraint needs to say "never two at once" without a database extension."""

from __future__ import annotations

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db.models import F, Func, Value


def key_as_range(column: str) -> Func:
    """A key as a range of one number, so that an exclusion constraint needs no extension for equality."""
    return Func(F(column), F(column), Value("[]"), function="int8range", output_field=BigIntegerRangeField())
