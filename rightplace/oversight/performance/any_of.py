"""Whether a number is one of many, given to the database as one array: thousands one by one cost more to write than to find."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler


class AnyOf(Lookup):
    """A condition for `filter`: the field of this name holds one of these numbers."""

    prepare_rhs = False

    def __init__(self, name: str, numbers: Iterable[int]) -> None:
        super().__init__(F(name), sorted(numbers))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Compare the column with the array."""
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s)", [*params, self.rhs]
