"""Addresses of panels, their meetings, items, actions and appeals. Those of deeds come from the tables of deeds."""

from __future__ import annotations

from rightplace.desks.layout.doors import ANYONE, form_page, page, verb
from rightplace.desks.panel import calendar, items, kinds, meetings
from rightplace.desks.panel.deeds import addresses
from rightplace.desks.panel.item_deeds import ACTION_DEEDS, ACTIONS, APPEAL_DEEDS, APPEALS, ITEM_DEEDS, ITEMS
from rightplace.desks.panel.meeting_deeds import (
    KIND_DEEDS,
    KINDS,
    MEETING_DEEDS,
    MEETINGS,
    MEMBER_DEEDS,
    MEMBERS,
)
from rightplace.foundation.access.roles import (
    DIRECTOR,
    PANEL_CHAIR,
    PANEL_CLERK,
    PANEL_MEMBER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.journey.panels.states import ARRANGERS, OWNERS

TABLE = (PANEL_CHAIR, PANEL_MEMBER, PANEL_CLERK, DIRECTOR)
# Whoever presents, and the manager who may challenge a decision, read their own items.
READERS = (*TABLE, SOCIAL_WORKER, TEAM_MANAGER)

urlpatterns = [
    page("panel/calendar/", calendar.calendar, roles=TABLE, name="calendar"),
    page("panel/calendar/file/", calendar.calendar_download, roles=TABLE, name="calendar_download"),
    page("panel/feeds/<str:token>/", calendar.feed, roles=ANYONE, name="feed"),
    page("panel/meetings/<int:key>/", meetings.meeting, roles=TABLE, name="meeting"),
    page("panel/meetings/<int:key>/papers/<int:number>/", meetings.papers, roles=TABLE, name="papers"),
    form_page("panel/meetings/<int:key>/minutes/", meetings.minutes, roles=TABLE, name="minutes"),
    page(
        "panel/meetings/<int:key>/minutes/<int:number>/",
        meetings.minutes_pdf,
        roles=TABLE,
        name="minutes_pdf",
    ),
    verb("panel/meetings/<int:key>/due/", meetings.add_due, roles=ARRANGERS, name="add_due"),
    verb("panel/meetings/<int:key>/order/", meetings.order, roles=ARRANGERS, name="order_agenda"),
    verb(
        "panel/meetings/<int:key>/attendance/", meetings.attendance, roles=ARRANGERS, name="note_attendance"
    ),
    *addresses(MEETINGS, MEETING_DEEDS),
    page("panel/items/", items.item_list, roles=READERS, name="items"),
    page("panel/items/<int:key>/", items.item, roles=READERS, name="item"),
    *addresses(ITEMS, ITEM_DEEDS),
    page("panel/actions/", items.action_list, roles=OWNERS, name="actions"),
    page("panel/actions/<int:key>/", items.action, roles=OWNERS, name="action"),
    *addresses(ACTIONS, ACTION_DEEDS),
    page("panel/appeals/", items.appeal_list, roles=items.APPEAL_READERS, name="appeals"),
    page("panel/appeals/<int:key>/", items.appeal, roles=items.APPEAL_READERS, name="appeal"),
    *addresses(APPEALS, APPEAL_DEEDS),
    page("panel/kinds/", kinds.kind_list, roles=TABLE, name="kinds"),
    verb("panel/kinds/set-up/", kinds.set_up, roles=ARRANGERS, name="set_up_panels"),
    form_page("panel/kinds/add/", kinds.add, roles=ARRANGERS, name="kind_add"),
    page("panel/kinds/<int:key>/", kinds.kind, roles=TABLE, name="kind"),
    *addresses(KINDS, KIND_DEEDS),
    *addresses(MEMBERS, MEMBER_DEEDS),
]
