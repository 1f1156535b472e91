"""Visits beside the story: own households in the one plan, files that show what was seen, read by whom the visit is."""

from __future__ import annotations

from datetime import date, timedelta

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.files.taking import TakenFile, take_file
from rightplace.register.visits import actions, queries
from rightplace.register.visits.actions import ActionGiven, FindingGiven, Written
from rightplace.register.visits.models import Visit
from rightplace.register.visits.queries import Placed, visit_plan
from tests import files
from tests.cast import NOW, TODAY, Cast

DAY = timedelta(days=1)


def taken(name: str = "rota.pdf", content: bytes = files.PDF) -> TakenFile:
    found = take_file(name, content)
    assert isinstance(found, TakenFile)
    return found


def planned(cast: Cast, **place: int) -> Visit:
    return actions.plan_visit(
        by=cast.cora, now=NOW, kind="announced", why="Due", planned_on=TODAY, **place
    ).done()


def written(cast: Cast, visit: Visit, due_on: date = TODAY + 14 * DAY) -> Visit:
    given = Written(
        TODAY, "actions", "Well kept.", (FindingGiven("safety", 3),),
        (ActionGiven("Mend the stairs", "provider", "The manager", due_on),),
    )  # fmt: skip
    return actions.write_visit(
        by=cast.cora, now=NOW, visit_id=visit.pk, version=visit.version, written=given
    ).done()


def test_own_households_stand_in_the_plan_beside_bought_homes_by_the_same_rule(cast: Cast) -> None:
    since = TODAY - 100 * DAY
    places = {cast.acorn_house.pk: Placed(2, since)}
    own = {cast.adams.pk: Placed(1, since)}
    with acting_as(cast.cora):
        rows = {one.name: one for one in visit_plan(cast.cora, places, TODAY, own)}
    home, household = rows[cast.acorn_house.name], rows[cast.adams.reference]
    assert household.route == "Own" and household.setting_id is None
    assert household.due == home.due and household.due.why.startswith(
        "a child was placed there for the first time"
    )
    written(cast, planned(cast, household_id=cast.adams.pk), due_on=TODAY)
    with acting_as(cast.cora):
        later = {one.name: one for one in visit_plan(cast.cora, {}, TODAY + DAY, {})}
    assert later[cast.adams.reference].due.reasons[0][0] == "actions_late"
    with acting_as(cast.brenda):
        assert visit_plan(cast.brenda, {}, TODAY, own) == []


def test_files_of_a_visit_are_read_by_its_authority_and_once_written_up_by_the_home(cast: Cast) -> None:
    visit = planned(cast, setting_id=cast.acorn_house.pk)
    given = {"visit_id": visit.pk, "taken": taken(), "words": "Rota of October"}
    assert actions.add_visit_file(by=cast.brenda, now=NOW, **given).problems
    with acting_as(cast.cora):
        kept = actions.add_visit_file(by=cast.cora, now=NOW, **given).done()
    with acting_as(cast.priya):
        assert queries.visit_file(cast.priya, kept.pk) is None
    visit = written(cast, visit)
    action = visit.actions.get()
    with acting_as(cast.priya):
        shown = {"evidence": "Mended.", "taken": taken("stairs.png", files.PNG)}
        actions.report_action(
            by=cast.priya, now=NOW, action_id=action.pk, version=action.version, **shown
        ).done()
        assert [(one.words, one.action_id) for one in queries.files_of(cast.priya, visit.pk)] == [
            ("Rota of October", None), ("stairs.png", action.pk),
        ]  # fmt: skip
        assert queries.visit_file(cast.priya, kept.pk) is not None
    for stranger in (cast.quinn, cast.brenda):
        with acting_as(stranger):
            assert queries.files_of(stranger, visit.pk) == []
            assert queries.visit_file(stranger, kept.pk) is None
    actions.share_visit(by=cast.cora, now=NOW, visit_id=visit.pk, version=visit.version).done()
    with acting_as(cast.brenda):
        assert len(queries.files_of(cast.brenda, visit.pk)) == 2
