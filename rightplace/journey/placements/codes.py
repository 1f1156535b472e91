"""How the statutory return codes a place: placement code, provider code and URN (SSDA903 code sets)."""

from __future__ import annotations

from datetime import date

from rightplace.journey.offers.models import Offer

PLACE_OF_KIND = {"foster": "U6", "residential": "K2", "supported": "K3", "secure": "K1"}
PROVIDER_OF_SECTOR = {
    "private": "PR4",
    "voluntary": "PR5",
    "health authority": "PR3",
    "local authority": "PR2",
}
# Ends that the return knows for a period of care, and that a placement followed by another carries.
MOVED = "X1"


def collection_year(day: date) -> int:
    """The year of the statutory return that covers a day, named by the March in which it ends."""
    return day.year + 1 if day.month >= 4 else day.year


def place_code(offer: Offer) -> str:
    """The placement code: foster home (neither long-term nor for adoption), children's home, secure, or supported."""
    if offer.setting is None:
        return "U6"
    return PLACE_OF_KIND.get(offer.setting.kind, "K2")


def provider_code(offer: Offer, authority_name: str) -> str:
    """The provider code: own provision of the responsible authority, another authority's, private or voluntary."""
    if offer.setting is None:
        return "PR1"
    sector = offer.setting.sector.strip().lower()
    if sector == "local authority" and authority_name.lower() in offer.setting.provider.name.lower():
        return "PR1"
    return PROVIDER_OF_SECTOR.get(sector, "PR4")
