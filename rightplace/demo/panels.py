"""Panels of the demo: a past meeting with its minutes and one ahead with its agenda, at two panels of each authority.

Walked through the real verbs, at the times at which they would have happened. Everybody is synthetic.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts import permitting
from rightplace.journey.contracts.models import RisePermission
from rightplace.journey.panels import agenda, appeals, calendar, deciding, kinds, minutes, packs, sitting
from rightplace.journey.panels.agenda import ItemGiven
from rightplace.journey.panels.deciding import DecisionGiven
from rightplace.journey.panels.due import due_at
from rightplace.journey.panels.kinds import MemberGiven
from rightplace.journey.panels.models import PanelItem, PanelKind, PanelMeeting
from rightplace.journey.placements.models import Placement

WEEKS_BACK = 5
MOST_DUE = 4
PARTNERS = (
    ("Harriet Voss", "NHS integrated care board", "health"),
    ("Owen Maddox", "Education inclusion service", "education"),
)
ASKED = (
    "Whether the placement is still right for the child, at this cost, and what the plan to return home is."
)
DECISIONS = (
    DecisionGiven(
        "agreed_with_conditions",
        "The home meets the child’s needs and school is going well. The extra hours have done their work.",
        "Bring the one-to-one hours down from next month\nAgree the plan for family time with the home",
    ),
    DecisionGiven(
        "not_agreed", "A foster home was not looked for again, though the child’s needs have changed."
    ),
    DecisionGiven("deferred", "The education plan was not in the papers."),
)


def hold_panels(office: Office) -> None:
    """The usual panels, with people on them, meetings behind and ahead; work at two of them."""
    since = office.ago(7 * WEEKS_BACK)
    clerk = office.who(roles.PANEL_CLERK, 0)
    kinds.set_up_panels(by=clerk, now=since).done()
    for kind in PanelKind.objects.filter(authority_id=office.authority_id).order_by("id"):
        _seat(office, kind, clerk, since)
        until = timezone.localdate(office.now) + timedelta(weeks=10)
        calendar.plan_meetings(by=clerk, now=since, kind_id=kind.pk, until=until).done()
        if kind.code in ("care", "care_review"):
            _past(office, kind, clerk)
            _ahead(office, kind, clerk)


def _seat(office: Office, kind: PanelKind, clerk: Actor, since: datetime) -> None:
    """The chair, two members and the director; partners at the panel that needs them."""
    people = [(office.who(roles.PANEL_CHAIR, 0), "chair"), (clerk, "clerk")]
    people += [(office.who(roles.PANEL_MEMBER, turn), "member") for turn in (0, 1)]
    for actor, part in people:
        member = MemberGiven(part, "social_care", actor.user_id)
        kinds.add_member(by=clerk, now=since, kind_id=kind.pk, member=member).done()
    for name, organisation, sector in PARTNERS if kind.code == "tripartite" else ():
        member = MemberGiven("partner", sector, None, name, organisation)
        kinds.add_member(by=clerk, now=since, kind_id=kind.pk, member=member).done()


def _past(office: Office, kind: PanelKind, clerk: Actor) -> None:
    """The last meeting before today: decisions on placements, actions, minutes agreed; one decision is challenged."""
    rows = PanelMeeting.objects.filter(kind=kind, starts_at__lt=office.now - timedelta(days=1))
    meeting = rows.order_by("-starts_at").first()
    if meeting is None:
        return
    items = [_about(office, meeting, clerk, turn) for turn in range(len(DECISIONS))]
    _issue(meeting, clerk, meeting.starts_at - timedelta(days=2))
    _hold(office, meeting, clerk, [item for item in items if item is not None])
    _challenge(office, meeting)


def _about(office: Office, meeting: PanelMeeting, clerk: Actor, turn: int) -> PanelItem | None:
    before = timezone.localdate(meeting.starts_at)
    rows = Placement.objects.filter(
        authority_id=office.authority_id,
        state="started",
        period__startswith__lt=before,
        child__team__isnull=False,
    )
    shift = 3 if meeting.kind.code == "care" else 0
    row = (
        rows.select_related("child")
        .order_by("period__startswith", "id")[turn + shift : turn + shift + 1]
        .first()
    )
    if row is None:
        return None
    given = ItemGiven(
        f"{row.reference}: placement since {row.period.lower:%-d %B %Y}",
        ASKED,
        row.reference,
        row.child.social_worker_id,
    )
    return agenda.add_item(
        by=clerk, now=meeting.starts_at - timedelta(days=3), meeting_id=meeting.pk, item=given
    ).done()


def _issue(meeting: PanelMeeting, clerk: Actor, now: datetime) -> None:
    if meeting.items.filter(state="listed").exists():
        meeting.refresh_from_db()
        packs.issue_pack(by=clerk, now=now, meeting_id=meeting.pk, version=meeting.version).done()


def _hold(office: Office, meeting: PanelMeeting, clerk: Actor, items: list[PanelItem]) -> None:
    """The meeting from its opening to agreed minutes."""
    chair, at = office.who(roles.PANEL_CHAIR, 0), meeting.starts_at + timedelta(minutes=2)
    meeting.refresh_from_db()
    opened = sitting.open_meeting(by=clerk, now=at, meeting_id=meeting.pk, version=meeting.version).done()
    there = {row.pk: "in_person" for row in meeting.kind.members.exclude(part="partner")}
    opened = sitting.note_attendance(
        by=clerk, now=at, meeting_id=meeting.pk, version=opened.version, there=there
    ).done()
    for item, decision in zip(items, DECISIONS, strict=False):
        item.refresh_from_db()
        deciding.decide_item(
            by=chair, now=at, item_id=item.pk, version=item.version, decision=_due(item, decision, at)
        ).done()
    closed = at + timedelta(hours=2)
    opened.refresh_from_db()
    sitting.close_meeting(by=clerk, now=closed, meeting_id=meeting.pk, version=opened.version).done()
    draft = minutes.current_minutes(meeting)
    if draft is not None and meeting.kind.code == "care":
        minutes.agree_minutes(by=chair, now=closed, meeting_id=meeting.pk, version=draft.version).done()


def _due(item: PanelItem, decision: DecisionGiven, at: datetime) -> DecisionGiven:
    """Conditions that came due on the day after the meeting, so that something is overdue."""
    if not decision.conditions:
        return decision
    day = timezone.localdate(at) + timedelta(days=1)
    return DecisionGiven(decision.outcome, decision.reasons, decision.conditions, item.presenter_id, day)


def _challenge(office: Office, meeting: PanelMeeting) -> None:
    """The team manager challenges what was not agreed."""
    item = meeting.items.filter(outcome="not_agreed").select_related("placement__child").first()
    if item is None or item.placement is None or meeting.kind.code != "care":
        return
    managers = office.cast.by_authority[office.authority_id][roles.TEAM_MANAGER]
    manager = next((one for one in managers if one.team_id == item.placement.child.team_id), None)
    if manager is not None:
        words = "The panel did not have the report of the school, which came the same afternoon."
        appeals.ask_appeal(
            by=manager, now=meeting.starts_at + timedelta(hours=5), item_id=item.pk, grounds=words
        )


def _send_variation(office: Office) -> None:
    """The first dearer variation goes to the panel, though a limit would do; the others wait for whoever's limit covers them."""
    row = (
        RisePermission.objects.filter(authority_id=office.authority_id, state="asked").order_by("id").first()
    )
    if row is not None and row.route != "panel":
        by = office.who(roles.BROKER)
        permitting.send_variation_to_panel(
            by=by, now=office.ago(0.4), rise_id=row.pk, version=row.version
        ).done()


def _ahead(office: Office, kind: PanelKind, clerk: Actor) -> None:
    """The next meeting: what is due by the rules, its papers out at the care panel."""
    rows = PanelMeeting.objects.filter(kind=kind, starts_at__gt=office.now, state="planned")
    meeting = rows.order_by("starts_at").first()
    if meeting is None:
        return
    if kind.code == "care":
        _send_variation(office)
    due = [one.key for one in due_at(meeting, timezone.localdate(office.now))]
    dearer = [key for key in due if key.startswith("variation-")]
    keys = tuple(dict.fromkeys([*due[:MOST_DUE], *dearer[:1]]))
    if keys:
        agenda.add_due(by=clerk, now=office.ago(0.3), meeting_id=meeting.pk, keys=keys).done()
    if kind.code == "care":
        _issue(meeting, clerk, office.ago(0.2))
