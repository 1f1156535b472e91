"""All checks of invoice lines against what was commissioned: the whole year at once, or a day's new lines against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rightplace.core.checking.invoices import (
    after_the_end,
    arithmetic_wrong,
    before_the_start,
    credited,
    double_placement,
    duplicate,
    missed,
    nights_away,
    not_commissioned,
    overcharged_rate,
    too_many_nights,
    undercharged,
    vat_wrong,
    wrong_child,
)
from rightplace.core.checking.invoices.billed import Stretches, balanced, stretches_of
from rightplace.core.checking.invoices.columns import Contracts, Findings, InvoiceLines, Outcome, Tolerance
from rightplace.core.checking.invoices.matching import Claims, claims_of
from rightplace.core.checking.invoices.unexplained import unexplained
from rightplace.core.pricing.running import FIRST_DAY, LAST_DAY, Ints

CLAUSES: dict[Outcome, str] = {
    Outcome.NOT_COMMISSIONED: not_commissioned.CLAUSE,
    Outcome.WRONG_CHILD: wrong_child.CLAUSE,
    Outcome.ARITHMETIC_WRONG: arithmetic_wrong.CLAUSE,
    Outcome.VAT_WRONG: vat_wrong.CLAUSE,
    Outcome.TOO_MANY_NIGHTS: too_many_nights.CLAUSE,
    Outcome.BEFORE_THE_START: before_the_start.CLAUSE,
    Outcome.AFTER_THE_END: after_the_end.CLAUSE,
    Outcome.DUPLICATE: duplicate.CLAUSE,
    Outcome.OVERCHARGED_RATE: overcharged_rate.CLAUSE,
    Outcome.UNDERCHARGED: undercharged.CLAUSE,
    Outcome.DOUBLE_PLACEMENT: double_placement.CLAUSE,
    Outcome.MISSED: missed.CLAUSE,
    Outcome.NIGHTS_AWAY: nights_away.CLAUSE,
}
"""Which clause of an agreement each outcome rests on."""


USUAL = Tolerance()
"""What is let pass where an authority has not said otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What came of a check: for each line its outcome (the first that was found, or matched) and its contract; findings;
    and the rows whose dates were transposed and read as meant."""

    outcome: NDArray[np.int8]
    contract: Ints
    findings: Findings
    transposed: Ints


def check_invoices(
    lines: InvoiceLines,
    contracts: Contracts,
    tolerance: Tolerance = USUAL,
    window: tuple[int, int] | None = None,
) -> Checked:
    """Check every line. `window`: also look for nights from a day up to another that nobody has billed."""
    claims = claims_of(lines, contracts, tolerance)
    stretches = stretches_of(claims)
    found = [*_about_lines(claims, stretches), double_placement.find(claims, stretches)]
    if window:
        found.append(missed.find(claims, stretches, *window))
    return _checked(claims, Findings.joined(found))


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """Lines that were accepted, put to their contracts and in order: what each day's new lines are held against."""

    contracts: Contracts
    tolerance: Tolerance
    lines: InvoiceLines
    order: Ints
    first: Ints

    @classmethod
    def prepared(cls, lines: InvoiceLines, contracts: Contracts, tolerance: Tolerance = USUAL) -> Self:
        """Prepared once; any number of days may be checked against it."""
        claims = claims_of(lines, contracts, tolerance)
        placed = np.flatnonzero(claims.is_placed)
        order = placed[np.argsort(claims.lines.contract[placed], kind="stable")]
        first = np.searchsorted(claims.lines.contract[order], np.arange(len(contracts) + 1))
        return cls(contracts, tolerance, claims.lines, order, first.astype(np.int64))

    def check(self, new: InvoiceLines) -> Checked:
        """Check new lines; `other` in the findings is an accepted line, or, from the number of those on, a new one."""
        claims = claims_of(new, self.contracts, self.tolerance)
        related = self._related(claims)
        both = InvoiceLines.joined([self.lines.taken(related), claims.lines])
        found = check_invoices(both, self.contracts, self.tolerance)
        names = np.concatenate([related, len(self.lines) + np.arange(len(new))])
        findings = found.findings.with_rows(names)
        findings = findings.taken(findings.row >= len(self.lines))
        findings = replace(findings, row=findings.row - len(self.lines))
        return Checked(
            found.outcome[len(related) :], found.contract[len(related) :], findings, claims.transposed
        )

    def _related(self, claims: Claims) -> Ints:
        """The accepted lines that the new ones may clash with: of the same child's contracts, for nights between theirs."""
        placed = claims.is_placed
        child, at = np.unique(self.contracts.child[claims.lines.contract[placed]], return_inverse=True)
        opens, closes = np.full(len(child), LAST_DAY), np.full(len(child), FIRST_DAY)
        np.minimum.at(opens, at, claims.lines.start[placed])
        np.maximum.at(closes, at, claims.lines.end[placed])
        owner, place = _members(self.contracts.first_of_child, child)
        contract = self.contracts.by_child[place]
        of_contract, place = _members(self.first, contract)
        rows, owner = self.order[place], owner[of_contract]
        meets = (self.lines.start[rows] < closes[owner]) & (self.lines.end[rows] > opens[owner])
        return np.sort(rows[meets])


def _members(first: Ints, groups: Ints) -> tuple[Ints, Ints]:
    """All members of some groups, of which group g has the places from `first[g]` up to `first[g + 1]`: whose, and where."""
    many = first[groups + 1] - first[groups]
    owner = np.repeat(np.arange(len(groups)), many)
    return owner, np.arange(len(owner)) + (first[groups] - np.cumsum(many) + many)[owner]


def _about_lines(claims: Claims, stretches: Stretches) -> list[Findings]:
    """Every check of single lines and stretches; only stretches that are off are explained, each penny once."""
    arithmetic, excess = arithmetic_wrong.find(claims)
    found = [not_commissioned.find(claims), wrong_child.find(claims), arithmetic, vat_wrong.find(claims)]
    left = unexplained(claims, stretches, ~balanced(claims, stretches))
    left = credited.settle(left.without(excess[left.row]))
    for check in (too_many_nights, before_the_start, after_the_end, duplicate, nights_away, overcharged_rate):
        more, left = check.find(left)
        found.append(more)
    return [*found, undercharged.find(left)]


def _checked(claims: Claims, findings: Findings) -> Checked:
    outcome = np.zeros(len(claims.lines), dtype=np.int8)
    about = findings.row >= 0
    # In order of outcome: the first that was found is what stands.
    order = np.argsort(-findings.outcome[about].astype(np.int64), kind="stable")
    outcome[findings.row[about][order]] = findings.outcome[about][order]
    return Checked(outcome, claims.lines.contract, findings, claims.transposed)
