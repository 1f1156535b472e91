"""How far a place is from the child's home: straight-line miles between the best positions known."""

from __future__ import annotations

from rightplace.core.geography import Point, miles_between
from rightplace.foundation.reference.places import locate
from rightplace.register.carers.models import Household
from rightplace.register.providers.models import Setting


def miles_between_postcodes(home_postcode: str, place_postcode: str) -> float | None:
    """Miles between two postcodes, one decimal; None when either is unknown."""
    home, place = locate(home_postcode), locate(place_postcode)
    return round(miles_between(home.point, place.point), 1) if home and place else None


def miles_to(home_postcode: str, place: Setting | Household | None) -> float | None:
    """Miles from a home postcode to a place, one decimal; None when either is unknown."""
    home = locate(home_postcode) if home_postcode else None
    if home is None or place is None or place.latitude is None or place.longitude is None:
        return None
    return round(miles_between(home.point, Point(place.latitude, place.longitude)), 1)
