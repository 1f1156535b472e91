"""Addresses of offers, the same at each desk that makes them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.portal import offer_steps, offers


def offer_patterns(desk: str, start: str, roles: Iterable[str]) -> list[URLPattern]:
    """The pages of offers under `desk`; `start` is the address that begins an offer to an invitation."""
    who = tuple(roles)
    one = f"{desk}offers/<int:key>/"
    return [
        verb(start, offers.start, roles=who, name="offer_start"),
        page(f"{desk}offers/", offers.offer_list, roles=who, name="offers"),
        page(one, offers.offer, roles=who, name="offer"),
        form_page(f"{one}place/", offer_steps.place, roles=who, name="offer_place"),
        form_page(f"{one}price/", offer_steps.price, roles=who, name="offer_price"),
        form_page(f"{one}answers/", offer_steps.answers, roles=who, name="offer_answers"),
        form_page(f"{one}evidence/", offer_steps.evidence, roles=who, name="offer_evidence"),
        verb(f"{one}evidence/remove/", offer_steps.evidence_remove, roles=who, name="offer_evidence_remove"),
        page(f"{one}files/<int:file_id>/", offers.file, roles=who, name="offer_file"),
        verb(f"{one}submit/", offers.submit, roles=who, name="offer_submit"),
        verb(f"{one}reopen/", offers.reopen, roles=who, name="offer_reopen"),
        form_page(f"{one}withdraw/", offers.withdraw, roles=who, name="offer_withdraw"),
    ]
