"""Writing a BACS file from instructions, and reading it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.exchange.bacs import layout
from rightplace.exchange.bacs.layout import CONTRA, CREDIT, LABEL_LENGTH, RECORD_LENGTH

MOST_PENCE = 10**11 - 1
RECORDS_A_BLOCK = 20
LINE_END = "\r\n"
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a UK bank: six digits, eight digits, and its name."""

    sort_code: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment: to which account, how much, and what stands on the payee's statement."""

    to: Account
    pence: int
    reference: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A file: who sends it, from which account, when it was made, when the bank pays, and its payments."""

    user_number: str
    serial: str
    paid_from: Account
    made_on: date
    pay_on: date
    instructions: Sequence[Instruction]

    @property
    def pence(self) -> int:
        """What it pays in all."""
        return sum(one.pence for one in self.instructions)


def write(submission: Submission) -> bytes:
    """The file: labels, a record for each payment, the contra that balances them, and the trailers.

    ValueError for a payment of nothing, below zero, or of more than the field holds.
    """
    if (
        any(not 0 < one.pence <= MOST_PENCE for one in submission.instructions)
        or submission.pence > MOST_PENCE
    ):
        raise ValueError("a payment is out of bounds")
    records = [
        _record(submission, one.to, one.pence, one.reference, CREDIT) for one in submission.instructions
    ]
    records.append(_record(submission, submission.paid_from, submission.pence, "CONTRA", CONTRA))
    blocks = -(-len(records) // RECORDS_A_BLOCK)
    lines = [*_headers(submission), *records, *_trailers(submission, blocks)]
    return "".join(f"{line}{LINE_END}" for line in lines).encode("ascii")


def _record(submission: Submission, to: Account, pence: int, reference: str, code: str) -> str:
    own, is_contra = submission.paid_from, code == CONTRA
    return layout.written(
        layout.RECORD, RECORD_LENGTH, sort_code=to.sort_code, account=to.number, type=0, code=code,
        from_sort_code=own.sort_code, from_account=own.number, pence=pence, from_name=layout.plain(own.name, 18),
        reference=reference if is_contra else layout.plain(reference, 18), name=layout.plain(to.name, 18),
        processing=layout.day_number(submission.pay_on),
    )  # fmt: skip


def _headers(submission: Submission) -> list[str]:
    label = {"serial": submission.serial, "user": submission.user_number}
    return [
        layout.written(layout.VOL1, LABEL_LENGTH, label="VOL1", level=1, **label),
        _first_label("HDR1", submission, 0),
        _second_label("HDR2"),
        layout.written(
            layout.UHL1, LABEL_LENGTH, label="UHL1", processing=layout.day_number(submission.pay_on), party="999999",
            currency=0, country=0, work="4 MULTI", number=1,
        ),
    ]  # fmt: skip


def _first_label(label: str, submission: Submission, blocks: int) -> str:
    user = submission.user_number
    return layout.written(
        layout.HDR1, LABEL_LENGTH, label=label, file="A", user=user, s="S", one=1, user_again=user, serial=submission.serial,
        section=1, sequence=1, made=layout.day_number(submission.made_on),
        expires=layout.day_number(submission.made_on + KEPT_FOR), access="0", blocks=blocks,
    )  # fmt: skip


def _second_label(label: str) -> str:
    return layout.written(
        layout.HDR2, LABEL_LENGTH, label=label, format="F", block=RECORDS_A_BLOCK * RECORD_LENGTH, record=RECORD_LENGTH,
        offset=0,
    )  # fmt: skip


def _trailers(submission: Submission, blocks: int) -> list[str]:
    total = {"debits": submission.pence, "credits": submission.pence}
    counts = {"debit_count": 1, "credit_count": len(submission.instructions)}
    return [
        _first_label("EOF1", submission, blocks),
        _second_label("EOF2"),
        layout.written(layout.UTL1, LABEL_LENGTH, label="UTL1", **total, **counts),
    ]


def read(content: bytes) -> Submission:
    """A file as it was written. ValueError, with what is wrong, when lengths, order, contra or totals do not fit."""
    lines = content.decode("ascii").split(LINE_END)
    if lines.pop() != "" or [line[:4] for line in lines[:4]] != ["VOL1", "HDR1", "HDR2", "UHL1"]:
        raise ValueError("the labels at the head are not in order")
    if [line[:4] for line in lines[-3:]] != ["EOF1", "EOF2", "UTL1"]:
        raise ValueError("the labels at the end are not in order")
    if any(len(line) != LABEL_LENGTH for line in (*lines[:4], *lines[-3:])):
        raise ValueError("a label has not 80 characters")
    if any(len(line) != RECORD_LENGTH for line in lines[4:-3]):
        raise ValueError("a payment has not 106 characters")
    rows = [layout.read(layout.RECORD, line) for line in lines[4:-3]]
    contra = rows.pop() if rows else {}
    if contra.get("code") != CONTRA or any(row["code"] != CREDIT for row in rows):
        raise ValueError("the contra is not the last record, or is not alone")
    found = _submission(lines, rows, contra)
    totals = layout.read(layout.UTL1, lines[-1])
    said = (int(contra["pence"]), int(totals["debits"]), int(totals["credits"]), int(totals["credit_count"]))
    if said != (found.pence, found.pence, found.pence, len(rows)):
        raise ValueError(f"the totals do not fit: {said}")
    return found


def _submission(lines: list[str], rows: list[dict[str, str]], contra: dict[str, str]) -> Submission:
    first, second = layout.read(layout.VOL1, lines[0]), layout.read(layout.HDR1, lines[1])
    return Submission(
        first["user"], first["serial"], Account(contra["sort_code"], contra["account"], contra["name"]),
        layout.day_of(second["made"]), layout.day_of(layout.read(layout.UHL1, lines[3])["processing"]),
        tuple(
            Instruction(Account(row["sort_code"], row["account"], row["name"]), int(row["pence"]), row["reference"])
            for row in rows
        ),
    )  # fmt: skip
