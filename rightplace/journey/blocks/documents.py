"""The worked statement of a month of shared beds: the figures, the rule in words, and every step, as page and paper."""

from __future__ import annotations

from fractions import Fraction

from django.utils import timezone

from rightplace.core.blocks import REWARD_TO, RISK_RULES
from rightplace.core.money import pounds
from rightplace.core.sharing import part_words
from rightplace.journey.blocks.models import BlockSettlement, BlockShare
from rightplace.journey.contracts.document import Document, Facts, Grid, Section, Words

HOW = (
    "1. A bed night costs the month’s cost over all its bed nights, filled or not. Who had a bed bears its nights at it.\n"
    "2. A night of an empty bed that was handed over costs who took it the price agreed.\n"
    "3. What is then left of the cost is borne by the rule. Nothing is rounded but running totals, so the parts add up."
)


def statement_document(made: BlockSettlement) -> Document:
    """The statement that each authority signs."""
    block = made.block
    return Document(
        title="Statement of a shared block",
        reference=f"{block.reference}, {made.month:%B %Y}",
        authority=made.authority.name,
        sections=(
            Section("The block", (about(made),)),
            Section("How it is worked out", (Words(HOW), Words(rule_words(made)))),
            Section("The month", (Words(worked(made)), parts_grid(made))),
            *([Section("What is corrected", (corrected_grid(made),))] if made.corrects else []),
            Section("Signatures", (signatures_grid(made),)),
        ),
    )


def rule_words(made: BlockSettlement) -> str:
    """By which rule risk and reward are borne."""
    return f"{RISK_RULES[made.block.risk_rule]}. {REWARD_TO}."


def about(made: BlockSettlement) -> Facts:
    """The facts of a month."""
    block = made.block
    return Facts(
        (
            ("Block", block.name),
            ("Home", f"{block.setting.name}, {block.setting.provider.name}"),
            ("Beds", str(block.beds)),
            ("Nights", f"{made.period.lower:%-d %B} to {_last(made)}: {made.bed_nights} bed nights"),
            ("Cost of the month", pounds(made.cost_pence)),
            ("Led by", block.authority.name),
        )
    )


def _last(made: BlockSettlement) -> str:
    last = made.period.upper.fromordinal(made.period.upper.toordinal() - 1)
    return f"{last:%-d %B %Y}"


def worked(made: BlockSettlement) -> str:
    """The month in steps, with its figures."""
    shares = list(made.shares.all())
    nights, used = sum(one.nights for one in shares), sum(one.used_pence for one in shares)
    handed, taken = sum(one.handed_nights for one in shares), sum(one.handed_pence for one in shares)
    empty = made.bed_nights - nights - handed
    price = Fraction(made.cost_pence, made.bed_nights) if made.bed_nights else Fraction(0)
    what = "risk, borne" if made.risk_pence >= 0 else "reward, given"
    return (
        f"{pounds(made.cost_pence)} over {made.bed_nights} bed nights is {pounds(round(price))} a night (to the nearest penny). "
        f"{nights} nights were filled: {pounds(used)}. {handed} were handed over: {pounds(taken)}. {empty} were empty.\n"
        f"{pounds(made.cost_pence)} less {pounds(used)} less {pounds(taken)} leaves {pounds(made.risk_pence)}: "
        f"the {what} by the rule."
    )


def parts_grid(made: BlockSettlement) -> Grid:
    """What each authority bears, adding up to the cost."""
    of = {one.authority_id: part_words(Fraction(one.top, one.bottom)) for one in made.block.members.all()}
    shares = list(made.shares.all())
    rows = [_row(one, of.get(one.authority_id, "–")) for one in shares]
    sums = (
        sum(one.nights for one in shares), sum(one.used_pence for one in shares), sum(one.handed_nights for one in shares),
        sum(one.handed_pence for one in shares), sum(one.risk_pence for one in shares), sum(one.pence for one in shares),
    )  # fmt: skip
    rows.append(_cells("All", "", *sums))
    head = (
        "Authority",
        "Share",
        "Nights",
        "Filled",
        "Taken over",
        "Price of those",
        "Risk or reward",
        "Bears",
    )
    return Grid("What each authority bears", head, tuple(rows), (2, 3, 4, 5, 6, 7), has_total=True)


def corrected_grid(made: BlockSettlement) -> Grid:
    """What each authority bore by the statement that this one takes the place of, what it bears now, and the difference."""
    before = {one.authority: one.pence for one in made.corrects.shares.all()} if made.corrects else {}
    after = {one.authority: one.pence for one in made.shares.all()}
    names = sorted({*before, *after}, key=lambda one: one.name)
    rows = [(one.name, before.get(one, 0), after.get(one, 0)) for one in names]
    rows.append(("All", sum(before.values()), sum(after.values())))
    cells = tuple((name, pounds(was), pounds(now), pounds(now - was)) for name, was, now in rows)
    head = ("Authority", "Signed before", "Bears now", "Charged or given back")
    return Grid("Beside the statement signed before", head, cells, (1, 2, 3), has_total=True)


def _row(one: BlockShare, share: str) -> tuple[str, ...]:
    return _cells(
        one.authority.name, share, one.nights, one.used_pence, one.handed_nights, one.handed_pence, one.risk_pence,
        one.pence,
    )  # fmt: skip


def _cells(
    name: str, share: str, nights: int, used: int, handed: int, taken: int, risk: int, pence: int
) -> tuple[str, ...]:
    return (name, share, str(nights), pounds(used), str(handed), pounds(taken), pounds(risk), pounds(pence))


def signatures_grid(made: BlockSettlement) -> Grid:
    """Who has signed, and when."""
    rows = tuple(
        (
            one.authority.name,
            str(one.signed_by) if one.signed_by else "",
            f"{timezone.localtime(one.signed_at):%-d %B %Y, %H:%M}" if one.signed_at else "",
        )
        for one in made.shares.all()
    )
    return Grid("Signed for", ("Authority", "Name", "On"), rows)
