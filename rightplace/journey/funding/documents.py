"""The joint funding summary and the recharge invoice as documents: parts from which page and PDF are both drawn."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.pricing import PriceKind
from rightplace.core.sharing import share_words
from rightplace.journey.contracts.agreement import KIND_WORDS, price_words
from rightplace.journey.contracts.document import Block, Document, Facts, Grid, Section, Words, clean
from rightplace.journey.funding.bearing import Borne
from rightplace.journey.funding.models import Funding, FundingRow, Partner, RechargeInvoice, RechargeLine
from rightplace.journey.funding.states import FUNDING, PARTNER_KINDS

SYNTHETIC = "Synthetic data: no real child, carer or member of staff"
HOW = {"panel": "At the joint funding panel", "manager": "By a manager’s record"}


def row_words(row: FundingRow, *, is_only: bool = False) -> str:
    """For what a row of shares is: every line, a kind, or one price line; and for which days."""
    if row.line is not None:
        what = f"{KIND_WORDS[PriceKind(row.line.kind)]}, {price_words(row.line.as_price_line())}"
    else:
        what = (
            KIND_WORDS[PriceKind(row.kind)] if row.kind else "Every line" if is_only else "Every other line"
        )
    since = f" from {row.starts_on:%-d %B %Y}" if row.starts_on else ""
    until = f" to {row.ends_on - timedelta(days=1):%-d %B %Y}" if row.ends_on else ""
    return f"{what}{since}{until}"


def shares_grid(funding: Funding, partners: list[Partner]) -> Grid:
    """The shares of an agreement or a proposal: a row for what they are for, a column for each partner."""
    rows = []
    held_rows = list(funding.rows.all())
    for row in held_rows:
        held = {share.partner_id: share_words(share.as_share()) for share in row.shares.all()}
        rows.append(
            (
                row_words(row, is_only=len(held_rows) == 1),
                *(held.get(partner.pk, "–") for partner in partners),
            )
        )
    head = ("For", *(partner.name for partner in partners))
    return Grid("Shares", head, tuple(rows), tuple(range(1, len(head))))


def years_grid(parts: list[Borne], partners: list[Partner]) -> Grid:
    """What each partner bears of each kind of price in each financial year, adding up both ways."""
    totals: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for part in parts:
        totals[part.year, part.kind][part.partner_id] += part.pence
    rows = [
        _money_row((year, KIND_WORDS[PriceKind(kind)]), of, partners)
        for (year, kind), of in sorted(totals.items())
    ]
    everything: dict[int, int] = defaultdict(int)
    for of in totals.values():
        for partner_id, pence in of.items():
            everything[partner_id] += pence
    rows.append(_money_row(("Whole stay", ""), everything, partners))
    head = ("Year", "For", *(partner.name for partner in partners), "All")
    return Grid("Lines, partners and years", head, tuple(rows), tuple(range(2, len(head))), has_total=True)


def _money_row(first: tuple[str, str], of: dict[int, int], partners: list[Partner]) -> tuple[str, ...]:
    known = {partner.pk for partner in partners}
    strays = sum(pence for partner_id, pence in of.items() if partner_id not in known)
    cells = [
        pounds(of.get(partner.pk, 0) + (strays if place == 0 else 0))
        for place, partner in enumerate(partners)
    ]
    return (*first, *cells, pounds(sum(of.values())))


def summary_document(funding: Funding, parts: list[Borne], partners: list[Partner]) -> Document:
    """The joint funding summary form: whose placement by initials, lines by partner and year, evidence and agreement."""
    contract = funding.contract
    about = Facts(
        (
            ("Contract", contract.reference),
            ("Child", f"{contract.child_initials} (initials only)"),
            ("Home", contract.home_words or "–"),
            ("Stay", _stay(funding)),
            ("Shares", f"Version {funding.number}, from {funding.starts_on:%-d %B %Y}"),
            ("State", FUNDING.states[funding.state]),
        )
    )
    evidence: list[Block] = [Words(clean(funding.evidence_words))]
    if files := [str(one) for one in funding.files.all()]:
        evidence.append(Facts((("Files", "\n".join(files)),)))
    return Document(
        title="Joint funding summary",
        reference=f"{contract.reference}, shares version {funding.number}",
        authority=funding.authority.name,
        sections=(
            Section("The placement", (about,)),
            Section("Who bears which share", (shares_grid(funding, partners),)),
            Section("What it comes to", (years_grid(parts, partners),)),
            Section("Why, and the evidence", (Words(clean(funding.reason)), *evidence)),
            Section("Agreement", (_agreement(funding), _signatures(partners))),
        ),
    )


def _stay(funding: Funding) -> str:
    contract = funding.contract
    end = contract.ended_on or contract.ends_on
    return f"{contract.starts_on:%-d %B %Y} to {f'{end:%-d %B %Y}' if end else 'an end not yet known'}"


def _agreement(funding: Funding) -> Facts:
    rows = [("Proposed by", f"{funding.proposed_by}, {timezone.localtime(funding.proposed_at):%-d %B %Y}")]
    if funding.decided_by is not None and funding.decided_at is not None:
        rows.append(
            ("Decided by", f"{funding.decided_by}, {timezone.localtime(funding.decided_at):%-d %B %Y}")
        )
        rows.append(("How", HOW.get(funding.agreed_how, "Not agreed")))
        rows.append(("In words", clean(funding.decision_words)))
    return Facts(tuple(rows))


def _signatures(partners: list[Partner]) -> Grid:
    rows = tuple((f"{partner.name} ({PARTNER_KINDS[partner.kind]})", "", "") for partner in partners)
    return Grid(
        "Signed off on paper, where the partners wish it", ("For", "Name and signature", "Date"), rows
    )


def invoice_document(invoice: RechargeInvoice) -> Document:
    """The recharge invoice, or the credit note where the differences come to less than nothing."""
    title = "Recharge invoice" if invoice.total_pence >= 0 else "Recharge credit note"
    return Document(
        title=title,
        reference=invoice.reference,
        authority=invoice.authority.name,
        sections=(
            Section("To", (_invoice_facts(invoice),)),
            Section("What it is for", (invoice_grid(list(lines_of(invoice))),)),
            Section("How to pay", (Words(_how_to_pay(invoice)),)),
        ),
    )


def lines_of(invoice: RechargeInvoice) -> list[RechargeLine]:
    """The lines of an invoice by contract and date."""
    rows = invoice.lines.select_related("contract")
    return list(rows.order_by("contract_id", "period", "kind", "id"))


def invoice_grid(lines: list[RechargeLine]) -> Grid:
    """The lines of an invoice with their total; the child by the contract's number only."""
    rows = [
        (
            line.contract.reference if line.contract else line.words,
            f"{KIND_WORDS[PriceKind(line.kind)]}{f'. Difference: {line.reason}' if line.is_difference else ''}",
            f"{line.period.lower:%B %Y}",
            pounds(line.pence),
        )
        for line in lines
    ]
    total = ("Total", "", "", pounds(sum(line.pence for line in lines)))
    return Grid("Lines", ("Contract", "For", "Nights in", "Amount"), (*rows, total), (3,), has_total=True)


def _invoice_facts(invoice: RechargeInvoice) -> Facts:
    partner = invoice.partner
    rows = [("Partner", partner.name), ("Kind", PARTNER_KINDS[partner.kind])]
    if partner.their_reference:
        rows.append(("Your reference", partner.their_reference))
    if invoice.sent_on and invoice.due_on:
        rows += [("Date", f"{invoice.sent_on:%-d %B %Y}"), ("To be paid by", f"{invoice.due_on:%-d %B %Y}")]
    rows.append(("Total", pounds(invoice.total_pence)))
    return Facts(tuple(rows))


def _how_to_pay(invoice: RechargeInvoice) -> str:
    words = f"Quote {invoice.reference} with your payment. The shares were agreed between the partners; each placement’s joint "
    return (
        words
        + "funding summary shows them by line and year. Lines named difference set right what was charged before."
    )
