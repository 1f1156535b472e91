"""Sharing between authorities: nothing without an agreement, and off from the next page on when it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from rightplace.desks.region import shared
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards import sharing
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.journey.decisions.models import Permission
from rightplace.register.prices.queries import names_sharing
from rightplace.register.providers import market
from rightplace.register.providers.models import Hold
from rightplace.register.providers.queries import _holds
from tests import make
from tests.cast import LONG_AGO, TODAY, Cast, person
from tests.security.entering import post, signed_in
from tests.stories.visitor import Visitor

NEW = sharing.NewAgreement("concerns", LONG_AGO, date(2126, 1, 1), "The director", LONG_AGO)


@pytest.fixture
def hold(cast: Cast) -> Hold:
    """A concern of Croydon about Acorn House; no agreement stands yet."""
    SharingAgreement.objects.all().delete()
    return Hold.objects.create(
        setting=cast.acorn_house, kind="concern", reason="A visit is due", raised_by=cast.croydon, starts_on=LONG_AGO
    )


def agreed(cast: Cast, **changes: object) -> SharingAgreement:
    """Recorded by Croydon's information governance officer."""
    return sharing.record_agreement(by=cast.iggy, now=timezone.now(), agreement=replace(NEW, **changes)).done()


def _seen(cast: Cast) -> dict[str, bool]:
    """Who sees the concern, by the query; the row security must say the same."""
    found = {}
    for name in ("cora", "bola", "brenda", "conrad", "priya", "quinn"):
        with acting_as(getattr(cast, name)):
            by_database = Hold.objects.exists()
            assert bool(market.holds_now(timezone.localdate())) is by_database, name
            assert bool(_holds(timezone.localdate(), None)) is by_database, name
            found[name] = by_database
    return found


def test_without_an_agreement_nobody_else_learns_of_a_concern(cast: Cast, hold: Hold) -> None:
    assert _seen(cast) == {
        "cora": True, "bola": True, "brenda": False, "conrad": False, "priya": True, "quinn": False
    }  # fmt: skip


def test_with_an_agreement_the_consortium_sees_it(cast: Cast, hold: Hold) -> None:
    agreed(cast)
    assert {name for name, is_seen in _seen(cast).items() if is_seen} == {"cora", "bola", "brenda", "conrad", "priya"}


def test_ended_means_off(cast: Cast, hold: Hold) -> None:
    row = agreed(cast)
    assert _seen(cast)["brenda"]
    sharing.end_agreement(by=cast.dev, now=timezone.now(), agreement_id=row.pk, version=row.version, reason="Reviewed.").done()
    assert not _seen(cast)["brenda"]


@pytest.mark.parametrize("when", ["not begun", "run out", "of another kind", "with somebody else"])
def test_only_an_agreement_in_force_of_this_kind_with_this_authority_counts(cast: Cast, hold: Hold, when: str) -> None:
    today = timezone.localdate()
    from rightplace.foundation.organisations.models import Authority

    third = Authority.objects.create(consortium=cast.croydon.consortium, name="Merton", gss_code="E09000024")
    agreed(cast, **{
        "not begun": {"starts_on": today + timedelta(days=2)}, "run out": {"ends_on": today},
        "of another kind": {"kind": "prices"}, "with somebody else": {"shared_with": third.pk},
    }[when])  # fmt: skip
    assert not _seen(cast)["brenda"]


def test_an_authority_outside_the_consortium_never_sees_it(cast: Cast, hold: Hold) -> None:
    agreed(cast)
    type(cast.sutton).objects.filter(pk=cast.sutton.pk).update(consortium=None)
    assert not _seen(cast)["brenda"]


def test_others_see_a_shared_concern_and_cannot_change_or_end_it(cast: Cast, hold: Hold) -> None:
    agreed(cast)
    with acting_as(cast.brenda):
        assert Hold.objects.update(reason="x") == 0
        assert Hold.objects.all().delete()[0] == 0


def test_prices_and_needs_are_counted_over_those_who_share_and_from_five_on(cast: Cast) -> None:
    SharingAgreement.objects.all().delete()
    for _ in range(2):
        make.offer_chosen(cast, make.offers_closed(cast, cast.acorn_house), cast.acorn_house)
    Permission.objects.update(state="approved")
    first = Permission.objects.first()
    with acting_as(cast.conrad):
        assert shared.prices(cast.conrad, TODAY) == []
    shared_kinds = {"prices": shared.prices, "needs": shared.needs}
    for kind, figures in shared_kinds.items():
        agreed(cast, kind=kind)
        with acting_as(cast.conrad):
            assert figures(cast.conrad, TODAY) == [], "fewer than five"
    shared.FEWEST, before = 2, shared.FEWEST
    try:
        with acting_as(cast.conrad):
            (price,) = shared.prices(cast.conrad, TODAY)
            assert (price.number, price.pence) == (2, first.weekly_pence)
        SharingAgreement.objects.filter(kind="prices").update(ended_at=timezone.now())
        with acting_as(cast.conrad):
            assert shared.prices(cast.conrad, TODAY) == []
    finally:
        shared.FEWEST = before


def test_a_commissioner_compares_prices_with_each_that_agreed_to_share_them(cast: Cast) -> None:
    rhea = person("Rhea Reed", "commissioner", authority=cast.sutton)
    page = Visitor(rhea)
    page.opens("/commissioning/prices/beside-need/").sees("Your own prices only")
    agreed(cast, kind="prices")
    with acting_as(rhea):
        assert names_sharing(rhea, TODAY) == ["Croydon"]
    page.opens("/commissioning/prices/beside-need/").sees("those shared by agreement by Croydon.")
    SharingAgreement.objects.filter(kind="prices").update(ended_at=timezone.now())
    page.opens("/commissioning/prices/beside-need/").sees("Your own prices only")


def test_what_is_shared_with_one_authority_is_not_shared_with_a_third(cast: Cast) -> None:
    third = Authority.objects.create(gss_code="E09000024", name="Merton", consortium=cast.croydon.consortium)
    agreed(cast, kind="prices", shared_with=third.pk)
    rhea = person("Rhea Reed", "commissioner", authority=cast.sutton)
    with acting_as(rhea):
        assert names_sharing(rhea, TODAY) == []


def test_the_region_sees_every_agreement_and_may_end_one_by_its_page(cast: Cast) -> None:
    row = SharingAgreement.objects.get(authority=cast.croydon)
    client = signed_in(cast.conrad)
    assert "Croydon" in client.get("/region/sharing/").content.decode()
    assert client.get("/region/shared/").status_code == 200
    assert post(client, f"/region/sharing/{row.pk}/", version=row.version, reason="Asked by Croydon.").status_code == 303
    row.refresh_from_db()
    assert row.ended_at is not None


def test_another_authority_neither_sees_nor_ends_ones_agreement(cast: Cast) -> None:
    row = SharingAgreement.objects.get(authority=cast.croydon)
    with acting_as(cast.brenda):
        assert list(SharingAgreement.objects.values_list("authority_id", flat=True)) == [cast.sutton.pk]
    outcome = sharing.end_agreement(
        by=cast.brenda, now=timezone.now(), agreement_id=row.pk, version=row.version, reason="No."
    )
    assert not outcome.is_done


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signed_by": " "}, "not_signed"), ({"ends_on": LONG_AGO}, "no_days"), ({"kind": "names"}, "unknown_kind"),
        ({"shared_with": 999_999}, "unknown_place"), ({"kind": "concerns"}, "agreed_already"),
    ],
)  # fmt: skip
def test_an_agreement_that_does_not_hold_water_is_refused(cast: Cast, changes: dict[str, object], code: str) -> None:
    given = replace(NEW, **{"kind": "prices", **changes})
    outcome = sharing.record_agreement(by=cast.iggy, now=timezone.now(), agreement=given)
    assert [one.code for one in outcome.problems] == [code]
