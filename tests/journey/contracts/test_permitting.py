"""A variation that makes a contract dearer: permitted at its real cost by whoever's limit covers it, never by its maker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rightplace.core.pricing import weekly_rate
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.journey.contracts import actions, permitting, queries, rises
from rightplace.journey.contracts.models import Contract, ContractVersion, RisePermission
from rightplace.journey.contracts.standing import terms_of
from rightplace.journey.decisions.models import Cover, Delegation
from rightplace.journey.offers.given import LineGiven
from tests import make
from tests.cast import LONG_AGO, Cast

LATER = make.LATER
FROM = make.NEEDED_BY + timedelta(days=60)
DEARER = (LineGiven("core_fee", "week", 450_000),)
CHEAPER = (LineGiven("core_fee", "week", 400_000),)


def codes(outcome: Outcome[Any]) -> set[str]:
    return {problem.code for problem in outcome.problems}


def varied(cast: Cast, row: Contract, lines: tuple[LineGiven, ...] = DEARER, **more: Any) -> Contract:
    """A variation by Bola of a contract in force."""
    row.refresh_from_db()
    facts = {"in_force_from": FROM, "reason": "Needs have changed.", "lines": lines, **more}
    return actions.vary_contract(
        by=cast.bola, now=LATER, contract_id=row.pk, version=row.version, **facts
    ).done()


def sign(actor: Actor, row: Contract) -> Outcome[Contract]:
    row.refresh_from_db()
    sha = row.versions.filter(taken_back_at=None).last().text_sha256
    call = {"by": actor, "now": LATER, "contract_id": row.pk, "version": row.version}
    with acting_as(actor):
        return actions.sign_contract(**call, signed_name=actor.name, text_sha256=sha)


def decide(verb: str, by: Actor, rise: RisePermission, **more: Any) -> Outcome[RisePermission]:
    rise.refresh_from_db()
    call = {
        "by": by,
        "now": LATER,
        "rise_id": rise.pk,
        "version": rise.version,
        "reason": "As agreed.",
        **more,
    }
    with acting_as(by):
        return getattr(permitting, f"{verb}_variation")(**call)


@pytest.fixture
def rise(cast: Cast, drafted: Contract) -> RisePermission:
    """A dearer variation of Amber's contract that waits for permission: above £200,000, so a director's."""
    varied(cast, make.contract_in_force(cast, drafted))
    return RisePermission.objects.get()


def test_it_is_asked_at_the_whole_cost_of_the_stay_as_varied_to_the_penny(
    cast: Cast, rise: RisePermission
) -> None:
    contract = rise.contract_version.contract
    with acting_as(cast.bola):
        shown = queries.contract_page(cast.bola, contract.pk, LATER)
    before = contract.placement.permission.whole_cost_pence
    assert rise.whole_cost_pence == before + rise.rise_pence
    assert shown.current.rise_pence == rise.rise_pence > 0
    assert rise.weekly_pence == weekly_rate(terms_of(rise.contract_version).lines, FROM) == 450_000
    assert (rise.needs_role, rise.route, rise.home_kind) == (roles.DIRECTOR, "delegated", "residential")


def test_a_cheaper_variation_needs_no_permission(cast: Cast, drafted: Contract) -> None:
    row = varied(cast, make.contract_in_force(cast, drafted), CHEAPER)
    assert not RisePermission.objects.exists()
    assert sign(cast.cora, row).is_done


def test_a_longer_stay_at_a_lower_price_that_costs_more_needs_permission(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_in_force(cast, drafted)
    varied(cast, row, CHEAPER, ends_on=row.ends_on + timedelta(days=200))
    assert RisePermission.objects.get().rise_pence > 0


def test_nobody_signs_before_it_is_permitted_and_the_provider_does_not_see_it(
    cast: Cast, rise: RisePermission
) -> None:
    row = rise.contract_version.contract
    assert codes(sign(cast.cora, row)) == {"no_permission"}
    assert codes(sign(cast.priya, row)) == {"no_permission"}
    with acting_as(cast.priya):
        shown = queries.contract_page(cast.priya, row.pk, LATER)
        assert [version.number for version in shown.versions] == [1]
        assert queries.contract_file(cast.priya, row.pk, 2, LATER) is None
        assert queries.contracts_to_sign(cast.priya) == ()
        assert not any("ariation" in words for _, _, words in shown.history)
    assert not Notice.objects.filter(provider=cast.oakhouse, words__contains="ariation").exists()


def test_the_database_itself_refuses_a_signed_version_that_waits_for_permission(rise: RisePermission) -> None:
    rows = ContractVersion.objects.filter(pk=rise.contract_version_id)
    with pytest.raises(IntegrityError, match="nothing_dearer_is_signed"), transaction.atomic():
        rows.update(is_signed=True)


def test_within_the_limit_it_is_permitted_and_both_sides_sign(cast: Cast, rise: RisePermission) -> None:
    done = decide("approve", cast.dev, rise).done()
    assert (done.state, done.decided_under.role, done.reason) == ("approved", roles.DIRECTOR, "As agreed.")
    row = rise.contract_version.contract
    assert Notice.objects.filter(provider=cast.oakhouse, words__contains="variation").exists()
    assert sign(cast.cora, row).is_done
    assert sign(cast.priya, row).done().state == "in_force"


@pytest.mark.parametrize(
    ("who", "code"),
    [("tessa", "above_limit"), ("pearl", "above_limit"), ("bola", "not_yours"), ("fin", "not_yours"), ("simon", "missing")],
)  # fmt: skip
def test_over_the_limit_or_in_another_role_or_authority_it_is_refused(
    cast: Cast, rise: RisePermission, who: str, code: str
) -> None:
    assert code in codes(decide("approve", getattr(cast, who), rise))
    rise.refresh_from_db()
    assert (rise.state, rise.contract_version.waits_for_permission) == ("asked", True)


def test_a_limit_for_variations_alone_counts_before_the_general_one(cast: Cast, rise: RisePermission) -> None:
    limit = {"authority": cast.croydon, "kind": "variation", "starts_on": LONG_AGO}
    Delegation.objects.create(**limit, role=roles.TEAM_MANAGER, whole_cost_pence=rise.whole_cost_pence)
    Delegation.objects.create(**limit, role=roles.DIRECTOR, whole_cost_pence=rise.whole_cost_pence - 1)
    assert codes(decide("approve", cast.dev, rise)) == {"above_limit"}
    assert decide("approve", cast.tessa, rise).is_done


def test_above_every_limit_it_is_for_the_panels_chair(cast: Cast, drafted: Contract) -> None:
    Delegation.objects.filter(authority=cast.croydon).update(whole_cost_pence=100)
    varied(cast, make.contract_in_force(cast, drafted))
    rise = RisePermission.objects.get()
    assert (rise.needs_role, rise.route) == (roles.PANEL_CHAIR, "panel")
    assert codes(decide("approve", cast.dev, rise)) == {"at_panel"}
    assert decide("approve", cast.pearl, rise).is_done


def test_nobody_permits_their_own_not_in_another_role_nor_by_cover(cast: Cast, rise: RisePermission) -> None:
    """Bola made it: neither as a director herself, nor somebody who acts for her, nor by SQL."""
    held = {"authority": cast.croydon, "role": roles.DIRECTOR, "starts_on": LONG_AGO}
    Membership.objects.create(**held, user_id=cast.bola.user_id)
    both = Actor(
        user_id=cast.bola.user_id, name=cast.bola.name, role=roles.DIRECTOR, authority_id=cast.croydon.pk
    )
    assert codes(decide("approve", both, rise)) == {"own_request"}
    Cover.objects.create(
        authority=cast.croydon, absent_id=cast.bola.user_id, role=roles.DIRECTOR, by_id=cast.tessa.user_id,
        starts_on=LONG_AGO, ends_on=LATER.date() + timedelta(days=9), reason="Leave.",
        recorded_by_id=cast.dev.user_id, recorded_at=LATER,
    )  # fmt: skip
    assert "above_limit" in codes(decide("approve", cast.tessa, rise))
    for facts in ({"decided_by_id": cast.bola.user_id}, {"decided_for_id": cast.bola.user_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RisePermission.objects.filter(pk=rise.pk).update(**facts)


def test_who_permitted_it_does_not_sign_it(cast: Cast, rise: RisePermission) -> None:
    decide("approve", cast.dev, rise).done()
    held = {"authority": cast.croydon, "role": roles.COMMISSIONER, "starts_on": LONG_AGO}
    Membership.objects.create(**held, user_id=cast.dev.user_id)
    both = Actor(
        user_id=cast.dev.user_id, name=cast.dev.name, role=roles.COMMISSIONER, authority_id=cast.croydon.pk
    )
    assert codes(sign(both, rise.contract_version.contract)) == {"own_request"}


def test_a_refusal_needs_a_reason_and_leaves_the_contract_as_it_was(cast: Cast, rise: RisePermission) -> None:
    assert codes(decide("refuse", cast.dev, rise, reason=" ")) == {"empty"}
    decide("refuse", cast.dev, rise).done()
    row = Contract.objects.get(pk=rise.contract_version.contract_id)
    assert (row.state, row.versions.last().taken_back_at) == ("in_force", LATER)
    assert Notice.objects.filter(user_id=cast.bola.user_id, words__contains="not permitted").exists()
    assert codes(decide("approve", cast.dev, rise)) == {"wrong_state"}
    again = varied(cast, row)
    assert again.state == "varying"


def test_taken_back_it_is_asked_no_longer_and_the_provider_never_hears_of_it(
    cast: Cast, rise: RisePermission
) -> None:
    row = Contract.objects.get(pk=rise.contract_version.contract_id)
    actions.take_back_variation(by=cast.bola, now=LATER, contract_id=row.pk, version=row.version).done()
    rise.refresh_from_db()
    assert rise.state == "fallen"
    assert codes(decide("approve", cast.dev, rise)) == {"wrong_state"}
    assert not Notice.objects.filter(provider=cast.oakhouse, words__contains="taken back").exists()


def test_permitted_at_one_cost_it_is_not_signed_at_a_higher_one(cast: Cast, rise: RisePermission) -> None:
    decide("approve", cast.dev, rise).done()
    RisePermission.objects.update(whole_cost_pence=rise.whole_cost_pence - 1)
    assert codes(sign(cast.cora, rise.contract_version.contract)) == {"no_permission"}


def test_each_decision_writes_one_entry_and_two_decisions_at_once_are_one(
    cast: Cast, rise: RisePermission
) -> None:
    before = AuditEntry.objects.count()
    seen = rise.version
    decide("approve", cast.dev, rise).done()
    assert AuditEntry.objects.count() == before + 1
    RisePermission.objects.filter(pk=rise.pk).update(state="asked")
    assert codes(decide("refuse", cast.dev, rise, version=seen)) == {"stale"}


def test_who_could_permit_it_and_why_not_me(cast: Cast, rise: RisePermission) -> None:
    with acting_as(cast.tessa):
        row = rises.rise_page(cast.tessa, rise.pk, LATER)
        people = {one.name: one for one in rises.who_may_permit(row, on=LATER.date())}
        assert not rises.rises_waiting(cast.tessa, on=LATER.date()).exists()
    assert [name for name, one in people.items() if one.may] == [cast.dev.name]
    assert "above this role’s limit" in people[cast.tessa.name].problems[0].sentence
    with acting_as(cast.dev):
        assert list(rises.rises_waiting(cast.dev, on=LATER.date())) == [rise]
    with acting_as(cast.simon):
        assert rises.rise_page(cast.simon, rise.pk, LATER) is None
