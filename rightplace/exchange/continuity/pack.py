"""The pack as one file that needs nothing of ours: a PDF under AES-256 with the lists as CSV inside."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from rightplace.exchange.cells import neutral_cell
from rightplace.exchange.continuity.gathering import WEEKS, Pack, PaymentDue, Whereabouts

TEMPLATE = Path(__file__).parent / "pack.typ"


def sealed_pack(pack: Pack, passphrase: str) -> bytes:
    """The PDF with its lists, to be opened with this passphrase by any PDF reader (PDF 2.0, AES-256)."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pack_pdf(pack))))
    writer.add_attachment("who-is-where.csv", as_csv(Whereabouts, pack.children))
    writer.add_attachment("payments.csv", as_csv(PaymentDue, pack.payments))
    writer.encrypt(passphrase, algorithm="AES-256")
    sealed = io.BytesIO()
    writer.write(sealed)
    return sealed.getvalue()


def pack_pdf(pack: Pack) -> bytes:
    """The pages, open: only a step on the way."""
    import typst  # here, as only this loads it

    given = {
        "authority": pack.authority,
        "made_at": f"{pack.made_at:%-d %B %Y, %H:%M}",
        "reason": pack.reason,
        "weeks": WEEKS,
        "children": [_child_row(one) for one in pack.children],
        "payments": [_payment_row(one) for one in pack.payments],
        "payees": _by_payee(pack.payments),
        "total": _pounds(pack.pence),
    }
    made = typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"pack": json.dumps(given)}, ignore_system_fonts=True
    )
    return bytes(made)


def as_csv(kind: type, rows: Iterable[Any]) -> bytes:
    """The rows of a kind as CSV, every formula made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(one.name for one in fields(kind))
    for row in rows:
        writer.writerow("" if value is None else neutral_cell(str(value)) for value in astuple(row))
    return out.getvalue().encode("utf-8-sig")


def _child_row(one: Whereabouts) -> Sequence[str]:
    until = f" to {one.expected_end_on:%-d %b %Y}" if one.expected_end_on else ""
    who = "\n".join(part for part in (one.carers, _breakable(one.contact)) if part)
    return (
        f"{one.child}\n{one.number}, born {one.born_on:%-d %b %Y}",
        f"{one.place}\n{one.address}",
        who,
        f"from {one.since:%-d %b %Y}{until}",
        _breakable(one.social_worker),
    )


def _breakable(words: str) -> str:
    # A line may break after the @ of an address, or it would run over the edge of the sheet.
    return words.replace("@", "@\u200b")


def _payment_row(one: PaymentDue) -> Sequence[str]:
    nights = f"{one.nights_from:%-d %b} to {one.nights_until:%-d %b}"
    return (
        f"{one.due_on:%-d %b %Y}",
        one.payee,
        one.reference,
        one.child_initials,
        nights,
        _pounds(one.pence),
    )


def _by_payee(payments: Iterable[PaymentDue]) -> list[tuple[str, str]]:
    sums: dict[str, int] = {}
    for one in payments:
        sums[one.payee] = sums.get(one.payee, 0) + one.pence
    return [(payee, _pounds(pence)) for payee, pence in sorted(sums.items())]


def _pounds(pence: int) -> str:
    sign = "−" if pence < 0 else ""
    return f"{sign}£{abs(pence) / 100:,.2f}"
