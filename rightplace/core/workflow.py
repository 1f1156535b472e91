"""A life in states: one table of transitions from which buttons, rights, diagrams and tests are all drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rightplace.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Transition:
    """One verb: from which states, to which state, and which roles may do it.

    `target` None means that the state stays as it is (the verb changes something else).
    """

    verb: str
    label: str
    sources: frozenset[str]
    target: str | None
    roles: frozenset[str]
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """States (code to words), the first state, and every transition there is."""

    name: str
    states: Mapping[str, str]
    initial: str
    transitions: tuple[Transition, ...]

    def transition(self, verb: str) -> Transition:
        """The transition of this verb; KeyError when the table has none."""
        for row in self.transitions:
            if row.verb == verb:
                return row
        raise KeyError(f"{self.name} has no verb {verb!r}")

    def problems(self, verb: str, *, state: str, role: str) -> list[Problem]:
        """Why this role may not do this verb in this state; empty when it may."""
        row = self.transition(verb)
        if role not in row.roles:
            return [Problem("not_yours", f"Your role may not do this: {row.label.lower()}.")]
        if state not in row.sources:
            return [
                Problem(
                    "wrong_state",
                    f"This is now “{self.states[state].lower()}”, so it is too late to do this: {row.label.lower()}.",
                )
            ]
        return []

    def open_to(self, *, state: str, role: str) -> tuple[Transition, ...]:
        """The transitions that this role may make from this state: the buttons to show."""
        return tuple(row for row in self.transitions if state in row.sources and role in row.roles)

    def reachable(self) -> frozenset[str]:
        """Every state that can be reached from the first."""
        found = {self.initial}
        while True:
            more = {t.target for t in self.transitions if t.target and t.sources & found} - found
            if not more:
                return frozenset(found)
            found |= more


def transition(
    verb: str,
    label: str,
    sources: Iterable[str] | str,
    target: str | None,
    roles: Iterable[str],
    *,
    is_grave: bool = False,
) -> Transition:
    """A row of the table, written briefly: sources as words split by spaces."""
    words = sources.split() if isinstance(sources, str) else sources
    return Transition(verb, label, frozenset(words), target, frozenset(roles), is_grave)
