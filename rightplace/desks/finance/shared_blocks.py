"""Shared blocks: every block, one with its beds, turns and months, and writing one down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.blocks import RISK_RULES, TURN_RULES
from rightplace.core.money import pounds
from rightplace.core.periods import Period
from rightplace.core.sharing import part_words
from rightplace.desks.components.bed_rows import BedStay, bed_rows
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import percent
from rightplace.desks.finance import shared_block_forms as forms_
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import CONSORTIUM_OFFICER
from rightplace.foundation.audit.queries import history
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.blocks import queries
from rightplace.journey.blocks.beds import Used, free_beds, order_now, passed_now, standings, used_in
from rightplace.journey.blocks.keeping import BlockGiven, agree_block
from rightplace.journey.blocks.models import UNITS, BlockStay, SharedBlock
from rightplace.journey.blocks.states import BLOCK, HANDOVER, KEEPERS, NOMINATORS, SETTLEMENT, SETTLERS

YEAR = timedelta(days=365)
OF_REGION = {
    "shared_blocks": "region:blocks", "shared_block": "region:block", "block_settlement": "region:block_settlement",
    "block_statement": "region:block_statement",
}  # fmt: skip
"""The same pages at the region's desk, whose officer sees the blocks of the whole consortium and changes nothing."""
AHEAD = timedelta(days=30)
MOST_TOLD = 8


def address(actor: Actor, name: str, *args: int) -> str:
    """Where a page of blocks is for this person."""
    return reverse(OF_REGION[name] if actor.role == CONSORTIUM_OFFICER else name, args=args)


def block_list(request: HttpRequest) -> HttpResponse:
    """Every block that the authority is part of (for the region: of the consortium), with what waits for it."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[SharedBlock]:
        return queries.blocks(
            actor, words=filters.get("words") or "", state=filters.get("state") or "", sort=sort
        )

    columns = (
        Column("Block", "name", sort="name", link=lambda row: address(actor, "shared_block", row.pk)),
        Column("Home", lambda row: f"{row.setting.name}, {row.setting.provider.name}"),
        Column("Led by", lambda row: row.authority.name, sort="lead"),
        Column("State", lambda row: (row.state, BLOCK.states[row.state]), "status"),
        Column("Until", "ends_on", "date", "until"),
        Column("Beds", "beds", "number", "beds"),
        Column("Free", lambda row: _free(row, today), "number"),
        Column("Filled in a year", lambda row: so_far(row, today).share, "percent"),
    )
    context = {
        "signing": signing_table(actor), "offered": offered_table(actor), "may_agree": actor.role in KEEPERS,
    }  # fmt: skip
    listing = Listing(
        "Shared blocks", "block", columns, rows, forms_.BlockFilters, sort="name", context=context,
        empty="No block yet: beds in one home, kept by one authority or several.",
    )  # fmt: skip
    return list_page(request, "finance/shared_blocks.html", listing)


def _free(row: SharedBlock, today: date) -> int | None:
    return (
        len(free_beds(row, today))
        if row.state == "running" and row.starts_on <= today < row.ends_on
        else None
    )


def so_far(row: SharedBlock, today: date) -> Used:
    """How a block was used in the last twelve months."""
    until = min(max(today, row.starts_on), row.ends_on)
    return used_in(row, Period(max(row.starts_on, min(until, today) - YEAR), until))


def signing_table(actor: Actor) -> Table | None:
    """Statements that wait for a signature of this authority."""
    rows = list(queries.to_sign(actor)) if actor.authority_id else []
    if not rows:
        return None
    columns = (
        Column(
            "Statement", lambda one: f"{one.settlement.block}, {one.settlement}",
            link=lambda one: reverse("block_settlement", args=[one.settlement_id]),
        ),
        Column("You bear", "pence", "money"),
    )  # fmt: skip
    return Table(columns, rows, "Statements to sign", id="signing")


def offered_table(actor: Actor) -> Table | None:
    """Empty beds that are offered to this authority."""
    rows = list(queries.offered_to(actor)) if actor.authority_id else []
    if not rows:
        return None
    columns = (
        Column(
            "Bed in", lambda one: f"{one.block.name}, {one.block.setting.name}",
            link=lambda one: f"{reverse('shared_block', args=[one.block_id])}#handovers",
        ),
        Column("From", "starts_on", "date"),
        Column("Until", "ends_on", "date"),
        Column("A night", "night_pence", "money"),
    )  # fmt: skip
    return Table(columns, rows, "Empty beds offered to you", id="offered")


def shared_block(request: HttpRequest, key: int) -> HttpResponse:
    """One block: its beds over the year, whose turn the next one is, who asks, and what its months came to."""
    actor, today = actor_of(request), timezone.localdate()
    row: SharedBlock = found(queries.block(actor, key))
    is_ours = queries.is_member(actor, row)
    known = {
        "kept": row,
        "state": (row.state, BLOCK.states[row.state]),
        "tiles": tiles_of(row, today),
        "beds": beds_chart(row, today),
        "turns": turns_table(row, today),
        "asked": asked_rows(row, actor),
        "stays": stays_of(row, actor, today),
        "to_correct": stays_to_correct(row, actor),
        "handovers": handover_rows(row, actor),
        "months": months_table(row, actor),
        "deeds": deeds_of(row, actor, is_ours=is_ours),
        "summary": summary(row),
        "history": list(history(actor, subject="block", subject_id=key))[-MOST_TOLD:],
        "list_url": address(actor, "shared_blocks"),
    }
    return render(request, "finance/shared_block.html", known)


def tiles_of(row: SharedBlock, today: date) -> list[Tile]:
    """The block at a glance."""
    used = so_far(row, today)
    free = _free(row, today)
    price = list(row.prices.all())[-1]
    cost = round(used.cost_pence / used.filled) if used.filled else None
    return [
        Tile(
            "Free now",
            free if free is not None else "–",
            f"of {row.beds} beds",
            tone="care" if free else "good",
        ),
        Tile(
            "Filled in the last year",
            percent(used.share),
            f"{used.filled:,} of {used.bed_nights:,} bed nights",
        ),
        Tile("All beds cost", pounds(price.amount_pence), UNITS[price.unit]),
        Tile("A filled night cost", pounds(cost) if cost is not None else "None yet", "over the last year"),
    ]


def beds_chart(row: SharedBlock, today: date) -> Figure:
    """Who had which bed in the last year, and has it for the next month."""
    fills = {one.authority_id: str(place % 6 + 1) for place, one in enumerate(row.members.all())}
    stays = [
        BedStay(
            stay.bed, stay.authority.name, fills.get(stay.authority_id, "6"), stay.period.lower, stay.period.upper,
            f"taken over at {pounds(stay.night_pence)} a night" if stay.night_pence is not None else "",
        )
        for stay in row.stays.all()
    ]  # fmt: skip
    first, last = max(row.starts_on, today - YEAR), min(row.ends_on, max(today, row.starts_on) + AHEAD)
    shown = [one for one in stays if one.end > first and one.start < last]
    return bed_rows(shown, row.beds, first, last, "Who has which bed", today)


def turns_table(row: SharedBlock, today: date) -> Table | None:
    """The members in the order in which they are asked for the next bed, and where each stands."""
    if row.state != "running":
        return None
    names = {one.authority_id: one.authority.name for one in row.members.all()}
    held, passed = {one.key: one for one in standings(row, today)}, passed_now(row)
    whole = sum(one.nights for one in held.values())
    order = [(place, held[key]) for place, key in enumerate(order_now(row, today), 1)]
    columns = (
        Column("Turn", lambda one: one[0], "number"),
        Column("Authority", lambda one: names[one[1].key]),
        Column("Share", lambda one: part_words(one[1].share)),
        Column("Nights used", lambda one: one[1].nights, "number"),
        Column("Of all nights used", lambda one: one[1].nights / whole if whole else None, "percent"),
        Column("Beds now", lambda one: one[1].beds_now, "number"),
        Column("This bed", lambda one: "Passed" if one[1].key in passed else "Next" if one[0] == 1 else None),
    )
    return Table(columns, order, "Whose turn the next bed is", id="turns")


def asked_rows(row: SharedBlock, actor: Actor) -> list[dict[str, Any]]:
    """Who asks for a bed, the earliest first, and whether it is this actor's own."""
    may = actor.role in NOMINATORS
    return [
        {
            "one": one, "authority": one.authority.name,
            "may": may and one.authority_id == actor.authority_id,
        }
        for one in row.nominations.all()
        if one.state == "asked"
    ]  # fmt: skip


def stays_of(row: SharedBlock, actor: Actor, today: date) -> list[dict[str, Any]]:
    """The beds that this authority has now and may give back."""
    if actor.role not in NOMINATORS:
        return []
    own = [stay for stay in row.stays.all() if stay.authority_id == actor.authority_id]
    return [{"one": stay} for stay in own if stay.period.upper > today]


def stays_to_correct(row: SharedBlock, actor: Actor) -> list[BlockStay]:
    """The nights that this actor may set right: of months that are open to be corrected, for the lead all of them."""
    months = [one.month for one in row.settlements.all() if one.state == "correcting"]
    if not months or actor.role not in (*NOMINATORS, *SETTLERS):
        return []
    mine = [one for one in row.stays.all() if is_lead(row, actor) or one.authority_id == actor.authority_id]
    return [one for one in mine if one.period.upper > min(months)]


def is_lead(row: SharedBlock, actor: Actor) -> bool:
    """Whether the actor's authority leads the block."""
    return row.authority_id == actor.authority_id


def handover_rows(row: SharedBlock, actor: Actor) -> list[dict[str, Any]]:
    """Empty beds offered, and what this actor may do with each offer."""
    may, ours = actor.role in NOMINATORS, queries.is_member(actor, row)
    return [
        {
            "one": one, "to": one.authority.name, "state": (one.state, HANDOVER.states[one.state]),
            "may_take": may and one.state == "offered" and one.authority_id == actor.authority_id,
            "may_withdraw": may and one.state == "offered" and ours and one.authority_id != actor.authority_id,
        }
        for one in row.handovers.all()
    ]  # fmt: skip


def months_table(row: SharedBlock, actor: Actor) -> Table:
    """The months that were worked out."""
    rows = [one for one in row.settlements.all() if one.state != "withdrawn"]
    columns = (
        Column("Month", str, link=lambda one: address(actor, "block_settlement", one.pk)),
        Column("State", lambda one: (one.state, SETTLEMENT.states[one.state]), "status"),
        Column("Bed nights", "bed_nights", "number"),
        Column("Risk or reward", "risk_pence", "money"),
        Column("Cost", "cost_pence", "money"),
    )
    return Table(columns, rows, "Months settled", id="months", empty="No month has been settled yet.")


def deeds_of(row: SharedBlock, actor: Actor, *, is_ours: bool) -> list[tuple[str, str]]:
    """What this actor may do with the block: name and words."""
    leads, is_running = is_lead(row, actor), row.state == "running"
    wanted = (
        ("ask_for_bed", "Ask for a bed", actor.role in NOMINATORS and is_ours and is_running),
        ("pass_turn", "Pass a turn", actor.role in NOMINATORS and is_ours and is_running),
        ("hand_over", "Hand an empty bed over", actor.role in NOMINATORS and is_ours and is_running),
        ("settle_month", "Settle a month", actor.role in SETTLERS and leads),
        ("change_price", "Agree a new price", actor.role in KEEPERS and leads and is_running),
        ("end_block", "End the block", actor.role in KEEPERS and leads and is_running),
    )
    return [(verb, words) for verb, words, may in wanted if may]


def summary(row: SharedBlock) -> list[SummaryRow]:
    """The agreement in lines."""
    prices = [
        f"{pounds(one.amount_pence)} {UNITS[one.unit]} from {one.starts_on:%-d %B %Y}"
        for one in row.prices.all()
    ]
    return [
        SummaryRow("Home", row.setting.name, note=row.setting.provider.name),
        SummaryRow("Led by", row.authority.name, note="pays the home and recharges the others"),
        SummaryRow("From", f"{row.starts_on:%-d %B %Y}", note=f"until {row.ends_on:%-d %B %Y}"),
        SummaryRow("Price of all beds", "; ".join(prices)),
        SummaryRow("Turns", TURN_RULES[row.turn_rule], note=f"{row.turn_hours} hours to take one"),
        SummaryRow("Risk", RISK_RULES[row.risk_rule]),
    ]


def agree(request: HttpRequest) -> HttpResponse:
    """Write down a block as it was agreed."""
    actor = actor_of(request)
    authorities = consortium_of(actor)
    form = forms_.AgreeForm(request.POST or None, authorities=authorities)
    lead = "Beds in one home, kept to a date at a price for all of them together. Your authority leads it."
    deed = Deed("Write down a block", "Write down the block", "Shared blocks", reverse("shared_blocks"), lead=lead)
    return deed_page(
        request, deed, form, lambda typed: agree_block(by=actor, now=timezone.now(), given=BlockGiven(**typed)),
        said="The block is written down.", then=lambda row: reverse("shared_block", args=[row.pk]),
    )  # fmt: skip


def consortium_of(actor: Actor) -> list[tuple[int, str]]:
    """The authorities of the actor's consortium, its own first; its own alone where it has none."""
    own = Authority.objects.get(pk=actor.authority_id)
    others = (
        Authority.objects.filter(consortium_id=own.consortium_id or 0).exclude(pk=own.pk).order_by("name")
    )
    return [(own.pk, own.name), *([(one.pk, one.name) for one in others] if own.consortium_id else [])]
