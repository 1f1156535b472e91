"""For the two-sided world: shares of a contract's cost, recharges, dearer terms, a limit asked for and absence cover."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.utils import timezone

from rightplace.core.sharing import Share
from rightplace.foundation.access import roles
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts.models import Contract, RisePermission
from rightplace.journey.decisions import delegating
from rightplace.journey.funding import actions as funding
from rightplace.journey.funding import invoicing
from rightplace.journey.funding.given import FileGiven, RowGiven
from rightplace.journey.funding.models import FundingEvidence
from rightplace.journey.offers.given import LineGiven
from tests import make
from tests.cast import Cast
from tests.files import PDF

DEARER = LineGiven("support", "week", 90_000, words="A second adult at night")
DUE = [datetime.combine(date(2027, month, 10), make.LATER.timetz()) for month in (2, 3)]


def costs_shared(cast: Cast, row: Contract) -> Iterator[dict[str, int]]:
    """A contract whose shares are agreed, with a change of them proposed; a recharge that was sent and one in draft."""
    first = make.shares_proposed(cast, row)
    funding.agree_shares(
        by=cast.dev,
        now=make.LATER,
        funding_id=first.pk,
        version=first.version,
        words="Agreed with the board.",
    ).done()
    partner = first.rows.first().shares.order_by("pk")[0].partner_id
    held = funding.propose_shares(
        by=cast.bola, now=make.LATER, contract_id=row.pk, starts_on=row.starts_on + timedelta(days=30),
        rows=(RowGiven((Share(partner, Fraction(1, 1)),)),), reason="Her needs have changed.",
        evidence_words="Review of 3 November.", files=[FileGiven("review.pdf", PDF)],
    ).done()  # fmt: skip
    file = FundingEvidence.objects.get(funding=held).pk
    for recharge in _recharges(cast):
        yield {"contract": row.pk, "funding_file": file, "partner": partner, "recharge": recharge}


def _recharges(cast: Cast) -> Iterator[int]:
    sent, draft = (
        invoicing.make_recharges(by=cast.fin, now=now, up_to=now.date()).done()[0].pk
        for now in _sending_between(cast)
    )
    yield from (sent, draft)


def _sending_between(cast: Cast) -> Iterator[datetime]:
    yield DUE[0]
    for row in invoicing.RechargeInvoice.objects.filter(authority=cast.croydon, state="draft"):
        invoicing.send_recharge(by=cast.fin, now=DUE[0], invoice_id=row.pk, version=row.version).done()
    yield DUE[1]


def dearer_terms_asked(cast: Cast, row: Contract) -> int:
    """A variation of a contract in force for which permission was asked, as it costs more; it was taken back since."""
    row.refresh_from_db()
    varied = contracts.vary_contract(
        by=cast.bola, now=make.LATER, contract_id=row.pk, version=row.version, lines=(*make.PRICE, DEARER),
        in_force_from=row.starts_on + timedelta(days=60), reason="She needs a second adult at night.",
    ).done()  # fmt: skip
    rise = RisePermission.objects.get(contract_version__contract=row, state="asked")
    contracts.take_back_variation(by=cast.bola, now=make.LATER, contract_id=row.pk, version=varied.version).done()
    return rise.pk


def limits_asked(cast: Cast) -> dict[str, int]:
    """A higher limit of the team managers, which a second person is to put in force; and cover for one of them."""
    now = timezone.now()
    today = timezone.localdate(now)
    change = delegating.ask_limit(
        by=cast.fin, now=now, role=roles.TEAM_MANAGER, whole_cost_pence=3_000_000, starts_on=today + timedelta(days=7),
        reason="Fees have risen by a fifth.",
    ).done()  # fmt: skip
    cover = delegating.record_cover(
        by=cast.dev, now=now, absent_id=cast.tessa.user_id, role=roles.TEAM_MANAGER, cover_id=cast.moses.user_id,
        starts_on=today, ends_on=today + timedelta(days=20), reason="Annual leave.",
    ).done()  # fmt: skip
    return {"limit_change": change.pk, "cover": cover.pk}
