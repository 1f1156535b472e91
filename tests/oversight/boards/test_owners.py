"""Owners of milestones, actions and risks: people with accounts are chosen, reminded when late, and find what is theirs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rightplace.foundation.access.models import Membership
from rightplace.foundation.notices.models import Notice, OutgoingEmail
from rightplace.oversight.boards.actions import (
    ask_action,
    change_meeting,
    name_risk,
    plan_meeting,
    weigh_risk,
)
from rightplace.oversight.boards.models import BoardAction, Meeting, Risk
from rightplace.oversight.boards.reminding import remind_owners
from rightplace.oversight.owners import NOBODY, NOT_OURS, Owner, owner_among, people
from rightplace.oversight.savings.actions import MilestoneGiven, ProjectGiven, reach_milestone, save_projects
from rightplace.oversight.savings.keeping import add_milestone
from rightplace.oversight.savings.models import Milestone, Project
from tests.cast import NOW, TODAY, Cast
from tests.visit import send, signed_in

pytestmark = pytest.mark.django_db


def after(days: int) -> datetime:
    return NOW + timedelta(days=days)


def planned(cast: Cast, *milestones: MilestoneGiven, owner: str = "Head of placements") -> Project:
    one = ProjectGiven("CS-1", "Home sooner", owner, TODAY - timedelta(days=90), milestones=milestones)
    return save_projects(by=cast.fin, now=NOW, projects=[one]).done()[0]


@pytest.mark.parametrize(
    ("name", "chosen", "found"),
    [
        ("", 7, Owner("Ada Bell", 7)),
        ("Head of placements", 7, Owner("Ada Bell", 7)),
        ("", 99, NOT_OURS),
        (" ", None, NOBODY),
        ("Head of placements", None, Owner("Head of placements")),
        (" Ada Bell ", None, Owner("Ada Bell", 7)),
        ("Sam Hill", None, Owner("Sam Hill")),
    ],
)
def test_a_name_that_one_person_bears_is_their_account_and_one_that_two_bear_is_nobodys(
    name: str, chosen: int | None, found: object
) -> None:
    assert owner_among({7: "Ada Bell", 8: "Sam Hill", 9: "Sam Hill"}, name, chosen) == found


def test_people_are_the_authoritys_own_who_still_work_there(cast: Cast) -> None:
    known = people(cast.croydon.pk, TODAY)
    assert known[cast.cora.user_id] == "Cora Bell" and list(known.values()) == sorted(known.values())
    assert cast.brenda.user_id not in known, "another authority's"
    Membership.objects.filter(user_id=cast.cora.user_id).update(ends_on=TODAY)
    assert cast.cora.user_id not in people(cast.croydon.pk, TODAY)


def test_a_plan_that_names_somebody_with_an_account_makes_the_milestone_theirs(cast: Cast) -> None:
    row = planned(
        cast, MilestoneGiven("Ten plans", TODAY, "Cora Bell"), MilestoneGiven("Twenty plans", TODAY)
    )
    assert [(one.owner, one.owned_by_id) for one in row.milestones.all()] == [
        ("Cora Bell", cast.cora.user_id),
        ("Head of placements", None),
    ]
    who = {"by": cast.fin, "now": NOW, "project_id": row.pk, "words": "Thirty plans", "due_on": TODAY}
    assert add_milestone(**who, owner_id=cast.brenda.user_id).problems == (NOT_OURS,)
    assert add_milestone(**who, owner_id=cast.dev.user_id).done().owner == "Dev Anand"


def test_a_milestone_is_put_off_and_given_to_somebody_with_an_account(cast: Cast) -> None:
    project = planned(cast, MilestoneGiven("Ten plans", TODAY))
    row, later = project.milestones.get(), TODAY + timedelta(days=30)
    client, here = signed_in(cast.fin), f"/finance/savings/project-milestones/{row.pk}/"
    assert here in client.get(f"/finance/savings/projects/{project.pk}/").content.decode()
    due = {f"due_on_{part}": getattr(later, part) for part in ("day", "month", "year")}
    entries = {
        "words": "Ten plans agreed",
        "owner_id": cast.cora.user_id,
        "owner": "Head of placements",
        **due,
    }
    assert send(client, here, version="1", **{**entries, "due_on_year": "2001"}).status_code == 422
    assert send(client, here, version="1", **entries).status_code == 303
    assert send(client, here, version="1", **entries).status_code == 409, "somebody else has changed it"
    row.refresh_from_db()
    assert (row.words, row.due_on, row.owner, row.owned_by_id) == (
        "Ten plans agreed",
        later,
        "Cora Bell",
        cast.cora.user_id,
    )
    reach_milestone(by=cast.fin, now=NOW, milestone_id=row.pk, version=2).done()
    assert send(client, here, version="3", **entries).status_code == 409, "what is reached stays as it was"
    assert signed_in(cast.brenda).get(here).status_code == 403


def test_an_owner_is_reminded_of_a_late_milestone_once_in_two_weeks_until_it_is_reached(cast: Cast) -> None:
    planned(cast, MilestoneGiven("Ten plans", TODAY, "Cora Bell"), MilestoneGiven("Twenty plans", TODAY))
    row = Milestone.objects.get(owned_by_id=cast.cora.user_id)
    assert [remind_owners(after(days)) for days in (0, 1, 2, 14, 15)] == [0, 1, 0, 0, 1]
    told = Notice.objects.filter(user_id=cast.cora.user_id)
    words = f"Yours was due on {TODAY:%-d %B %Y}: “Ten plans”"
    assert [(one.words, one.link) for one in told] == [(words, "/finance/savings/?owner=mine")] * 2
    reach_milestone(by=cast.fin, now=after(15), milestone_id=row.pk, version=row.version).done()
    assert remind_owners(after(60)) == 0


def test_what_is_late_of_one_owner_is_one_notice_and_a_risk_is_late_when_nobody_weighed_it_for_a_quarter(
    cast: Cast,
) -> None:
    who = {"by": cast.fin, "now": NOW, "owner_id": cast.cora.user_id}
    ask_action(**who, words="Say which contracts end", due_on=TODAY).done()
    risk = name_risk(**who, words="Too few carers", likelihood=3, impact=3).done()
    assert remind_owners(after(90)) == 1 and remind_owners(after(91)) == 1
    told = Notice.objects.filter(user_id=cast.cora.user_id).order_by("pk")
    assert [one.words.partition(":")[0] for one in told] == [
        f"Yours was due on {TODAY:%-d %B %Y}",
        f"Weigh your risk again, last done on {TODAY:%-d %B %Y}",
    ]
    assert remind_owners(after(106)) == 1
    last = told.last()
    assert last is not None and last.link == "/finance/board/?owner=mine"
    assert (
        last.words == "2 milestones, actions or risks of yours are late. The first: “Say which contracts end”"
    )
    assert (
        OutgoingEmail.objects.exists() and not OutgoingEmail.objects.filter(body__contains="carers").exists()
    )
    again = {"risk_id": risk.pk, "version": risk.version, "likelihood": 2, "impact": 3}
    weigh_risk(by=cast.fin, now=after(106), **again, owner="Head of fostering").done()
    risk.refresh_from_db()
    assert (risk.owner, risk.owned_by_id, risk.weighed_on) == ("Head of fostering", None, after(106).date())


def test_an_owner_whose_role_opens_no_plan_is_led_to_the_notice_itself(cast: Cast) -> None:
    ask_action(
        by=cast.fin, now=NOW, words="Say which contracts end", due_on=TODAY, owner_id=cast.bola.user_id
    ).done()
    assert remind_owners(after(1)) == 1
    assert Notice.objects.get(user_id=cast.bola.user_id).link == "/notices/"


def test_an_owner_is_chosen_on_the_page_and_finds_what_is_theirs(cast: Cast) -> None:
    client, cora = signed_in(cast.fin), cast.cora.user_id
    entries = {"words": "Too few carers", "likelihood": "3", "impact": "4", "response": ""}
    nobody = send(client, "/finance/board/risk/", **entries, owner_id="", owner="")
    assert nobody.status_code == 422 and "who has no account" in nobody.content.decode()
    assert send(client, "/finance/board/risk/", **entries, owner_id="999999", owner="").status_code == 422
    send(client, "/finance/board/risk/", **entries, owner_id=cora, owner="")
    send(
        client,
        "/finance/board/risk/",
        **{**entries, "words": "Fewer go home"},
        owner_id="",
        owner="A partner",
    )
    due = {"due_on_day": "1", "due_on_month": "3", "due_on_year": "2027"}
    send(
        client, "/finance/board/action/", words="Ask two homes", owner_id=cora, owner="", meeting_id="", **due
    )
    assert (Risk.objects.get(words="Too few carers").owned_by_id, BoardAction.objects.get().owner) == (
        cora,
        "Cora Bell",
    )
    planned(cast, MilestoneGiven("Ten plans", TODAY, "Cora Bell"), MilestoneGiven("Twenty plans", TODAY))
    hers = signed_in(cast.cora)
    board, plan = (f"/finance/{name}/" for name in ("board", "savings"))
    everybodys, mine = (hers.get(board + asked).content.decode() for asked in ("", "?owner=mine"))
    assert "Fewer go home" in everybodys and "Only mine" in everybodys
    assert (
        "Fewer go home" not in mine
        and "Too few carers" in mine
        and "Ask two homes" in mine
        and "Everybody’s" in mine
    )
    everybodys, mine = (hers.get(plan + asked).content.decode() for asked in ("", "?owner=mine"))
    assert (
        "Twenty plans" in everybodys and "Twenty plans" not in mine and "Ten plans" in mine and "CS-1" in mine
    )


def test_a_meeting_is_moved_and_asked_something_else(cast: Cast) -> None:
    who, on = {"by": cast.fin, "now": NOW}, TODAY + timedelta(days=30)
    row = plan_meeting(**who, name="Improvement board", on=on, papers_on=TODAY).done()
    plan_meeting(**who, name="Improvement board", on=on + timedelta(days=30), papers_on=TODAY).done()
    given = {"meeting_id": row.pk, "version": 1, "name": row.name, "decisions_asked": "Agree the plan."}
    taken = change_meeting(**who, **given, on=on + timedelta(days=30), papers_on=on + timedelta(days=31))
    assert {one.code for one in taken.problems} == {"papers_late", "taken"}
    client, later = signed_in(cast.fin), on + timedelta(days=1)
    parts = {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("on", later), ("papers_on", on))
        for part in ("day", "month", "year")
    }
    here = f"/finance/board/meetings/{row.pk}/"
    entries = {"name": row.name, "decisions_asked": "Agree the plan.", **parts}
    assert send(client, here, version="1", **entries).status_code == 303
    assert send(client, here, version="1", **entries).status_code == 409, "somebody else has changed it"
    row = Meeting.objects.get(pk=row.pk)
    assert (row.on, row.papers_on, row.decisions_asked) == (later, on, "Agree the plan.")
    asked = ask_action(
        **who, words="Write it", due_on=date(2027, 1, 1), owner="Cora", meeting_id=row.pk
    ).done()
    assert str(asked.meeting) in client.get("/finance/board/").content.decode()
