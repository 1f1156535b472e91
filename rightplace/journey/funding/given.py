"""What is given to propose shares, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rightplace.core.pricing import PriceKind
from rightplace.core.problems import Problem
from rightplace.core.sharing import Share, share_problems
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.taking import TakenFile, store_file, take_file
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.contracts.standing import stay_of
from rightplace.journey.funding.models import Funding, FundingEvidence, FundingRow, FundingShare, Partner

Taken = tuple[TakenFile, str]
"""A file as it may be kept, with what was said of it."""
MOST_ROWS = 12
MOST_FILES = 10
FULL_TEXT = 4000


@dataclass(frozen=True, slots=True)
class RowGiven:
    """A division for every line (no kind, no line), for a kind of price, or for one price line; perhaps for some days."""

    shares: tuple[Share, ...]
    kind: str = ""
    line_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class FileGiven:
    """A file as it was sent."""

    name: str
    content: bytes
    words: str = ""


def proposal_problems(
    contract: Contract, starts_on: date, rows: Sequence[RowGiven], reason: str, evidence_words: str
) -> list[Problem]:
    """Everything that is wrong with a proposal: each row divides the whole, and some row holds for every other line."""
    found = []
    if not reason.strip():
        found.append(Problem("empty", "Say why these shares are proposed.", "reason"))
    if not evidence_words.strip():
        found.append(
            Problem("empty", "Say what shows that each partner should bear its share.", "evidence_words")
        )
    if len(evidence_words) > FULL_TEXT or len(reason) > 300:
        found.append(Problem("too_long", "Shorten the words.", "evidence_words"))
    stay = stay_of(contract, [v for v in contract.versions.all() if v.taken_back_at is None])
    if not stay.start <= starts_on < stay.closed_end:
        words = f"Shares hold from a day of the stay, {stay.start:%-d %B %Y} to {stay.closed_end:%-d %B %Y}."
        found.append(Problem("outside_stay", words, "starts_on"))
    return found + _row_problems(contract, starts_on, rows)


def _row_problems(contract: Contract, starts_on: date, rows: Sequence[RowGiven]) -> list[Problem]:
    if not any(row.kind == "" and row.line_id is None and _is_whole_time(row, starts_on) for row in rows):
        return [
            Problem(
                "no_default",
                "One row must be for every other line, for the whole time, so that nothing is left over.",
                "rows",
            )
        ]
    if len(rows) > MOST_ROWS:
        return [Problem("too_many", f"At most {MOST_ROWS} rows.", "rows")]
    found = [problem for row in rows for problem in share_problems(row.shares, "rows")]
    partners = {share.partner for row in rows for share in row.shares}
    known = Partner.objects.filter(
        pk__in=partners, authority_id=contract.authority_id, is_active=True
    ).count()
    lines = {row.line_id for row in rows if row.line_id is not None}
    theirs = ContractLine.objects.filter(pk__in=lines, contract_version__contract=contract).count()
    if known < len(partners) or theirs < len(lines):
        found.append(Problem("unknown", "Choose partners and price lines of this contract.", "rows"))
    if any(row.kind not in {"", *(kind.value for kind in PriceKind)} for row in rows):
        found.append(Problem("unknown", "Choose a kind of price.", "rows"))
    if any(_is_backward(row) for row in rows):
        found.append(Problem("before_start", "A row must end after it begins.", "rows"))
    return found + _double_problems(rows)


def _is_whole_time(row: RowGiven, starts_on: date) -> bool:
    return (row.starts_on is None or row.starts_on <= starts_on) and row.ends_on is None


def _is_backward(row: RowGiven) -> bool:
    return row.starts_on is not None and row.ends_on is not None and row.ends_on <= row.starts_on


def _double_problems(rows: Sequence[RowGiven]) -> list[Problem]:
    """Two rows for the same lines that begin on the same day: nobody could say which holds."""
    keys = [(row.kind, row.line_id, row.starts_on) for row in rows]
    if len(set(keys)) < len(keys):
        return [Problem("twice", "Two rows are for the same lines from the same day.", "rows")]
    return []


def write_rows(funding: Funding, rows: Sequence[RowGiven]) -> None:
    """Write the rows of a proposal with their shares."""
    for given in rows:
        row = FundingRow.objects.create(
            authority_id=funding.authority_id, funding=funding, kind=given.kind, line_id=given.line_id,
            starts_on=given.starts_on, ends_on=given.ends_on,
        )  # fmt: skip
        FundingShare.objects.bulk_create(
            FundingShare(
                authority_id=funding.authority_id, row=row, partner_id=share.partner,
                top=share.part.numerator if share.part is not None else None,
                bottom=share.part.denominator if share.part is not None else None,
                weekly_pence=share.weekly_pence,
            )
            for share in given.shares
        )  # fmt: skip


def take_files(files: Sequence[FileGiven], held: int = 0) -> tuple[list[Taken], list[Problem]]:
    """The files as they may be kept, and what is wrong with the others: each is opened and written anew, once.

    PDF, PNG or JPEG by their content, at most 5 MB each, at most ten (`foundation.files.taking`).
    """
    if held + len(files) > MOST_FILES:
        return [], [Problem("too_many", f"At most {MOST_FILES} files.", "file")]
    kept: list[Taken] = []
    problems: list[Problem] = []
    for file in files:
        taken = take_file(file.name, file.content)
        if isinstance(taken, Problem):
            problems.append(taken)
        else:
            kept.append((taken, file.words.strip()[:200]))
    return kept, problems


def write_files(funding: Funding, files: Sequence[Taken], *, by: Actor, now: datetime) -> None:
    """Keep the files of a proposal or its agreement."""
    whose = funding.authority_id
    for taken, words in files:
        kept = store_file(taken, authority_id=whose, provider_id=None, made_by=by.name, now=now)
        FundingEvidence.objects.create(authority_id=whose, funding=funding, file=kept, words=words)
