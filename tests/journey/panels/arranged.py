"""Panels arranged by their real verbs: a care panel with members, a meeting, an item for a permission above every limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.decisions.models import Permission
from rightplace.journey.panels import agenda, calendar, kinds, sitting
from rightplace.journey.panels.kinds import MemberGiven
from rightplace.journey.panels.models import PanelItem, PanelKind, PanelMeeting, PanelMember
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import LONG_AGO, Cast


def second_chair(cast: Cast, *, name: str = "Vera Quist") -> Actor:
    """A second person with the role of panel chair in Croydon, for a vice chair or another panel."""
    first, last = name.split()
    user = User.objects.create_user(
        first.lower(), f"{first.lower()}@example.org", None, first_name=first, last_name=last
    )
    role = {"role": roles.PANEL_CHAIR, "authority": cast.croydon, "starts_on": LONG_AGO}
    return Membership.objects.create(user=user, **role).as_actor()


@dataclass
class Panel:
    """A care panel under way: Pearl in the chair, Vera her vice, Mel a member, Hana of the health service a partner."""

    cast: Cast
    kind: PanelKind
    vera: Actor
    pearl: PanelMember
    vice: PanelMember
    mel: PanelMember
    hana: PanelMember
    meeting: PanelMeeting

    def fresh(self) -> PanelMeeting:
        """The meeting as it stands."""
        self.meeting.refresh_from_db()
        return self.meeting

    @property
    def on(self) -> datetime:
        """A moment in the meeting."""
        return self.meeting.starts_at + timedelta(minutes=5)


def care_panel(cast: Cast, now: datetime, *, vice: str = "Vera Quist") -> Panel:
    """The usual panels set up by Clem, members on the care panel, its next meeting planned."""
    kinds.set_up_panels(by=cast.clem, now=now).done()
    kind = PanelKind.objects.get(authority=cast.croydon, code="care")
    vera = second_chair(cast, name=vice)
    given = {
        "pearl": MemberGiven("chair", "social_care", cast.pearl.user_id),
        "vice": MemberGiven("vice_chair", "social_care", vera.user_id),
        "mel": MemberGiven("member", "social_care", cast.mel.user_id),
        "hana": MemberGiven("partner", "health", None, "Hana Fry", "NHS South West London"),
    }
    who = {"by": cast.clem, "now": now, "kind_id": kind.pk}
    sits = {name: kinds.add_member(**who, member=one).done() for name, one in given.items()}
    until = timezone.localdate(now) + timedelta(days=30)
    calendar.plan_meetings(**who, until=until).done()
    meeting = PanelMeeting.objects.filter(kind=kind, starts_at__gt=now).order_by("starts_at")[0]
    return Panel(cast, kind, vera, meeting=meeting, **sits)


def permission_at_panel(
    cast: Cast, now: datetime, *, child: object = None, home: Setting | None = None
) -> Permission:
    """A children's home (Acorn House) chosen by Moses for a child (Amber), brought to the panel by Bola."""
    facts = {"children": (child,)} if child else {}
    needed = timezone.localdate(now) + timedelta(days=40)
    at = home or cast.acorn_house
    search = make.offers_closed(cast, at, now=now, later=now, needed_by=needed, **facts)
    row = make.offer_chosen(cast, search, at, now=now)
    return decisions.send_to_panel(by=cast.bola, now=now, permission_id=row.pk, version=row.version).done()


def listed(panel: Panel, permission: Permission, now: datetime) -> PanelItem:
    """The item that the rules bring for a permission, put on the agenda by Clem."""
    key = f"permission-{permission.pk}"
    agenda.add_due(by=panel.cast.clem, now=now, meeting_id=panel.meeting.pk, keys=(key,)).done()
    return PanelItem.objects.get(permission=permission, meeting=panel.meeting)


def opened(panel: Panel, *there: PanelMember) -> PanelMeeting:
    """The meeting opened on its day, with these members in the room."""
    who = {"by": panel.cast.clem, "now": panel.on, "meeting_id": panel.meeting.pk}
    sitting.open_meeting(**who, version=panel.fresh().version).done()
    noted = {one.pk: "in_person" for one in there}
    sitting.note_attendance(**who, version=panel.fresh().version, there=noted).done()
    return panel.fresh()
