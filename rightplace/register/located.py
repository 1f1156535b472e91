"""How exactly a stored place is known: the words of the column as the core's precision."""

from __future__ import annotations

from rightplace.core.geography import Precision


def precision(stored: str) -> Precision:
    """The precision a `located_by` column states; a sector where it states none that is known."""
    words = stored.replace("_", " ").strip().lower()
    return next((one for one in Precision if one.value == words), Precision.SECTOR)
