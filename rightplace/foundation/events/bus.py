"""What happened, told in the same transaction to whoever must react; reactions are listed in one place, `consequences`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from rightplace.foundation.access.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, in the past tense: who, when, in which authority; ids and values only."""

    by: Actor
    now: datetime
    authority_id: int


Reaction = TypeVar("Reaction", bound=Callable[..., None])
_reactions: dict[type[Event], list[Callable[..., None]]] = defaultdict(list)


def on(kind: type[Event]) -> Callable[[Reaction], Reaction]:
    """Register a reaction to a kind of event; one above the other, to several kinds."""

    def register(reaction: Reaction) -> Reaction:
        _reactions[kind].append(reaction)
        return reaction

    return register


def publish(event: Event) -> None:
    """Tell everyone who listens, in the order of registration, within the transaction of the action."""
    for reaction in _reactions[type(event)]:
        reaction(event)


def reactions() -> dict[type[Event], list[Callable[..., None]]]:
    """Every reaction by kind of event, for the generated page of consequences."""
    return dict(_reactions)
