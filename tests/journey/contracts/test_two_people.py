"""Asking, agreeing, signing and paying are different people's deeds (assurance, row 9): every try at both is refused.

Each person who had a hand in the placement is given the role of the next step as well, and tries it there.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.contracts import actions, permitting
from rightplace.journey.contracts.models import Contract, RisePermission, Signature
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments.actions import make_schedule
from rightplace.journey.payments.models import ScheduleLine
from tests import make
from tests.cast import LONG_AGO, Cast
from tests.visit import send, signed_in

LATER = make.LATER
HANDS = {"sadia": "asked for it", "moses": "chose it", "dev": "agreed to it"}


def also(actor: Actor, role: str) -> Actor:
    """The same person in a further role of the same authority."""
    row = Membership.objects.create(
        user_id=actor.user_id, authority_id=actor.authority_id, role=role, starts_on=LONG_AGO
    )
    return row.as_actor()


def codes(outcome: Outcome[Any]) -> set[str]:
    return {problem.code for problem in outcome.problems}


def sign(actor: Actor, row: Contract) -> Outcome[Contract]:
    row.refresh_from_db()
    sha = row.versions.filter(taken_back_at=None).last().text_sha256
    call = {"by": actor, "now": LATER, "contract_id": row.pk, "version": row.version}
    with acting_as(actor):
        return actions.sign_contract(**call, signed_name=actor.name, text_sha256=sha)


def pay(actor: Actor, row: Contract) -> Outcome[Any]:
    with acting_as(actor):
        return make_schedule(by=actor, now=LATER, contract_id=row.pk)


def entries(actor: Actor, row: Contract) -> dict[str, Any]:
    """What the form to sign sends."""
    row.refresh_from_db()
    text = row.versions.filter(taken_back_at=None).last().text_sha256
    return {"signed_name": actor.name, "has_read": "on", "text_sha256": text}


@pytest.mark.parametrize("who", sorted(HANDS))
def test_who_asked_chose_or_agreed_does_not_sign_by_verb_or_page(
    cast: Cast, drafted: Contract, who: str
) -> None:
    row = make.contract_issued(cast, drafted)
    both = also(getattr(cast, who), roles.COMMISSIONER)
    assert codes(sign(both, row)) == {"own_request"}, HANDS[who]
    answer = send(signed_in(both), f"/contracts/{row.pk}/sign/", row.version, **entries(both, row))
    assert answer.status_code == 422
    assert not Signature.objects.exists()
    assert not AuditEntry.objects.filter(verb="sign_contract").exists()


@pytest.mark.parametrize("who", sorted(HANDS))
def test_who_asked_chose_or_agreed_does_not_make_its_payments(
    cast: Cast, drafted: Contract, who: str
) -> None:
    row = make.contract_in_force(cast, drafted)
    before = set(ScheduleLine.objects.values_list("pk", "state"))
    assert codes(pay(also(getattr(cast, who), roles.FINANCE_OFFICER), row)) == {"own_request"}
    assert set(ScheduleLine.objects.values_list("pk", "state")) == before
    assert not AuditEntry.objects.filter(verb="make_schedule").exists()


def test_who_permitted_a_dearer_variation_neither_signs_nor_pays(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    # Another director than the one who agreed to the placement.
    dora = also(cast.tessa, roles.DIRECTOR)
    facts = {"in_force_from": make.NEEDED_BY + timedelta(days=60), "reason": "More support."}
    lines = (LineGiven("core_fee", "week", 450_000),)
    row.refresh_from_db()
    call = {"by": cast.bola, "now": LATER, "contract_id": row.pk, "version": row.version}
    actions.vary_contract(**call, **facts, lines=lines).done()
    rise = RisePermission.objects.get()
    permitting.approve_variation(by=dora, now=LATER, rise_id=rise.pk, version=rise.version).done()
    assert codes(sign(also(cast.tessa, roles.COMMISSIONER), row)) == {"own_request"}
    assert codes(pay(also(cast.tessa, roles.FINANCE_OFFICER), row)) == {"own_request"}


def test_an_earlier_role_signs_and_pays_nothing(cast: Cast, drafted: Contract) -> None:
    row = make.contract_issued(cast, drafted)
    client, typed = signed_in(cast.cora), entries(cast.cora, row)
    held = Membership.objects.filter(user_id__in=[cast.cora.user_id, cast.fin.user_id])
    held.update(ends_on=timezone.localdate() - timedelta(days=400))
    assert send(client, f"/contracts/{row.pk}/sign/", row.version, **typed).status_code == 302
    assert not Signature.objects.exists()
    assert codes(pay(cast.fin, row)) == {"not_in_role"}


def test_one_form_one_signature_and_the_next_of_the_same_side_is_refused(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_issued(cast, drafted)
    client, typed, once = signed_in(cast.cora), entries(cast.cora, row), uuid.uuid4().hex
    url, seen = f"/contracts/{row.pk}/sign/", row.version
    answers = [send(client, url, seen, once, **typed).status_code for _ in range(3)]
    assert answers == [303, 303, 303]
    assert send(client, url, seen, once, **{**typed, "signed_name": "Cora Q Bell"}).status_code == 409
    assert Signature.objects.count() == 1
    assert codes(sign(cast.bola, row)) == {"taken"}
    assert AuditEntry.objects.filter(verb="sign_contract").count() == 1


def test_no_gate_is_skipped_by_going_straight_to_a_later_address(cast: Cast, drafted: Contract) -> None:
    client = signed_in(cast.cora)
    typed = {"signed_name": cast.cora.name, "has_read": "on", "text_sha256": "0" * 64}
    assert send(client, f"/contracts/{drafted.pk}/sign/", drafted.version, **typed).status_code in {409, 422}
    assert codes(sign(cast.cora, drafted)) == {"wrong_state"}
    assert pay(cast.fin, drafted).done().lines_added == 0
    assert not Signature.objects.exists()
    assert not ScheduleLine.objects.exists()
