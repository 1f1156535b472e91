"""For the two-sided world: a cost code, nights away, and sessions held under a variation that both signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts.models import Contract
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.payments import absences, deliveries, keeping_codes
from tests import make
from tests.cast import Cast

SESSIONS = LineGiven("therapy", "session", 5_000, quantity=Decimal(1), words="Play therapy")
LESS = (LineGiven("core_fee", "week", 100_000),)


def charges_kept(cast: Cast, row: Contract) -> dict[str, int]:
    """Their numbers, by what an address calls them."""
    code = keeping_codes.add_cost_code(
        by=cast.fin, now=make.LATER, starts_on=date(2020, 4, 1), cost_centre="CS4000", subjective="4300"
    ).done()
    _agreed(cast, row)
    after = datetime.combine(row.starts_on + timedelta(days=40), make.LATER.timetz())
    away = absences.record_absence(
        by=cast.bola, now=after, contract_id=row.pk, reason="family", left_on=row.starts_on + timedelta(days=31),
        back_on=row.starts_on + timedelta(days=33),
    ).done()  # fmt: skip
    line = deliveries.delivered_lines(cast.bola, row.pk).filter(unit="session")[0]
    held = deliveries.record_delivery(
        by=cast.bola, now=after, line_id=line.pk, on=row.starts_on + timedelta(days=30), quantity=Decimal(1)
    ).done()
    return {"cost_code": code.pk, "absence": away.pk, "delivered": held.pk}


def _agreed(cast: Cast, row: Contract) -> None:
    """Terms that cost less, with sessions in them, signed by both sides."""
    row.refresh_from_db()
    with acting_as(cast.bola):
        contracts.vary_contract(
            by=cast.bola, now=make.LATER, contract_id=row.pk, version=row.version, lines=(*LESS, SESSIONS),
            in_force_from=row.starts_on + timedelta(days=30), reason="She goes to play therapy.",
        ).done()  # fmt: skip
    make.contract_signed_by(cast.bola, row)
    make.contract_signed_by(make.maker_of(cast, row.placement.setting), row)
    row.refresh_from_db()
