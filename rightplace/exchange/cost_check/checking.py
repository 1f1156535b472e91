"""The cost check itself: three spreadsheets in, findings with their evidence and totals out. Nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from rightplace.core.checking.invoices import UNKNOWN, Checked, InvoiceLines, Outcome, Tolerance
from rightplace.core.checking.invoices.merged import check_with_merged
from rightplace.core.checking.invoices.words import WORDS
from rightplace.core.money import pounds
from rightplace.core.pricing import date_of, day_number
from rightplace.core.problems import Problem
from rightplace.exchange.cost_check.agreed import Agreed, agreed
from rightplace.exchange.cost_check.claimed import LAST_NIGHT, Claimed, claimed
from rightplace.exchange.cost_check.columns import Columns, read_columns
from rightplace.exchange.cost_check.layouts import CONTRACTS, PAYMENTS, PLACEMENTS, SORTS
from rightplace.exchange.uploads import LIMITS, Limits

USUAL = Tolerance()
Mappings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a check goes by: the files (the placements may be left out) and what was decided about them.

    `mappings` are headings to fields by kind of file; `end_means` is what "to" means in the payments ("": worked out);
    `starts_on` up to `ends_on` are the nights in which missed payments are looked for (None: those of the payments).
    """

    contracts: bytes
    payments: bytes
    placements: bytes = b""
    mappings: Mappings = field(default_factory=dict)
    end_means: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    tolerance: Tolerance = USUAL
    keep_good: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """The three files read and put together, ready to be checked; what could not be read is in their columns' `bad`."""

    contracts: Columns
    placements: Columns | None
    agreed: Agreed
    claimed: Claimed
    starts_on: date
    ends_on: date

    @property
    def files(self) -> list[Columns]:
        """The columns of each file."""
        return [one for one in (self.contracts, self.placements, self.claimed.columns) if one is not None]

    @property
    def rows_bad(self) -> int:
        """How many rows of all files cannot be read."""
        return sum(one.rows_bad for one in self.files)


@dataclass(frozen=True, slots=True)
class CostFinding:
    """One finding with its evidence. Nights are from `starts_on` up to `ends_on`; `line` and `other_line` are lines of the file
    of payments (None: there is none); `words` say in a sentence what it rests on."""

    kind: str
    provider: str
    contract: str
    child: str
    invoice: str
    line: int | None
    other_line: int | None
    starts_on: date
    ends_on: date
    pence: int
    words: str

    @property
    def nights(self) -> int:
        """How many nights it is about."""
        return (self.ends_on - self.starts_on).days


@dataclass(frozen=True, slots=True, eq=False)
class CostCheckResult:
    """What a check came to: all findings, how much was looked at, and what was read in which way (`notes`)."""

    findings: tuple[CostFinding, ...]
    contracts: int
    lines: int
    rows_bad: int
    paid_pence: int
    starts_on: date
    ends_on: date
    notes: tuple[str, ...]
    checked: Checked = field(repr=False)

    @property
    def owed_back_pence(self) -> int:
        """The money that was paid and not owed, over all findings."""
        return sum(one.pence for one in self.findings if WORDS_BY_KIND[one.kind].is_owed_back)

    @property
    def still_due_pence(self) -> int:
        """The money that was owed and not paid."""
        return sum(one.pence for one in self.findings if not WORDS_BY_KIND[one.kind].is_owed_back)

    def by_kind(self) -> list[tuple[str, int, int]]:
        """Each kind with how many findings there are and the pence at stake, the most money first."""
        return _totals([one.kind for one in self.findings], [one.pence for one in self.findings])

    def by_provider(self) -> list[tuple[str, int, int]]:
        """The same for each provider."""
        return _totals([one.provider for one in self.findings], [one.pence for one in self.findings])


WORDS_BY_KIND = {words.slug: words for words in WORDS.values()}
"""What each kind of finding is in words."""


def read_files(given: Given, *, limits: Limits = LIMITS) -> Read | list[Problem]:
    """Read the files and put them together, or say of each why it cannot be read (field: which file)."""
    files = {CONTRACTS: given.contracts, PLACEMENTS: given.placements, PAYMENTS: given.payments}
    read: dict[str, Columns] = {}
    problems: list[Problem] = []
    for code, content in files.items():
        if not content and code == PLACEMENTS:
            continue
        found = read_columns(content, SORTS[code], mapping=given.mappings.get(code), limits=limits)
        if isinstance(found, Problem):
            problems.append(Problem(found.code, found.sentence, code))
        else:
            read[code] = found
    if problems:
        return problems
    known, prices, placements = agreed(read[CONTRACTS], read.get(PLACEMENTS))
    asked = claimed(read[PAYMENTS], known, given.tolerance, end=given.end_means)
    if not len(asked.lines):
        return [Problem("no_lines", "The list of payments has no line that can be read.", PAYMENTS)]
    first, last = _period(asked.lines)
    return Read(prices, placements, known, asked, given.starts_on or first, given.ends_on or last)


def check_costs(read: Read, tolerance: Tolerance = USUAL) -> CostCheckResult:
    """Hold the payments against the contracts: all checks of core, with lines for several contracts taken apart first."""
    window = (day_number(read.starts_on), day_number(read.ends_on))
    lines = read.claimed.lines
    checked, together = check_with_merged(
        lines, read.agreed.contracts, tolerance, window, read.claimed.together
    )
    findings = _findings(checked, read)
    return CostCheckResult(
        tuple(sorted(findings, key=lambda one: (-one.pence, one.line or 0))), len(read.agreed.contracts), len(lines),
        read.rows_bad, int(lines.net.sum()), read.starts_on, read.ends_on, (*_notes(read, checked, together),), checked,
    )  # fmt: skip


def _period(lines: InvoiceLines) -> tuple[date, date]:
    """From the first of the month in which payments begin to the first after they end; odd dates at the ends do not count."""
    first, last = np.quantile(lines.start, 0.01), np.quantile(lines.end, 0.99)
    opens = date_of(int(first)).replace(day=1)
    ends = date_of(int(last))
    return opens, ends if ends.day == 1 else (ends.replace(day=1) + timedelta(days=32)).replace(day=1)


def _findings(checked: Checked, read: Read) -> list[CostFinding]:
    found = checked.findings
    line_of = read.claimed.columns.line
    invoices = read.claimed.columns.text("invoice")
    expected = read.agreed.contracts.expected(np.maximum(found.contract, 0), found.start, found.end) if len(
        read.agreed.contracts
    ) else np.zeros(len(found), dtype=np.int64)  # fmt: skip
    rows = zip(
        found.outcome.tolist(), found.row.tolist(), found.other.tolist(), found.contract.tolist(),
        found.start.tolist(), found.end.tolist(), found.pence.tolist(), expected.tolist(), strict=True,
    )  # fmt: skip
    return [
        CostFinding(
            kind=WORDS[Outcome(outcome)].slug,
            **_parties(read, row, contract),
            invoice=invoices[row] if row >= 0 else "",
            line=int(line_of[row]) if row >= 0 else None,
            other_line=int(line_of[other]) if other >= 0 else None,
            starts_on=date_of(min(start, end)),
            ends_on=date_of(max(start, end)),
            pence=abs(pence),
            words=_evidence(read, Outcome(outcome), row, other, due),
        )
        for outcome, row, other, contract, start, end, pence, due in rows
    ]


def _parties(read: Read, row: int, contract: int) -> dict[str, str]:
    """The provider, the contract's reference and the child's, as they stand in the lists."""
    known = read.agreed
    if row >= 0:
        provider = known.providers.written[int(read.claimed.lines.provider[row])]
        child = read.claimed.columns.text("child")[row]
        reference = read.claimed.columns.text("reference")[row]
    else:
        provider = known.providers.written[int(known.contracts.provider[contract])]
        child = reference = ""
    if contract != UNKNOWN:
        reference = known.references[contract] or reference
        child = child or known.children.written[int(known.contracts.child[contract])]
    return {"provider": provider, "contract": reference, "child": child}


def _evidence(read: Read, outcome: Outcome, row: int, other: int, due: int) -> str:
    """What a finding rests on, in a sentence with its figures."""
    if outcome == Outcome.MISSED:
        return f"Agreed {pounds(due)} for these nights; no line has billed them."
    line = read.claimed.lines
    asked = f"The line asks {pounds(int(line.net[row]))}"
    again = f"; line {int(read.claimed.columns.line[other])} has asked for them already" if other >= 0 else ""
    if outcome == Outcome.DUPLICATE:
        return f"{asked} for nights that were paid before{again}."
    if outcome == Outcome.DOUBLE_PLACEMENT:
        return f"{asked}, and line {int(read.claimed.columns.line[other])} is another home's for the same nights."
    if outcome == Outcome.ARITHMETIC_WRONG:
        stated = f"{int(line.quantity[row]) / 100:g} at {pounds(int(line.rate[row]))}"
        return f"{asked}; {stated} is another amount."
    if outcome == Outcome.VAT_WRONG:
        return f"{asked} with {pounds(int(line.vat[row]))} VAT."
    if outcome in (Outcome.NOT_COMMISSIONED, Outcome.WRONG_CHILD):
        return f"{asked}; {WORDS[outcome].meaning[0].lower()}{WORDS[outcome].meaning[1:]}"
    return f"{asked}; agreed for these nights: {pounds(due)}."


def _notes(read: Read, checked: Checked, together: Mapping[int, Sequence[int]]) -> list[str]:
    """How the lists were read where they left a choice, in sentences."""
    asked = read.claimed
    means = "the last night paid" if asked.end_means == LAST_NIGHT else "the day after the last night"
    notes = [f"“To” in the payments is {means}.", *read.agreed.notes]
    if read.placements is None:
        notes.append("No list of placements was given: each contract is taken to run as it says.")
    counted = (
        (len(asked.reread), "payments have a reference that was read as another, one slip away, because the amount fits it."),
        (len(checked.transposed), "payments have dates that were exchanged; they were read so that the amount fits."),
        (len(together), "payments are for several contracts and were taken apart."),
    )  # fmt: skip
    notes += [f"{many:,} {words}" for many, words in counted if many]
    notes += [f"“{text}” was read as {name}." for text, name in sorted(asked.read_as.items())[:20]]
    if read.rows_bad:
        notes.append(f"{read.rows_bad:,} rows could not be read and are left out.")
    return notes


def _totals(keys: Sequence[str], pence: Sequence[int]) -> list[tuple[str, int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for key, amount in zip(keys, pence, strict=True):
        many, total = found.get(key, (0, 0))
        found[key] = (many + 1, total + amount)
    return sorted(((key, *both) for key, both in found.items()), key=lambda one: (-one[2], one[0]))
