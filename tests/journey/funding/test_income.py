"""Income from partners adds up: due is what waits, is received and is owed; what is owed is its ages, disputed or not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding import invoicing
from rightplace.journey.funding.income import PartnerIncome, income_by_partner
from rightplace.journey.funding.models import Partner, RechargeInvoice
from rightplace.journey.funding.queries import AGES
from tests import make
from tests.cast import Cast
from tests.journey.funding.test_actions import SPRING, agreed, halves

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast: Cast) -> Contract:
    return make.contract_in_force(cast)


@pytest.fixture
def partners(cast: Cast) -> dict[str, Partner]:
    return make.partners(cast)


def health(cast: Cast, on: date) -> PartnerIncome:
    (one,) = [row for row in income_by_partner(cast.fin, on) if row.kind == "health"]
    assert one.due == one.waiting + one.received + one.owed
    assert one.owed == sum(one.by_age[age] for age in AGES) and 0 <= one.disputed <= one.owed
    return one


def test_a_share_is_followed_from_charge_to_receipt_to_the_penny(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    agreed(cast, contract, halves(partners))
    (draft, *_) = invoicing.make_recharges(by=cast.fin, now=SPRING, up_to=SPRING.date()).done()
    today, who = timezone.localdate(SPRING), {"by": cast.fin, "now": SPRING, "invoice_id": draft.pk}
    made = health(cast, today)
    assert made.due == made.waiting == draft.total_pence > 0 == made.invoiced
    sent = invoicing.send_recharge(**who, version=draft.version).done()
    assert health(cast, today).by_age[AGES[0]] == draft.total_pence
    held = invoicing.dispute_recharge(**who, version=sent.version, words="Two nights fewer.").done()
    late = health(cast, sent.due_on + timedelta(days=45))
    assert (late.disputed, late.by_age[AGES[2]]) == (draft.total_pence, draft.total_pence)
    settled = invoicing.settle_recharge(**who, version=held.version, words="They agree.").done()
    invoicing.record_recharge_paid(**who, version=settled.version, paid_on=today, reference="BACS 1").done()
    paid = health(cast, today)
    assert (paid.received, paid.owed, paid.disputed, paid.waiting) == (draft.total_pence, 0, 0, 0)


def test_another_authority_sees_none_of_it(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    agreed(cast, contract, halves(partners))
    invoicing.make_recharges(by=cast.fin, now=SPRING, up_to=SPRING.date()).done()
    assert RechargeInvoice.objects.exists() and not income_by_partner(cast.brenda, SPRING.date())
