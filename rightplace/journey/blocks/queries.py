"""Questions about blocks: which there are, what one looks like, what its months come to. Only for those who are part of it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import CONSORTIUM_OFFICER
from rightplace.journey.blocks.models import BlockHandover, BlockSettlement, BlockShare, SharedBlock

PARTS = ("prices", "members__authority", "stays__authority", "turns__authority")


def _of(actor: Actor) -> Q:
    if actor.role == CONSORTIUM_OFFICER:
        return Q(consortium_id=actor.consortium_id or 0)
    return Q(seen_by__contains=[actor.authority_id])


def blocks(actor: Actor, *, words: str = "", state: str = "", sort: str = "name") -> QuerySet[SharedBlock]:
    """The blocks that the actor's authority is or was part of; for the consortium's officer, all of its own."""
    rows = SharedBlock.objects.filter(_of(actor)).select_related("setting__provider", "authority")
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(setting__name__icontains=word) | Q(setting__provider__name__icontains=word)
        )  # fmt: skip
    if state:
        rows = rows.filter(state=state)
    columns = {"name": "name", "beds": "beds", "until": "ends_on", "lead": "authority__name"}
    minus = "-" if sort.startswith("-") else ""
    return rows.prefetch_related(*PARTS).order_by(
        f"{minus}{columns.get(sort.removeprefix('-'), 'name')}", "id"
    )


def block(actor: Actor, block_id: int) -> SharedBlock | None:
    """One block with its beds, members and turns."""
    rows = blocks(actor).prefetch_related("nominations__authority", "handovers__authority", "settlements")
    return rows.filter(pk=block_id).first()


def is_member(actor: Actor, of: SharedBlock) -> bool:
    """Whether the actor's authority keeps beds of the block."""
    return any(one.authority_id == actor.authority_id for one in of.members.all())


def settlements(actor: Actor, *, state: str = "", sort: str = "-month") -> QuerySet[BlockSettlement]:
    """Months that were worked out, of all blocks of the actor."""
    rows = BlockSettlement.objects.filter(_of(actor)).select_related("block", "authority")
    rows = rows.filter(state=state) if state else rows.exclude(state="withdrawn")
    minus = "-" if sort.startswith("-") else ""
    columns = {"month": "month", "block": "block__name", "cost": "cost_pence"}
    return rows.order_by(f"{minus}{columns.get(sort.removeprefix('-'), 'month')}", "-id")


def settlement(actor: Actor, settlement_id: int) -> BlockSettlement | None:
    """One month with what each authority bears."""
    rows = BlockSettlement.objects.filter(_of(actor), pk=settlement_id)
    found = rows.select_related("block__setting__provider", "authority", "made_by", "corrects")
    return found.prefetch_related(
        "shares__authority", "shares__signed_by", "block__members__authority", "corrects__shares__authority"
    ).first()


def own_share(actor: Actor, of: BlockSettlement) -> BlockShare | None:
    """What the actor's authority bears of a month."""
    return next((one for one in of.shares.all() if one.authority_id == actor.authority_id), None)


def to_sign(actor: Actor) -> QuerySet[BlockShare]:
    """Statements that wait for a signature of the actor's authority."""
    rows = BlockShare.objects.filter(
        authority_id=actor.authority_id, state__in=["waiting", "disputed"], settlement__state="sent"
    )
    return rows.select_related("settlement__block").order_by("settlement__month", "id")


def offered_to(actor: Actor) -> QuerySet[BlockHandover]:
    """Empty beds that are offered to the actor's authority."""
    rows = BlockHandover.objects.filter(authority_id=actor.authority_id, state="offered")
    return rows.select_related("block__setting").order_by("starts_on", "id")
