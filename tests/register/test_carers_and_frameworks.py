"""Own carers kept by the fostering officer; frameworks kept by commissioners; who is approved on a day."""

from __future__ import annotations

from datetime import date, timedelta

from rightplace.foundation.notices.models import Notice
from rightplace.oversight.market.profile import provider_profile
from rightplace.register.buying.queries import places_of_provider
from rightplace.register.carers import actions as carers
from rightplace.register.carers import queries as carer_queries
from rightplace.register.frameworks import actions as frameworks
from rightplace.register.frameworks.models import Framework, Lot, LotMember
from rightplace.register.frameworks.queries import approved, consortium_of
from tests.cast import NOW, TODAY, Cast


def test_households_are_options_with_their_terms_and_places(cast: Cast) -> None:
    options = {one.key: one for one in carer_queries.options(cast.croydon.pk, TODAY)}
    adams = options[carer_queries.key_of(cast.adams.pk)]
    assert (adams.places_free, adams.terms.places, adams.is_own) == (2, 2, True)
    assert carer_queries.options(cast.sutton.pk, TODAY) == []


def test_a_fostering_officer_keeps_what_a_household_can_do(cast: Cast) -> None:
    who = {"by": cast.fern, "now": NOW, "household_id": cast.adams.pk}
    row = carers.save_household(**who, version=1, changes={"skills": ["autism"], "has_pets": True}).done()
    assert (row.skills, row.has_pets) == (["autism"], True)
    refused = carers.save_household(
        **who, version=row.version, changes={"skills": ["flying"], "address": "x"}
    )
    assert {p.code for p in refused.problems} == {"skills", "not_here"}


def test_nobody_else_keeps_households(cast: Cast) -> None:
    for by in (cast.bola, cast.brenda, cast.priya):
        assert (
            carers.save_household(by=by, now=NOW, household_id=cast.adams.pk, version=1, changes={})
            .problems[0]
            .code
            == "missing"
        )


def test_a_rest_and_a_hold_are_kept_and_taken_back(cast: Cast) -> None:
    who = {"by": cast.fern, "now": NOW, "household_id": cast.adams.pk}
    row = carers.rest_household(**who, version=1, starts_on=TODAY, ends_on=TODAY + timedelta(days=14)).done()
    row = carers.hold_household(**who, version=row.version, status="on_hold").done()
    assert (
        carers.hold_household(**who, version=row.version, status="on_hold").problems[0].code == "wrong_state"
    )
    row = carers.hold_household(**who, version=row.version, status="approved").done()
    row = carers.rest_household(**who, version=row.version, starts_on=None, ends_on=None).done()
    assert (row.status, row.unavailable_from, row.unavailable_until) == ("approved", None, None)


def test_a_rest_must_end_after_it_starts(cast: Cast) -> None:
    outcome = carers.rest_household(
        by=cast.fern, now=NOW, household_id=cast.adams.pk, version=1, starts_on=TODAY, ends_on=TODAY
    )
    assert [p.code for p in outcome.problems] == ["dates"]


def test_a_provider_on_a_lot_is_approved_from_its_day_until_it_leaves(cast: Cast) -> None:
    consortium = consortium_of(cast.croydon.pk)
    lot = Lot.objects.get(kind="residential")
    member = frameworks.join_lot(
        by=cast.cora,
        now=NOW,
        lot_id=lot.pk,
        provider_id=cast.harbour.pk,
        starts_on=TODAY + timedelta(days=1),
        ceiling_pence_week=500_000,
    ).done()
    key = (cast.harbour.pk, "residential")
    assert key not in approved(consortium, TODAY)
    assert approved(consortium, TODAY + timedelta(days=1))[key].ceiling_pence_week == 500_000
    off = {"by": cast.cora, "now": NOW + timedelta(days=2), "member_id": member.pk}
    assert [p.field for p in frameworks.leave_lot(**off, reason="  ").problems] == ["reason"]
    frameworks.leave_lot(**off, reason="It closed its last home.").done()
    assert key not in approved(consortium, TODAY + timedelta(days=3))
    assert "It closed its last home." in Notice.objects.get(provider=cast.harbour).words
    shown = provider_profile(cast.cora, cast.harbour.pk, TODAY + timedelta(days=3))
    assert shown is not None
    assert any("taken off on" in route and "It closed its last home." in route for route in shown.routes)


def test_a_framework_is_made_with_its_lots(cast: Cast) -> None:
    row = frameworks.make_framework(
        by=cast.cora,
        now=NOW,
        name="Supported living 2027",
        route="dynamic_market",
        starts_on=date(2027, 1, 1),
        ends_on=date(2031, 1, 1),
        kinds=("supported", "residential"),
    ).done()
    assert sorted(row.lots.values_list("kind", flat=True)) == ["residential", "supported"]


def test_a_dps_can_no_longer_be_started(cast: Cast) -> None:
    outcome = frameworks.make_framework(
        by=cast.bola,
        now=NOW,
        name="",
        route="dps",
        starts_on=date(2026, 1, 1),
        ends_on=date(2025, 1, 1),
        kinds=(),
    )
    assert {p.code for p in outcome.problems} == {"not_yours", "name", "route", "dates", "kinds"}


def test_another_consortiums_lot_does_not_exist(cast: Cast) -> None:
    member = LotMember.objects.first()
    assert member is not None
    assert (
        frameworks.leave_lot(by=cast.priya, now=NOW, member_id=member.pk, reason="x").problems[0].code
        == "missing"
    )


def test_a_provider_is_taken_off_every_lot_of_a_framework_at_once_and_told_once(cast: Cast) -> None:
    framework = Framework.objects.get(lots__kind="residential")
    lots = list(framework.lots.order_by("name"))[:2]
    assert len(lots) == 2
    members = [
        frameworks.join_lot(
            by=cast.cora, now=NOW, lot_id=lot.pk, provider_id=cast.harbour.pk, starts_on=TODAY
        ).done()
        for lot in lots
    ]
    off = {"by": cast.cora, "now": NOW, "reason": "Inadequate twice.", "every_lot": True}
    frameworks.leave_lot(member_id=members[0].pk, **off).done()
    held = {one.lot_id: (one.ends_on, one.reason) for one in places_of_provider(cast.quinn).values()}
    assert held == {lot.pk: (TODAY, "Inadequate twice.") for lot in lots}
    told = Notice.objects.get(provider=cast.harbour, words__contains="no longer on").words
    assert all(lot.name in told for lot in lots)
