"""Places where the law lets a child not live: not registered though they must be, supported accommodation below sixteen.

Care Standards Act 2000, section 11; Supported Accommodation (England) Regulations 2023; Care Planning, Placement and Case
Review (England) (Amendment) Regulations 2021. The same limits as matching's musts, for children who live there already.
"""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.unregistered import HOMES, SUPPORTED
from rightplace.core.matching.rules import published_rules


def is_unsuitable(place_code: str, age: int, *, is_registered: bool, on: date) -> bool:
    """Whether a child of this age may not live on this day in a place of this code (of the statutory return)."""
    limits = published_rules()
    if place_code in SUPPORTED:
        youngest = limits.limit("youngest_in_supported", on)
        must = limits.limit("supported_must_be_registered", on) is not None
        return (youngest is not None and age < youngest) or (must and not is_registered)
    return place_code in HOMES and not is_registered
