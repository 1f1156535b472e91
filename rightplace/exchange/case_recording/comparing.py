"""What the two sides tell of one child, compared: facts, legal statuses and placements. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from rightplace.exchange.case_recording.noting import Difference
from rightplace.exchange.case_recording.stated import Person, Spell

FACTS = ("first_name", "last_name", "sex", "ethnicity", "upn", "is_disabled", "is_uasc")
FACT_WORDS = {
    "first_name": "First name", "last_name": "Last name", "sex": "Sex", "ethnicity": "Ethnicity", "upn": "Pupil number",
    "is_disabled": "Disabled", "is_uasc": "Seeking asylum",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnSpell:
    """A legal status or placement as it stands here, with its key."""

    id: int
    start: date
    end: date | None
    code: str
    urn: str = ""


@dataclass
class StatusPlan:
    """What is to be done with a child's legal statuses: to add, to end (by key), and what is only listed."""

    add: list[Spell] = field(default_factory=list)
    end: dict[int, date] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def fact_changes(
    child_id: int, ours: dict[str, Any], stated: Person
) -> tuple[dict[str, Any], list[Difference]]:
    """Which facts are taken over from the case system, and which differ but are another person's word.

    A blank never empties. A birth date, and both names at once, are never changed by themselves.
    """
    told = {name: getattr(stated, name) for name in FACTS}
    changes = {name: value for name, value in told.items() if value not in ("", None) and value != ours[name]}
    differences = []
    if stated.born_on != ours["born_on"]:
        differences.append(
            Difference(
                child_id,
                "born_on",
                "born_on",
                "Another date of birth",
                _told(stated.born_on),
                _told(ours["born_on"]),
            )
        )
    if {"first_name", "last_name"} <= set(changes):
        theirs = f"{changes.pop('first_name')} {changes.pop('last_name')}"
        own = f"{ours['first_name']} {ours['last_name']}".strip()
        if own:
            differences.append(Difference(child_id, "names", "names", "Both names are others", theirs, own))
        else:
            changes |= {"first_name": stated.first_name, "last_name": stated.last_name}
    return changes, differences


def status_plan(child_id: int, ours: Sequence[OwnSpell], theirs: Iterable[Spell]) -> StatusPlan:
    """Bring legal statuses up to the case system's: what follows on is added or ended, what contradicts the past is listed."""
    plan, left = StatusPlan(), {one.start: one for one in ours}
    for spell in sorted(theirs, key=lambda one: one.start):
        own = left.pop(spell.start, None)
        if own is not None:
            _same_start(child_id, plan, own, spell)
        elif any(_overlap(_ended(one, plan), spell) for one in ours) or any(
            _overlap(one, spell) for one in plan.add
        ):
            plan.differences.append(
                _status_difference(child_id, spell, "stands in the case system and overlaps what stands here")
            )
        else:
            plan.add.append(spell)
    for own in left.values():
        words = f"Legal status {own.code} from {_told(own.start)} stands here and not in the case system"
        plan.differences.append(
            Difference(child_id, "statuses", f"ours {own.start}", words, "", _lasting(own))
        )
    return plan


def placement_differences(
    child_id: int, ours: Sequence[OwnSpell], theirs: Iterable[Spell]
) -> Iterator[Difference]:
    """Where the case system tells other placements than those that stand here. Episodes of one stay count as one.

    Two homes of the same kind and number look like one stay in an extract, so ours are joined in the same way; where it
    states no number of any home, by the kind alone.
    """
    stays = joined(theirs)
    if not any(stay.urn for stay in stays):
        ours = [replace(one, urn="") for one in ours]
    since = min((stay.start for stay in stays), default=None)
    left = {one.start: one for one in joined(ours) if since is not None and one.start >= since}
    for stay in stays:
        own = left.pop(stay.start, None)
        if own is None:
            words = f"A placement from {_told(stay.start)} stands in the case system and not here"
            yield Difference(child_id, "placements", f"theirs {stay.start}", words, _lasting(stay), "")
        elif _differs(own, stay):
            words = f"The placement from {_told(stay.start)} is told differently"
            yield Difference(
                child_id, "placements", f"both {stay.start}", words, _lasting(stay), _lasting(own)
            )
    for own in left.values():
        words = f"The placement from {_told(own.start)} is not in the case system"
        yield Difference(child_id, "placements", f"ours {own.start}", words, "", _lasting(own))


AnySpell = TypeVar("AnySpell", OwnSpell, Spell)


def joined(spells: Iterable[AnySpell]) -> list[AnySpell]:
    """Spells in order; one that follows on in the same place (another legal status) goes on."""
    found: list[AnySpell] = []
    for spell in sorted(spells, key=lambda one: one.start):
        before = found[-1] if found else None
        if (
            before is not None
            and before.end == spell.start
            and (before.code, before.urn) == (spell.code, spell.urn)
        ):
            found[-1] = replace(before, end=spell.end)
        else:
            found.append(spell)
    return found


def _same_start(child_id: int, plan: StatusPlan, own: OwnSpell, spell: Spell) -> None:
    if own.code != spell.code:
        plan.differences.append(
            _status_difference(child_id, spell, "begins on the day of another one here", own)
        )
    elif own.end is None and spell.end is not None:
        plan.end[own.id] = spell.end
    elif own.end != spell.end:
        plan.differences.append(_status_difference(child_id, spell, "ends on another day here", own))


def _status_difference(child_id: int, spell: Spell, why: str, own: OwnSpell | None = None) -> Difference:
    words = f"Legal status {spell.code} from {_told(spell.start)} {why}"
    return Difference(
        child_id, "statuses", f"theirs {spell.start}", words, _lasting(spell), _lasting(own) if own else ""
    )


def _ended(own: OwnSpell, plan: StatusPlan) -> OwnSpell:
    return replace(own, end=plan.end[own.id]) if own.id in plan.end else own


def _overlap(one: OwnSpell | Spell, other: Spell) -> bool:
    return (one.end is None or one.end > other.start) and (other.end is None or other.end > one.start)


def _differs(own: OwnSpell, stay: Spell) -> bool:
    # A number that one side does not state is no difference.
    urn = bool(own.urn and stay.urn) and own.urn.upper() != stay.urn.upper()
    return own.end != stay.end or own.code != stay.code or urn


def _lasting(one: OwnSpell | Spell) -> str:
    until = f"until {_told(one.end)}" if one.end else "goes on"
    return " ".join(filter(None, (one.code, one.urn, f"from {_told(one.start)}", until)))


def _told(day: date) -> str:
    return f"{day:%d/%m/%Y}"
