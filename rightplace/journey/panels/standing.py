"""Where a panel stands on a day: its terms, who sits on it, who has an interest in an item, and who may be refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.meetings import CHAIRS, Quorum, QuorumRule, Rhythm, Sitting, quorum
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import OF_SYSTEMS
from rightplace.foundation.actions import MISSING
from rightplace.journey.panels.models import PanelItem, PanelKind, PanelMeeting, PanelMember, PanelTerms
from rightplace.journey.panels.words import SECTORS

GONE = Problem(MISSING, "This panel is not there, or is not yours.")
FULL_TEXT = 4000
# Who sees every panel of the authority; a chair or member sees those on which they sit.
ALL_PANELS = frozenset({roles.PANEL_CLERK, roles.DIRECTOR})


def held_on(day: date) -> Q:
    """Rows with `starts_on` and `ends_on` that hold on a day."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def people_on(authority_id: int, day: date) -> QuerySet[Membership]:
    """The roles that people of an authority hold on a day; the accounts of other systems sit nowhere and are given nothing."""
    return Membership.objects.filter(~OF_SYSTEMS, held_on(day), authority_id=authority_id)


def terms_on(kind_id: int, day: date) -> PanelTerms | None:
    """How a panel works on a day."""
    return PanelTerms.objects.filter(kind_id=kind_id, period__contains=day).first()


def members_on(kind_id: int, day: date) -> list[PanelMember]:
    """Who sits on a panel on a day, the chair first, the clerk last."""
    order = {"chair": 0, "vice_chair": 1, "member": 2, "partner": 3, "clerk": 4}
    rows = PanelMember.objects.filter(held_on(day), kind_id=kind_id)
    return sorted(rows, key=lambda row: (order[row.part], row.name))


def own_part(by: Actor, kind_id: int, day: date) -> PanelMember | None:
    """The part in which this person sits on a panel."""
    return PanelMember.objects.filter(held_on(day), kind_id=kind_id, user_id=by.user_id or 0).first()


def kinds_of(actor: Actor, day: date) -> QuerySet[PanelKind]:
    """The panels that this person sees: all for clerk and director, else those on which they sit."""
    rows = PanelKind.objects.filter(authority_id=actor.authority_id)
    if actor.role in ALL_PANELS:
        return rows
    mine = PanelMember.objects.filter(held_on(day), user_id=actor.user_id or 0).values("kind_id")
    return rows.filter(pk__in=mine)


def meeting_of(by: Actor, meeting_id: int, now: datetime) -> PanelMeeting | None:
    """A meeting of a panel that this person sees."""
    rows = PanelMeeting.objects.filter(kind__in=kinds_of(by, timezone.localdate(now)))
    return rows.select_related("kind", "authority").filter(pk=meeting_id).first()


def item_of(by: Actor, item_id: int, now: datetime) -> PanelItem | None:
    """An item of a panel that this person sees."""
    rows = PanelItem.objects.filter(meeting__kind__in=kinds_of(by, timezone.localdate(now)))
    related = "permission__choice__offer", "request", "placement", "meeting__kind", "presenter", "rise"
    return rows.select_related(*related, "permission__choice__request").filter(pk=item_id).first()


def rhythm_of(terms: PanelTerms) -> Rhythm:
    """The rhythm of a panel's terms."""
    return Rhythm(
        every=terms.every,
        weekday=terms.weekday,
        first_on=terms.period.lower,
        week_of_month=terms.week_of_month,
        holiday_rule=terms.holiday_rule,
    )


def quorum_rule(meeting: PanelMeeting) -> QuorumRule:
    """The quorum that holds on the day of a meeting; nobody can be quorate where the panel had no terms."""
    terms = terms_on(meeting.kind_id, timezone.localdate(meeting.starts_at))
    if terms is None:
        return QuorumRule(99)
    return QuorumRule(terms.quorum, tuple((code, SECTORS[code]) for code in terms.sectors))


def sitting(members: Iterable[PanelMember]) -> list[Sitting]:
    """Members as those who take part in a decision."""
    return [Sitting(row.pk, row.name, row.part, row.sector) for row in members]


def there(meeting: PanelMeeting) -> list[PanelMember]:
    """Who is at a meeting, in the room or online."""
    rows = meeting.attendance.exclude(how="apologies").select_related("member")
    return [row.member for row in rows]


def askers(item: PanelItem) -> set[int]:
    """Whoever asked for what is decided here, or presents it: they do not decide it."""
    found = {item.presenter_id}
    if item.permission is not None:
        choice = item.permission.choice
        found |= {item.permission.asked_by_id, choice.by_id, choice.request.social_worker_id}
    if item.rise is not None:
        found.add(item.rise.asked_by_id)
    if item.request is not None:
        found.add(item.request.social_worker_id)
    return {key for key in found if key is not None}


def excluded(item: PanelItem, members: Iterable[PanelMember]) -> set[int]:
    """Members who neither decide an item nor count for it: they declared an interest, or asked for it themselves."""
    mine = askers(item)
    declared = set(item.interests.values_list("member_id", flat=True))
    return declared | {row.pk for row in members if row.user_id in mine}


def quorum_at(meeting: PanelMeeting, item: PanelItem | None = None) -> Quorum:
    """The quorum of those who are there now; for one item, without those who have an interest in it."""
    members = there(meeting)
    return quorum(quorum_rule(meeting), sitting(members), excluded(item, members) if item else ())


def chair_problems(by: Actor, item: PanelItem, now: datetime) -> list[Problem]:
    """Why this person may not decide an item as chair: no chair of this panel, asked for it, or has an interest."""
    part = own_part(by, item.meeting.kind_id, timezone.localdate(now))
    if part is None or part.part not in CHAIRS:
        return [Problem("not_yours", "Only the chair or vice chair of this panel records its decisions.")]
    if by.user_id in askers(item):
        return [Problem("own_request", "Nobody decides on what they asked for, chose or present themselves.")]
    if item.interests.filter(member_id=part.pk).exists():
        return [Problem("interest", "You declared an interest in this item: the vice chair decides.")]
    return []


def too_long(**texts: str) -> list[Problem]:
    """A problem for each entry that is longer than may be kept."""
    words = f"Shorten this to {FULL_TEXT:,} characters."
    return [Problem("too_long", words, name) for name, text in texts.items() if len(text) > FULL_TEXT]
