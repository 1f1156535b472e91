"""Suitable offers: those that meet every essential criterion that the home was shown."""

from __future__ import annotations

import pytest

from rightplace.journey.offers.models import Offer, OfferAnswer
from rightplace.journey.offers.suitable import suitable_offers
from tests import make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_an_offer_is_suitable_while_it_stands_and_meets_every_essential_criterion(cast: Cast) -> None:
    search = make.offers_closed(cast)
    request = search.request_id
    first, second, third = Offer.objects.filter(search=search).order_by("submitted_at", "pk")
    assert len(suitable_offers([request])[request]) == 3
    essential = OfferAnswer.objects.filter(offer=first, about="criterion", topic__in=essential_of(first))
    assert essential.update(is_met=None)
    Offer.objects.filter(pk=second.pk).update(state="withdrawn")
    assert suitable_offers([request]) == {request: [third.submitted_at]}
    assert suitable_offers([]) == {}


def essential_of(offer: Offer) -> list[str]:
    return [one["key"] for one in offer.invitation.shown["criteria"] if one["is_essential"]]
