"""How exactly a stored place is known: the words of the column as the core's precision."""

from __future__ import annotations

from functools import lru_cache

from rightplace.core.geography import Precision


@lru_cache(maxsize=1_000)
def precision(stored: str) -> Precision:
    """The precision a `located_by` column states; a sector where it states none that is known."""
    words = stored.replace("_", " ").strip().lower()
    return next((one for one in Precision if one.value == words), Precision.SECTOR)
