"""A shared block through a good and a bad year, settled: every month signed by both, every penny borne by somebody."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from rightplace.core.periods import Period
from rightplace.core.pricing import cost_within
from rightplace.foundation.access.actor import Actor
from rightplace.journey.blocks.models import BlockNomination, BlockShare, SharedBlock
from rightplace.journey.funding import invoicing
from tests.cast import Cast
from tests.desks.test_contracts import words
from tests.keeping_beds import FIRST, Kept, charged, filled, handed, kept, left, settled, signed
from tests.visit import send, signed_in

GOOD = [date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16)]
BAD = [month.replace(year=month.year + 1) for month in GOOD[:5]]


def test_a_shared_block_through_a_good_and_a_bad_year_settled(cast: Cast) -> None:
    held = kept(cast, risk_rule="by_share")
    stays = [filled(held, FIRST, who=held.croydon), filled(held, date(2025, 4, 3), who=held.sutton)]
    handed(held, held.sutton, date(2025, 4, 8), date(2026, 4, 1), 130_000)
    good = [signed(held, settled(held, month)) for month in GOOD]
    assert [one.risk_pence < 0 for one in good] == [False] + [True] * 11, (
        "handed over above its cost: a reward"
    )
    left(held, stays[0], date(2026, 4, 10))
    bad = [signed(held, settled(held, month)) for month in BAD]
    assert all(one.risk_pence > 0 for one in bad), "empty beds: a risk for both"
    everything = [*good, *bad]
    whole = Period(FIRST, date(2026, 9, 1))
    block = held.fresh()
    assert sum(one.cost_pence for one in everything) == cost_within(
        block.price_lines(), Period(block.starts_on, block.ends_on), whole
    )
    assert _borne(held.croydon) + _borne(held.sutton) == sum(one.cost_pence for one in everything)
    assert charged(held) == _borne(held.sutton)
    (invoice,) = invoicing.make_recharges(by=cast.fin, now=timezone.now(), up_to=timezone.localdate()).done()
    assert (invoice.partner.name, invoice.total_pence) == ("Sutton", _borne(held.sutton))
    _pages(held, everything[-1].pk)


def _borne(authority_id: int) -> int:
    rows = BlockShare.objects.filter(authority_id=authority_id, settlement__state="agreed")
    return sum(one.pence for one in rows)


def _pages(held: Kept, month: int) -> None:
    for who in (held.cast.fin, held.signers[held.sutton], held.cast.conrad):
        page = f"{'/region' if who == held.cast.conrad else ''}/blocks/settlements/{month}/"
        said = words(signed_in(who).get(page))
        assert "Signed by all" in said and "Croydon" in said and "Sutton" in said
        assert signed_in(who).get(f"{page}statement.pdf").content.startswith(b"%PDF")


def test_it_is_written_down_filled_and_signed_by_its_pages(cast: Cast) -> None:
    today = timezone.localdate()
    first = today.replace(year=today.year - 1, day=1)
    entries = {
        "name": "Acorn", "urn": cast.acorn_house.urn, "beds": "2", "amount_pence": "7000", "unit": "week",
        "turn_rule": "in_turn", "turn_hours": "48", "risk_rule": "by_share", f"share_{cast.croydon.pk}": "50%",
        f"share_{cast.sutton.pk}": "1/2", **_day("starts_on", first),
        **_day("ends_on", today.replace(year=today.year + 1, day=1)),
    }  # fmt: skip
    cora = signed_in(cast.cora)
    wrong = send(cora, "/blocks/new/", **(entries | {f"share_{cast.sutton.pk}": "1/4"}))
    assert wrong.status_code == 422 and "add up to the whole" in words(wrong)
    assert send(cora, "/blocks/new/", **entries).status_code == 303
    block = SharedBlock.objects.get()
    page = f"/blocks/{block.pk}/"
    assert "Whose turn the next bed is" in words(cora.get(page))
    _take(cast.bola, block, first)
    assert _take(cast.bola, block, first) == 422, "it is Sutton’s turn"
    assert _take(cast.brenda, block, first) == 303
    assert send(signed_in(cast.fin), f"{page}do/settle_month/", 1, **_day("month", first)).status_code == 303
    share = BlockShare.objects.get(authority=cast.croydon)
    url = f"/blocks/shares/{share.pk}/sign/"
    assert send(signed_in(cast.fin), url, share.version).status_code == 422
    assert send(signed_in(cast.dev), url, share.version).status_code == 303
    share.refresh_from_db()
    assert share.state == "signed"


def _take(who: Actor, block: SharedBlock, day: date) -> int:
    client = signed_in(who)
    ask = send(client, f"/blocks/{block.pk}/do/ask_for_bed/", block.version, **_day("needed_on", day))
    assert ask.status_code == 303
    row = BlockNomination.objects.filter(authority_id=who.authority_id, state="asked").latest("pk")
    return send(
        client, f"/blocks/nominations/{row.pk}/take/", row.version, **_day("starts_on", day)
    ).status_code


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
