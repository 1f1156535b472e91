"""Limits by kind, length and person, changed by two people; absence cover; and nobody on both sides of a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.safeguards.queries import may_be_named
from rightplace.foundation.tokens.actions import make_service_token
from rightplace.journey.decisions import actions, delegating, queries
from rightplace.journey.decisions.limits import Asked, needed_role, standing_limits
from rightplace.journey.decisions.models import Delegation, DelegationChange, Permission
from rightplace.journey.decisions.states import APPROVERS, PERMISSION
from rightplace.journey.funding import actions as funding
from rightplace.journey.funding.states import AGREERS
from rightplace.journey.placements import moves
from rightplace.journey.placements.beds import from_day
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.states import MOVE_DECIDERS
from tests import make
from tests.cast import LONG_AGO, TODAY, Cast, person

LATER = make.LATER
DAY = LATER.date()
SOON = DAY + timedelta(days=7)


@pytest.fixture
def permission(cast: Cast) -> Permission:
    """Chosen by Moses for Sadia's request, £208,000 for a year: a director's to approve."""
    return make.offer_chosen(cast, make.offers_closed(cast), cast.acorn_house)


def asked(cast: Cast, **facts: object) -> Asked:
    given = {
        "kind": "placement",
        "home_kind": "residential",
        "whole_cost_pence": 1_000_000,
        "weekly_pence": 20_000,
        "weeks": 50,
    }
    return Asked(cast.croydon.pk, **{**given, **facts}, involved=frozenset())


def limit(cast: Cast, pence: int, **facts: object) -> Delegation:
    given = {"role": roles.TEAM_MANAGER, "starts_on": LONG_AGO, "whole_cost_pence": pence, **facts}
    return Delegation.objects.create(authority=cast.croydon, **given)


def codes(cast: Cast, by: Actor, wanted: Asked) -> list[str]:
    return [p.code for p in standing_limits(cast.croydon.pk, TODAY).entitlement(by, wanted)[1]]


def test_the_narrowest_limit_counts(cast: Cast) -> None:
    assert codes(cast, cast.tessa, asked(cast)) == []
    limit(cast, 500_000, kind="spot")
    assert codes(cast, cast.tessa, asked(cast, kind="spot")) == ["above_limit"]
    limit(cast, 5_000_000, kind="spot", user_id=cast.tessa.user_id)
    assert codes(cast, cast.tessa, asked(cast, kind="spot")) == []
    assert codes(cast, cast.moses, asked(cast, kind="spot")) == ["above_limit"]
    limit(cast, 1, home_kind="residential", user_id=cast.tessa.user_id)
    assert codes(cast, cast.tessa, asked(cast)) == ["above_limit"]


def test_a_limit_may_also_be_a_week_and_a_length(cast: Cast) -> None:
    limit(cast, 9_000_000, kind="emergency", weekly_pence=19_999, longest_weeks=49)
    assert codes(cast, cast.tessa, asked(cast, kind="emergency")) == ["above_weekly", "too_long"]
    assert needed_role(cast.croydon.pk, 1_000_000, TODAY, asked(cast, kind="emergency")) == roles.DIRECTOR


def change(cast: Cast, by: Actor, **facts: object) -> object:
    given = {
        "role": roles.TEAM_MANAGER, "whole_cost_pence": 3_000_000, "starts_on": SOON,
        "reason": "Fees have risen by a fifth.", **facts,
    }  # fmt: skip
    return delegating.ask_limit(by=by, now=LATER, **given)


def test_two_people_change_a_limit_and_its_history_stays(cast: Cast) -> None:
    asked_for = change(cast, cast.fin).done()
    own = delegating.confirm_limit(by=cast.fin, now=LATER, change_id=asked_for.pk, version=1)
    assert [p.code for p in own.problems] == ["own_request"]
    assert needed_role(cast.croydon.pk, 2_500_000, SOON) == roles.DIRECTOR
    delegating.confirm_limit(by=cast.dev, now=LATER, change_id=asked_for.pk, version=1).done()
    assert needed_role(cast.croydon.pk, 2_500_000, SOON) == roles.TEAM_MANAGER
    assert needed_role(cast.croydon.pk, 2_500_000, DAY) == roles.DIRECTOR
    rows = Delegation.objects.filter(authority=cast.croydon, role=roles.TEAM_MANAGER).order_by("starts_on")
    assert [(row.whole_cost_pence, row.ends_on) for row in rows] == [(2_000_000, SOON), (3_000_000, None)]
    with pytest.raises(IntegrityError, match="two_people_change_a_limit"), transaction.atomic():
        DelegationChange.objects.update(decided_by=cast.fin.user_id)


def test_a_limit_that_ends_leaves_the_next_role_to_decide(cast: Cast) -> None:
    ended = change(cast, cast.fin, whole_cost_pence=None).done()
    delegating.confirm_limit(by=cast.dev, now=LATER, change_id=ended.pk, version=1).done()
    assert needed_role(cast.croydon.pk, 1, SOON) == roles.DIRECTOR


@pytest.mark.parametrize(
    ("by", "facts", "code"),
    [
        ("moses", {}, "not_yours"),
        ("fin", {"starts_on": DAY - timedelta(days=1)}, "past"),
        ("fin", {"reason": " "}, "empty"),
        ("fin", {"role": roles.BROKER}, "unknown"),
        ("fin", {"kind": "spot", "whole_cost_pence": None}, "empty"),
        ("fin", {"ends_on": SOON}, "before_start"),
    ],
)
def test_a_change_that_cannot_be_is_refused(cast: Cast, by: str, facts: dict[str, object], code: str) -> None:
    assert code in [p.code for p in change(cast, getattr(cast, by), **facts).problems]


def cover(cast: Cast, by: Actor, absent: Actor, acting: Actor, **facts: object) -> object:
    given = {"starts_on": DAY, "ends_on": SOON, "reason": "Annual leave.", **facts}
    return delegating.record_cover(
        by=by, now=LATER, absent_id=absent.user_id, role=absent.role, cover_id=acting.user_id, **given
    )


def approve(by: Actor, row: Permission) -> object:
    return actions.approve_placement(by=by, now=LATER, permission_id=row.pk, version=row.version)


def test_a_cover_acts_with_the_limit_of_who_is_away_and_it_is_kept(
    cast: Cast, permission: Permission
) -> None:
    assert [p.code for p in approve(cast.tessa, permission).problems] == ["above_limit"]
    cover(cast, cast.dev, cast.dev, cast.tessa).done()
    assert permission.pk in queries.permissions_waiting(cast.tessa, on=DAY).values_list("pk", flat=True)
    found = {one.name: one.acts_for for one in queries.who_may_approve(permission, on=DAY) if one.may}
    assert found == {"Dev Anand": "", "Tessa Lund": "Dev Anand"}
    approve(cast.tessa, permission).done()
    permission.refresh_from_db()
    assert (permission.decided_by_id, permission.decided_for_id) == (cast.tessa.user_id, cast.dev.user_id)
    assert permission.decided_under.role == roles.DIRECTOR


def test_a_cover_is_over_on_the_day_of_return_and_never_serves_what_one_asked(
    cast: Cast, permission: Permission
) -> None:
    cover(cast, cast.dev, cast.dev, cast.moses).done()
    assert "own_request" in [p.code for p in approve(cast.moses, permission).problems]
    cover(cast, cast.dev, cast.dev, cast.tessa, ends_on=DAY + timedelta(days=1)).done()
    later = LATER + timedelta(days=1)
    late = actions.approve_placement(
        by=cast.tessa, now=later, permission_id=permission.pk, version=permission.version
    )
    assert [p.code for p in late.problems] == ["above_limit"]


def test_nobody_takes_up_cover_by_themselves(cast: Cast) -> None:
    assert "not_yours" in [p.code for p in cover(cast, cast.tessa, cast.dev, cast.tessa).problems]
    assert "same_person" in [p.code for p in cover(cast, cast.dev, cast.dev, cast.dev).problems]
    assert "not_in_role" in [p.code for p in cover(cast, cast.fin, cast.dev, cast.bola).problems]


def everyone_who_had_a_hand(cast: Cast, permission: Permission) -> list[Actor]:
    """Who asked and who chose, in every role that approves; who acts for them; and one whose role is over."""
    hands = [cast.sadia, cast.moses]
    for hand in hands:
        for role in APPROVERS:
            held = Membership.objects.filter(user_id=hand.user_id, role=role).exists()
            if not held:
                Membership.objects.create(
                    user_id=hand.user_id, role=role, authority=cast.croydon, starts_on=LONG_AGO
                )
    left = person("Lee Former", roles.DIRECTOR, authority=cast.croydon)
    Membership.objects.filter(user_id=left.user_id).update(ends_on=DAY)
    delegate = person("Del Stand", roles.TEAM_MANAGER, authority=cast.croydon)
    cover(cast, cast.dev, cast.moses, delegate, starts_on=DAY).done()
    actors = [replace(hand, role=role) for hand in hands for role in roles.ROLES]
    return [*actors, *(replace(left, role=role) for role in roles.ROLES), delegate]


def test_none_of_those_who_asked_delegates_or_former_holders_decides_on_a_permission(
    cast: Cast, permission: Permission
) -> None:
    """Row 9 of the assurance: every verb that decides, every role of who had a hand in it; 0 allowed."""
    Delegation.objects.filter(authority=cast.croydon, role=roles.DIRECTOR).update(whole_cost_pence=10**11)
    deciding = [step.verb for step in PERMISSION.transitions if step.target in {"approved", "refused"}]
    assert sorted(deciding) == ["approve_placement", "refuse_placement"]
    allowed = 0
    for route in ("delegated", "panel"):
        Permission.objects.filter(pk=permission.pk).update(route=route)
        for by in (
            everyone_who_had_a_hand(cast, permission)
            if route == "delegated"
            else [replace(cast.sadia, role=r) for r in APPROVERS]
        ):
            for verb in deciding:
                outcome = getattr(actions, verb)(
                    by=by,
                    now=LATER,
                    permission_id=permission.pk,
                    version=permission.version,
                    reason="Because.",
                )
                allowed += outcome.is_done
    assert allowed == 0
    permission.refresh_from_db()
    assert permission.state == "asked"


def test_none_of_those_who_proposed_decides_on_a_move_or_on_shares(cast: Cast) -> None:
    living = Placement.objects.create(
        authority=cast.croydon, child=cast.jude, state="started", place_code="U6", household=cast.adams, bed=1,
        period=from_day(TODAY - timedelta(days=200)),
    )  # fmt: skip
    move = make.move_discussed(cast, make.move_proposed(cast, living, by=cast.tessa))
    shares = make.shares_proposed(cast, make.contract_in_force(cast), by=cast.tessa)
    left = person("Lee Former", roles.DIRECTOR, authority=cast.croydon)
    Membership.objects.filter(user_id=left.user_id).update(ends_on=DAY)
    allowed = 0
    for hand in (cast.tessa, left):
        for role in roles.ROLES:
            by = replace(hand, role=role)
            for verb in ("agree_move", "refuse_move", "review_move"):
                outcome = getattr(moves, verb)(
                    by=by, now=LATER, move_id=move.pk, version=move.version, decision="Yes."
                )
                allowed += outcome.is_done
            for verb in ("agree_shares", "refuse_shares"):
                given = {
                    "by": by,
                    "now": LATER,
                    "funding_id": shares.pk,
                    "version": shares.version,
                    "words": "Yes.",
                }
                allowed += getattr(funding, verb)(**given).is_done
    assert allowed == 0
    assert {*MOVE_DECIDERS, *AGREERS} <= set(APPROVERS)


def test_the_database_refuses_who_requested_as_who_approves(cast: Cast, permission: Permission) -> None:
    with pytest.raises(IntegrityError, match="who_requested_does_not_approve"), transaction.atomic():
        Permission.objects.filter(pk=permission.pk).update(decided_by=cast.sadia.user_id)
    with pytest.raises(IntegrityError, match="nobody_approves_for_who_asked"), transaction.atomic():
        Permission.objects.filter(pk=permission.pk).update(decided_for=cast.moses.user_id)


def test_the_account_of_another_system_is_nobody_who_could_approve(
    cast: Cast, permission: Permission
) -> None:
    system = make_service_token(
        by=cast.ada, now=LATER, name="Case records", role=roles.TEAM_MANAGER, scopes=["read:requests"], days=30
    ).done().row.membership  # fmt: skip
    assert system.user_id not in {one.user_id for one in queries.who_may_approve(permission, on=DAY)}
    assert system not in queries.approvers(cast.dev, on=DAY)
    assert system not in may_be_named(cast.iggy, on=DAY)
