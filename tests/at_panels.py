"""For the two-sided world: a care panel whose meetings stand at every stage, with items, actions and an appeal.

Pages go by the real clock, and so do these meetings: two were held, one is under way, one is ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from rightplace.journey.decisions.models import Permission
from rightplace.journey.panels import agenda, appeals, calendar, deciding, kinds, minutes, packs, sitting
from rightplace.journey.panels.agenda import ItemGiven
from rightplace.journey.panels.deciding import DecisionGiven
from rightplace.journey.panels.models import PanelAction, PanelItem, PanelMeeting
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting
from tests.cast import NOW, Cast
from tests.journey.panels.arranged import Panel, care_panel, listed, opened, permission_at_panel

WEEKS_AGO = timedelta(weeks=4, days=3)


def meetings_held(cast: Cast, home: Setting, child: Child) -> tuple[dict[str, int], ...]:
    """A scene for each stage of a meeting; on the agenda of the one ahead, permission to place this child at this home."""
    now = timezone.now()
    permission = permission_at_panel(cast, NOW, child=child, home=home)
    first = care_panel(cast, now - WEEKS_AGO, vice=f"Vera-{cast.croydon.name} Quist")
    calendar.plan_meetings(
        by=cast.clem, now=now, kind_id=first.kind.pk, until=timezone.localdate(now) + timedelta(weeks=6)
    ).done()
    kinds.make_feed(by=cast.clem, now=now, member_id=first.hana.pk).done()
    held, drafted, under_way, *_ = (replace(first, meeting=one) for one in _meetings(first))
    ahead = replace(first, meeting=next(one for one in _meetings(first) if one.starts_at > now))
    standing = {"panel_kind": first.kind.pk, "panel_member": first.hana.pk}
    request = permission.choice.request.reference
    scenes = (*_ahead(ahead, permission, now), _held(held, request), _drafted(drafted), *_under_way(under_way))
    return tuple({**standing, **scene} for scene in scenes)


def _meetings(panel: Panel) -> Iterator[PanelMeeting]:
    yield from PanelMeeting.objects.filter(kind=panel.kind, state="planned").order_by("starts_at")


def _item(panel: Panel, title: str, now: datetime, about: str = "") -> PanelItem:
    given = ItemGiven(title, "Whether the panel agrees.", about, panel.cast.sadia.user_id)
    return agenda.add_item(by=panel.cast.clem, now=now, meeting_id=panel.meeting.pk, item=given).done()


def _before(panel: Panel) -> datetime:
    return panel.meeting.starts_at - timedelta(days=1)


def _decide(panel: Panel, item: PanelItem, decision: DecisionGiven) -> PanelItem:
    item.refresh_from_db()
    return deciding.decide_item(
        by=panel.cast.pearl, now=panel.on, item_id=item.pk, version=item.version, decision=decision
    ).done()


def _open(panel: Panel) -> None:
    opened(panel, panel.pearl, panel.mel, panel.hana, panel.vice)


def _close(panel: Panel) -> None:
    sitting.close_meeting(
        by=panel.cast.clem, now=panel.on, meeting_id=panel.meeting.pk, version=panel.fresh().version
    ).done()


def _issue(panel: Panel, now: datetime) -> None:
    packs.issue_pack(
        by=panel.cast.clem, now=now, meeting_id=panel.meeting.pk, version=panel.fresh().version
    ).done()


def _held(panel: Panel, request: str) -> dict[str, int]:
    """Papers issued, one item agreed with an action to do, one not agreed and challenged, minutes agreed."""
    agreed, refused = (
        _item(panel, title, _before(panel), request) for title in ("More hours", "A second tutor")
    )
    _issue(panel, _before(panel))
    _open(panel)
    due = timezone.localdate(panel.on) + timedelta(days=60)
    _decide(
        panel, agreed, DecisionGiven("agreed_with_conditions", "It helps.", "A plan.", panel.cast.sadia.user_id, due)
    )  # fmt: skip
    _decide(panel, refused, DecisionGiven("not_agreed", "Enough is in place."))
    _close(panel)
    draft = minutes.current_minutes(panel.fresh())
    assert draft is not None
    minutes.agree_minutes(
        by=panel.cast.pearl, now=panel.on, meeting_id=panel.meeting.pk, version=draft.version
    ).done()
    appeal = appeals.ask_appeal(
        by=panel.cast.moses, now=panel.on, item_id=refused.pk, grounds="It was late."
    ).done()
    action = PanelAction.objects.get(item=agreed)
    return {
        "panel_meeting": panel.meeting.pk, "panel_item": refused.pk, "panel_appeal": appeal.pk, "panel_action": action.pk,
    }  # fmt: skip


def _drafted(panel: Panel) -> dict[str, int]:
    """Held; its minutes are a draft."""
    item = _item(panel, "Terms of reference", _before(panel))
    _open(panel)
    _decide(panel, item, DecisionGiven("noted", "Noted."))
    _close(panel)
    return {"panel_meeting": panel.meeting.pk, "panel_item": item.pk}


def _under_way(panel: Panel) -> Iterator[dict[str, int]]:
    """Under way: one item to decide, one that was decided before and is to be ratified."""
    to_decide, urgent = (
        _item(panel, title, _before(panel)) for title in ("A night carer", "A taxi to school")
    )
    deciding.give_view(
        by=panel.cast.mel, now=_before(panel), item_id=urgent.pk, version=urgent.version, view="agree", words="Yes."
    ).done()  # fmt: skip
    urgent.refresh_from_db()
    deciding.decide_before_meeting(
        by=panel.cast.pearl, now=_before(panel), item_id=urgent.pk, version=urgent.version, manner="urgent",
        decision=DecisionGiven("agreed", "It could not wait."),
    ).done()  # fmt: skip
    _open(panel)
    for item in (to_decide, urgent):
        yield {"panel_meeting": panel.meeting.pk, "panel_item": item.pk}


def _ahead(panel: Panel, permission: Permission, now: datetime) -> Iterator[dict[str, int]]:
    """Papers out: a permission on the agenda with a member's interest, and an item taken off."""
    item = listed(panel, permission, now)
    gone = _item(panel, "A matter that was settled", now)
    agenda.remove_item(
        by=panel.cast.clem, now=now, item_id=gone.pk, version=gone.version, reason="Settled."
    ).done()
    _issue(panel, now)
    item.refresh_from_db()
    sitting.declare_interest(
        by=panel.cast.mel, now=now, item_id=item.pk, version=item.version, words="My sister works there."
    ).done()  # fmt: skip
    for one in (item, gone):
        yield {"panel_meeting": panel.meeting.pk, "panel_item": one.pk, "permission": permission.pk}
