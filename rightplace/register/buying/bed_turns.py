"""Two members or more want one bed: the consortium settles by its rule who goes first, and the others wait some days.

The rule itself is `core.buying.shares`; who wants what is found by `oversight.market.together`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule
from rightplace.register.buying.events import BedTurnDecided
from rightplace.register.buying.models import BedTurn
from rightplace.register.buying.standing import GONE, buyer_problems, consortium, record
from rightplace.register.providers.models import Setting

USUAL_DAYS = 2


@action
def settle_bed_turn(
    *, by: Actor, now: datetime, setting_id: int, first_id: int, wanting_ids: Sequence[int], why: str
) -> Outcome[BedTurn]:
    """Settle who goes first to a bed that several members want; until the end of the days stated the others cannot choose it."""
    members = dict(
        Authority.objects.filter(consortium_id=consortium(by), pk__in=wanting_ids).values_list("pk", "name")
    )
    home = Setting.objects.filter(pk=setting_id).first()
    if home is None or first_id not in members:
        return refuse(GONE)
    problems = buyer_problems(by)
    if len(members) < 2:
        problems.append(Problem("one_alone", "Only one member wants this bed."))
    if not why.strip():
        problems.append(Problem("no_reason", "Say by which part of the rule.", "why"))
    standing = BedTurn.objects.filter(consortium_id=consortium(by), setting=home, is_over=False)
    standing.filter(until__lte=now).update(is_over=True)
    if standing.exists():
        problems.append(Problem("taken", "Who goes first to this bed has been settled already."))
    if problems:
        return refuse(problems)
    row = BedTurn.objects.create(
        consortium_id=consortium(by), setting=home, authority_id=first_id, seen_by=sorted(members), why=why.strip()[:300],
        decided_at=now, decided_by_id=by.person_id, until=_until(now),
    )  # fmt: skip
    record(
        by,
        now,
        "settle_bed_turn",
        f"{members[first_id]} goes first to {home.name}: {row.why}",
        ("setting", home.pk),
    )
    publish(
        BedTurnDecided(
            by=by, now=now, authority_id=first_id, setting_id=home.pk,
            words=f"{home.name}: {members[first_id]} goes first until {timezone.localtime(row.until):%-d %B}. {row.why}",
            other_ids=tuple(sorted(set(members) - {first_id})),
        )
    )  # fmt: skip
    return Outcome(row)


def _until(now: datetime) -> datetime:
    today = timezone.localdate(now)
    held = rule("bed_turn_held_for", today)
    last = add_working_days(today, int(held.value) if held else USUAL_DAYS, holidays())
    return timezone.make_aware(datetime.combine(last, time(17, 0)))


def bed_turns(actor: Actor, now: datetime) -> QuerySet[BedTurn]:
    """Turns that stand in the actor's consortium."""
    rows = BedTurn.objects.filter(consortium_id=consortium(actor), is_over=False, until__gt=now)
    return rows.select_related("authority", "setting").order_by("until", "id")


def turn_of_another(authority_id: int, setting_id: int | None, now: datetime) -> str:
    """Why an authority waits for a bed: another member of its consortium goes first; "" where it does not.

    Asked by the product itself, whoever acts.
    """
    with as_system():
        rows = BedTurn.objects.filter(setting_id=setting_id or 0, is_over=False, until__gt=now)
        row = rows.filter(consortium__authorities=authority_id).exclude(authority_id=authority_id).first()
        if row is None:
            return ""
        until = timezone.localtime(row.until)
        return f"{row.authority} goes first to this bed until {until:%-d %B at %H:%M}: {row.why}"


def follow_chosen(authority_id: int, setting_id: int | None) -> None:
    """Who went first has chosen the bed: its turn is over."""
    BedTurn.objects.filter(setting_id=setting_id or 0, authority_id=authority_id, is_over=False).update(
        is_over=True
    )
