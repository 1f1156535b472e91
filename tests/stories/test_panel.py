"""A panel whole, through HTTP: from a permission above everyone's limit to its decision, what came of it, and an appeal."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.decisions.models import Delegation, Permission
from rightplace.journey.panels.following_up import chase_actions
from rightplace.journey.panels.models import PanelAction, PanelItem, PanelKind, PanelMeeting
from rightplace.journey.placements.models import Placement
from tests import make
from tests.cast import Cast
from tests.journey.panels.arranged import second_chair
from tests.stories.test_main_job import day
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def permission(cast: Cast) -> Permission:
    """A children's home chosen by Moses at a cost above everyone's limit: it goes to the panel by itself."""
    Delegation.objects.update(whole_cost_pence=1_000_000)
    now, needed = timezone.now(), timezone.localdate() + timedelta(days=30)
    search = make.offers_closed(cast, cast.acorn_house, now=now, later=now, needed_by=needed)
    return make.offer_chosen(cast, search, cast.acorn_house, now=now)


def test_a_panel_from_request_to_appeal(cast: Cast, permission: Permission) -> None:
    assert (permission.route, permission.needs_role) == ("panel", "panel_chair")
    vera = second_chair(cast)
    clem = Visitor(cast.clem)
    kind = set_up(clem, cast)
    meeting = PanelMeeting.objects.filter(kind=kind).order_by("starts_at")[0]
    build_agenda(clem, meeting)
    papers(cast, clem, meeting)
    item = PanelItem.objects.get(permission=permission)
    hold(clem, cast, meeting, item, vera)
    actions(cast, item)
    minutes(cast, clem, meeting)
    appeal(cast, meeting)
    own_calendar(cast, kind)
    assert check_chains().is_whole


def set_up(clem: Visitor, cast: Cast) -> PanelKind:
    """The clerk sets up the usual panels, seats the members and plans the meetings."""
    clem.opens("/panel/kinds/").sees("no panels yet").presses("Set up the usual panels").sees(
        "Tripartite joint funding panel"
    )
    kind = PanelKind.objects.get(code="care")
    base = f"/panel/kinds/{kind.pk}/"
    chair = cast.pearl.user_id
    for user_id, part in ((chair, "chair"), (cast.mel.user_id, "member"), (cast.clem.user_id, "clerk")):
        clem.opens(f"{base}add-member/").presses(
            "Add a member", user_id=user_id, part=part, sector="social_care"
        )
    other = cast.mel.user_id
    clem.opens(f"{base}add-member/").presses("Add a member", user_id=other, part="chair", expect=422).sees(
        "needs the role"
    )
    partner = {
        "name": "Hana Fry",
        "organisation": "NHS South West London",
        "part": "partner",
        "sector": "health",
    }
    clem.opens(f"{base}add-member/").presses("Add a member", **partner).sees("Hana Fry", "Partner")
    clem.opens(f"{base}change/").presses(
        "Change how it works", place="Room 3, Bernard Weatherill House"
    ).sees("Room 3")
    until = timezone.localdate() + timedelta(days=40)
    clem.opens(f"{base}plan/").presses("Plan meetings", **day("until", until)).sees(
        "Panel calendar", "Room 3"
    )
    return kind


def build_agenda(clem: Visitor, meeting: PanelMeeting) -> None:
    """What is due by the rules, one by hand, and their order."""
    path = f"/panel/meetings/{meeting.pk}/"
    clem.opens(path).sees("Due by the rules", "Permission sent to the panel: whole cost £208,000.00")
    due = f"permission-{Permission.objects.get().pk}"
    clem.presses("Put on the agenda", keys=due).sees("1. R-", "Presented by Sadia Rahman")
    clem.follows("Add an item").presses(
        "Add an item",
        title="Use of the emergency route",
        asked="Note the figures of the quarter",
        minutes="20",
    )
    clem.opens(path).sees("2. Use of the emergency route").presses("Up").sees("1. Use of the emergency route")
    clem.presses("Down").sees("1. R-")


def papers(cast: Cast, clem: Visitor, meeting: PanelMeeting) -> None:
    """One PDF with everything; members are told; a change asks for new papers."""
    path = f"/panel/meetings/{meeting.pk}/"
    clem.opens(path).presses("Issue the papers").sees("Papers, version 1")
    Visitor(cast.mel).opens("/notices/").sees("Papers for the Care panel")
    mel = Visitor(cast.mel).opens(f"{path}papers/1/")
    pages = PdfReader(io.BytesIO(mel.response.content)).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    for wanted in (
        "Amber Fairweather",
        "Whole cost by year",
        "I want to stay near my friends",
        "Acorn House",
        "£208,000.00",
        "legal status C2: Full care order",
    ):
        assert wanted in words, wanted
    assert "Offers considered Offers" not in words
    assert AuditEntry.objects.filter(is_look=True, actor_name="Mel Carver", child_id=cast.amber.pk).exists()
    item = meeting.items.get(title="Use of the emergency route")
    clem.opens(f"/panel/items/{item.pk}/take-off/").presses("Take off the agenda", reason="Comes in a month")
    clem.opens(path).sees("The agenda has changed since the papers went out").presses(
        "Issue the papers"
    ).sees("version 2")


def hold(clem: Visitor, cast: Cast, meeting: PanelMeeting, item: PanelItem, vera) -> None:
    """The meeting is today: no quorum, quorum, an interest, and at last the decision with conditions."""
    PanelMeeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    path, page = f"/panel/meetings/{meeting.pk}/", f"/panel/items/{item.pk}/"
    clem.opens(path).presses("Open the meeting").sees("Not quorate")
    sits = {row.name.split()[0].lower(): f"member_{row.pk}" for row in meeting.kind.members.all()}
    clem.presses("Note who is there", **{sits["pearl"]: "in_person", sits["mel"]: "online"}).sees(
        "missing 1 more member"
    )
    pearl = Visitor(cast.pearl)
    given = {
        "outcome": "agreed_with_conditions",
        "reasons": "It meets her needs.",
        "conditions": "A school plan first.",
    }
    given |= {"owner_id": cast.sadia.user_id}
    pearl.opens(f"{page}decide/").presses("Record the decision", **given, expect=422).sees("Not quorate")
    clem.opens(path).presses("Note who is there", **{sits["hana"]: "in_person"}).sees("Quorate")
    Visitor(cast.mel).opens(page).follows("Declare an interest").presses(
        "Declare an interest", words="My cousin works there."
    )
    pearl.opens(f"{page}decide/").presses("Record the decision", **given, expect=422).sees("Not quorate")
    clem.opens(f"/panel/kinds/{meeting.kind_id}/add-member/").presses(
        "Add a member", user_id=vera.user_id, part="vice_chair", sector="education"
    )
    vice = meeting.kind.members.get(user_id=vera.user_id)
    clem.opens(path).presses("Note who is there", **{f"member_{vice.pk}": "in_person"}).sees("Quorate")
    pearl.opens(f"{page}decide/").sees("gives permission to place").presses("Record the decision", **given)
    pearl.sees("Agreed with conditions", "A school plan first.")
    assert Permission.objects.get().state == "approved"
    assert Placement.objects.get().state == "planned"


def actions(cast: Cast, item: PanelItem) -> None:
    """The condition is chased until it is done."""
    action = PanelAction.objects.get(item=item)
    sadia = Visitor(cast.sadia).opens("/notices/").sees("You have an action from a panel")
    PanelAction.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert chase_actions(timezone.now()) == 1
    assert chase_actions(timezone.now()) == 0
    sadia.opens("/notices/").sees("Overdue, by")
    Visitor(cast.clem).opens("/panel/").sees("A school plan first.", "Overdue actions")
    sadia.opens(f"/panel/actions/{action.pk}/").sees("Overdue").follows("Done")
    sadia.presses("Done", words="The plan was agreed with the school.").sees(
        "The plan was agreed with the school."
    )
    with acting_as(cast.simon):
        assert not PanelAction.objects.exists()


def minutes(cast: Cast, clem: Visitor, meeting: PanelMeeting) -> None:
    """Drafted from the record, edited, agreed by the chair, corrected as a new version."""
    path = f"/panel/meetings/{meeting.pk}/"
    page = clem.opens(path).presses("Close the meeting").follows("Minutes")
    page.presses("Save the draft", words_1="Agreed, with a school plan first. Mel Carver left the room.")
    pearl = (
        Visitor(cast.pearl)
        .opens(f"{path}minutes/")
        .presses("Agree the minutes")
        .sees("left the room", "Agreed by Pearl Baptiste")
    )
    first = pearl.opens(f"{path}minutes/1/").response.content
    assert first.startswith(b"%PDF")
    clem.opens(f"{path}minutes/").follows("Correct the minutes").presses(
        "Correct the minutes", reason="A name was wrong"
    )
    clem.presses("Save the draft", words_1="Agreed, with a school plan first.")
    pearl.opens(f"{path}minutes/").presses("Agree the minutes").sees("Version 2 (PDF)", "Version 1 (PDF)")
    assert pearl.opens(f"{path}minutes/1/").response.content == first


def appeal(cast: Cast, meeting: PanelMeeting) -> None:
    """Another item is decided urgently and not agreed: the team manager challenges it, the director hears it."""
    later = PanelMeeting.objects.filter(kind=meeting.kind, state="planned").order_by("starts_at")[0]
    request = Permission.objects.get().choice.request
    clem = Visitor(cast.clem).opens(f"/panel/meetings/{later.pk}/add/")
    clem.presses(
        "Add an item",
        title="More hours of support",
        asked="Ten hours more a week",
        reference=request.reference,
    )
    item = PanelItem.objects.get(title="More hours of support")
    page = f"/panel/items/{item.pk}/"
    Visitor(cast.pearl).opens(f"{page}decide-before/").sees(
        "Urgently: needs the view of one other member; ask one first."
    )
    Visitor(cast.mel).opens(page).follows("Give a view").presses(
        "Give a view", view="agree", words="Enough is in place."
    )
    Visitor(cast.pearl).opens(f"{page}decide-before/").sees("one has given it.").opens(page).follows(
        "Decide before the meeting"
    ).presses(
        "Decide before the meeting",
        manner="urgent",
        outcome="not_agreed",
        reasons="The hours agreed are not used yet.",
    ).sees("Not agreed, to be ratified")
    moses = Visitor(cast.moses).opens(page).sees("may challenge it until").follows("Challenge this decision")
    moses.presses("Send the appeal", grounds="The hours are used; the record was late.")
    Visitor(cast.pearl).opens(page).sees("Asked by Moses").does_not_see("may challenge it until")
    path = re.search(r"/panel/appeals/\d+/", moses.address).group()
    Visitor(cast.pearl).opens(f"{path}uphold/").presses("Uphold", words="No.", expect=422).sees(
        "Nobody hears an appeal"
    )
    Visitor(cast.dev).opens("/panel/").sees("Appeal: More hours of support").follows(
        "Appeal: More hours of support"
    ).follows("Uphold").presses("Uphold", words="The record bears it out.").sees("Upheld")
    moses.opens("/notices/").sees("Appeal upheld: More hours of support")


def own_calendar(cast: Cast, kind: PanelKind) -> None:
    """A private address that names no child, until it is taken back."""
    mel = Visitor(cast.mel).opens("/panel/calendar/").presses("Make an address")
    address = next(url for label, url in mel.page.links.items() if "/panel/feeds/" in label)
    stranger = Client()
    answer = stranger.get(address)
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) > 3
    assert b"Amber" not in answer.content and b"R-0" not in answer.content
    assert stranger.get(address[:-2] + "x/").status_code == 404
    mel.presses("Take the address back")
    assert stranger.get(address).status_code == 404
