"""References as people type them, and those that were mistyped.

A reference is compared without its spaces, dashes, case and leading zeros ("ipc 123" is IPC-000123). One letter or figure
wrong, missing, too many or exchanged with its neighbour makes a candidate, no more: numbers lie close together, so a
candidate counts only when it is the provider's own contract and the only one whose price comes to the line's amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rightplace.core.checking.invoices.columns import UNKNOWN, Contracts, InvoiceLines, Tolerance
from rightplace.core.checking.invoices.matching import comes_to, contract_of_child
from rightplace.core.pricing.running import Ints

_KEPT = re.compile(r"[0-9]+|[A-Z]+")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class References:
    """Known references with the place of what each stands for; one that stands for two stands for neither."""

    places: dict[str, int]
    signs: str
    width: int

    @classmethod
    def of(cls, known: Sequence[str]) -> Self:
        """From references in order of place."""
        places: dict[str, int] = {}
        for place, reference in enumerate(known):
            name = plain(reference)
            places[name] = UNKNOWN if name in places else place
        figures = max((len(re.sub(r"[^0-9]", "", reference)) for reference in known), default=0)
        return cls(places, "".join(sorted({sign for name in places for sign in name})), figures)

    def exact(self, typed: Sequence[str]) -> Ints:
        """The place of each; UNKNOWN where it is no known reference."""
        return np.array([self.places.get(plain(text), UNKNOWN) for text in typed], dtype=np.int64)

    def near(self, typed: str) -> set[int]:
        """The places of references that are one slip away."""
        found = {
            self.places.get(plain(text), UNKNOWN) for text in _slips(_padded(typed, self.width), self.signs)
        }
        return found - {UNKNOWN, self.places.get(plain(typed), UNKNOWN)}


def plain(typed: str) -> str:
    """A reference as it is compared."""
    return "".join(
        part.lstrip("0") if part.isdecimal() else part for part in _KEPT.findall(typed.upper()[:_LONGEST])
    )


def read_references(
    lines: InvoiceLines, typed: Sequence[str], known: References, contracts: Contracts, tolerance: Tolerance
) -> tuple[InvoiceLines, Ints]:
    """The lines with the contracts that their typed references mean, and the rows whose reference was read as another.

    A reference is doubted when it is not known, is another provider's, or is for another child than the line names. Then
    what comes to the amount decides: the reference as it stands, the child's own contract, or one a slip away. Where nothing
    does, a reference that is no contract of the provider's is left out, so that the child decides.
    """
    contract = known.exact(typed)
    is_given = np.array([bool(plain(text)) for text in typed], dtype=bool)
    doubted = np.flatnonzero(is_given & _is_doubtful(lines, contract, contracts))
    read = contract.copy()
    read[doubted] = _decided(
        lines.taken(doubted),
        [typed[row] for row in doubted.tolist()],
        contract[doubted],
        known,
        contracts,
        tolerance,
    )
    is_other = is_given & (read >= 0) & (read != contract)
    return replace(lines, contract=read), np.flatnonzero(is_other)


def _is_doubtful(lines: InvoiceLines, contract: Ints, contracts: Contracts) -> NDArray[np.bool_]:
    is_unknown = contract < 0
    is_other_provider: NDArray[np.bool_] = contracts.provider[contract] != lines.provider
    is_other_child = (lines.child != UNKNOWN) & (contracts.child[contract] != lines.child)
    doubtful: NDArray[np.bool_] = is_unknown | is_other_provider | is_other_child
    return doubtful


def _decided(
    lines: InvoiceLines,
    typed: Sequence[str],
    contract: Ints,
    known: References,
    contracts: Contracts,
    tolerance: Tolerance,
) -> Ints:
    of_child = contract_of_child(lines, contracts)
    is_own = (contract >= 0) & (contracts.provider[contract] == lines.provider)
    decided = np.where(is_own, contract, UNKNOWN)
    is_open = np.ones(len(lines), dtype=bool)
    for reading in (decided, of_child):
        fits = is_open & comes_to(lines, reading, contracts, tolerance)
        decided = np.where(fits, reading, decided)
        is_open &= ~fits
    row, near = _near(typed, np.flatnonzero(is_open), known)
    part = lines.taken(row)
    fits = comes_to(part, near, contracts, tolerance) & (contracts.provider[near] == part.provider)
    row, near = row[fits], near[fits]
    many = np.bincount(row, minlength=len(lines))[row]
    decided[row[many == 1]] = near[many == 1]
    return decided


def _near(typed: Sequence[str], rows: Ints, known: References) -> tuple[Ints, Ints]:
    """Pairs of a row and a reference that is one slip away from what was typed there."""
    pairs = [(row, place) for row in rows.tolist() for place in known.near(typed[row])]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _padded(typed: str, width: int) -> str:
    """With the leading zeros back, where a slip may have been made."""
    return "".join(
        part.zfill(width) if part.isdecimal() else part for part in _KEPT.findall(typed.upper()[:_LONGEST])
    )


def _slips(text: str, signs: str) -> Iterator[str]:
    for at in range(len(text) + 1):
        before, after = text[:at], text[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for sign in signs + "0":
            yield before + sign + after
            yield before + sign + after[1:]
