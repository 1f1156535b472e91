"""What every action is: one transaction, expected refusals as values, a state changed only from the state that was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import models, transaction

from rightplace.core.problems import Problem
from rightplace.core.workflow import Workflow
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import deeds_since
from rightplace.foundation.audit.record import recording

T = TypeVar("T")
P = ParamSpec("P")

MOST_DEEDS_TOLD = 3
STALE = "stale"
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What an action came to: a value, or every reason why not."""

    value: T | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_done(self) -> bool:
        """True when the action was carried out."""
        return not self.problems

    def done(self) -> T:
        """The value of an action that must have succeeded; RuntimeError with the reasons when it was refused."""
        if self.problems:
            raise RuntimeError("; ".join(p.sentence for p in self.problems))
        return self.value  # type: ignore[return-value]  # Outcome[None] is a value too


def refuse(*problems: Problem | Iterable[Problem]) -> Outcome[Any]:
    """An outcome that says no, with every reason."""
    flat: list[Problem] = []
    for problem in problems:
        flat.extend([problem] if isinstance(problem, Problem) else problem)
    return Outcome(problems=tuple(flat))


class Refusal(Exception):
    """Carries a refusal out of the transaction, so that nothing half done stays."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


def require(problems: Iterable[Problem]) -> None:
    """Refuse the whole action from within, as when a consequence cannot follow; nothing of it stays."""
    found = tuple(problems)
    if found:
        raise Refusal(found)


def action(function: Callable[P, Outcome[T]]) -> Callable[P, Outcome[T]]:
    """Make a function an action: one transaction with its audit entry; a refusal undoes all that it wrote."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> Outcome[T]:
        try:
            with transaction.atomic(), recording():
                outcome = function(*args, **kwargs)
                if outcome.problems:
                    raise Refusal(outcome.problems)
                return outcome
        except Refusal as refusal:
            return Outcome(problems=refusal.problems)

    run.is_action = True  # type: ignore[attr-defined]  # read by the fitness tests
    return run


def change_state(
    workflow: Workflow, row: models.Model, verb: str, *, by: Actor, version: int | None = None, **changes: Any
) -> list[Problem]:
    """Move a row to the verb's next state, only if role, state and version still allow it (compare and set).

    `changes` are other columns written in the same statement. The row in hand is brought up to date.
    """
    if problems := workflow.problems(verb, state=row.state, role=by.role):  # type: ignore[attr-defined]  # of every stage
        return problems
    step = workflow.transition(verb)
    seen = row.version if version is None else version  # type: ignore[attr-defined]  # of every stage
    written = {**changes, "state": step.target or row.state, "version": models.F("version") + 1}  # type: ignore[attr-defined]  # of every stage
    rows = type(row)._default_manager.filter(pk=row.pk, version=seen, state__in=step.sources)
    if rows.update(**written) == 0:
        return [stale(row, seen)]
    row.refresh_from_db()
    return []


def change_row(row: models.Model, *, version: int, **changes: Any) -> list[Problem]:
    """Write columns of a row only if nobody else has since the version that was seen; the state stays."""
    rows = type(row)._default_manager.filter(pk=row.pk, version=version)
    if rows.update(**changes, version=models.F("version") + 1) == 0:
        return [stale(row, version)]
    row.refresh_from_db()
    return []


def stale(row: models.Model, seen: int) -> Problem:
    """Somebody else was quicker: who, when and what they did since the version that was seen, as far as one may know."""
    now_at = type(row)._default_manager.filter(pk=row.pk).values_list("version", flat=True).first()
    words = "Somebody else has changed this since you opened it. Look at what changed, then decide again."
    told = deeds_since(row, at_most=min(max(now_at - seen, 1), MOST_DEEDS_TOLD)) if now_at is not None else []
    return Problem(STALE, f"{words} Since then: {'; '.join(told)}." if told else words)
