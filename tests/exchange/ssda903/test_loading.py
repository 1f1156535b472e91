"""Importing the statutory return: whole or not at all, year after year, and nothing the second time."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.exchange.ssda903.gathering import LEFT_TO_OTHERS
from rightplace.exchange.ssda903.loading import import_ssda903
from rightplace.exchange.ssda903.reading import GivenFile
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.safeguards import restricting
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import Child, LegalStatus
from rightplace.register.providers.models import Setting

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "data" / "ssda903"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN\n"
AMBER = "101,2,17/12/2008,BCRB,B097131712320\n"
BASIL = "102,1,01/02/2010,WBRI,UN1\n"
COLUMNS = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
FIRST = "101,09/04/2017,S,C1,N1,U4,PR4,,,,SE13 5AB,CR0 2AB,1679094\n"
FIRST_ENDED = "101,09/04/2017,S,C1,N1,U4,PR4,31/10/2018,X1,CARPL,SE13 5AB,CR0 2AB,1679094\n"
SECOND = "101,31/10/2018,P,C2,N1,K2,PR4,,,,SE13 5AB,SM1 1AA,1679095\n"
OF_BASIL = "102,01/05/2017,S,V2,N4,U6,PR1,01/06/2017,E4A,,,,\n"


@pytest.fixture
def croydon():
    """An authority."""
    return Authority.objects.create(name="Croydon", gss_code="E09000008", dfe_code="306")


def outcome(authority, episodes="", header=HEADER + AMBER + BASIL, *, uasc="", by=None, **more):
    """What an import of these rows came to."""
    files = [
        GivenFile("header.csv", header.encode()),
        GivenFile("episodes.csv", (COLUMNS + episodes).encode()),
    ]
    files += [GivenFile("uasc.csv", f"CHILD,SEX,DOB,DUC\n{uasc}".encode())] if uasc else []
    source = {} if more.get("folders") else {"files": files}
    return import_ssda903(by=by or system_actor(), authority=authority, now=NOW, **source, **more)


def imported(*args, **more):
    """The report of an import that must succeed."""
    return outcome(*args, **more).done()


def stays(number="101"):
    """A child's placements: code, first day, end, state."""
    rows = Placement.objects.filter(child__local_number=number).order_by("period")
    return [(p.place_code, p.period.lower, p.period.upper, p.state) for p in rows]


def histories(authority):
    """Each child's placements in an authority, by number."""
    found = {}
    for p in Placement.objects.filter(authority=authority).select_related("child").order_by("period"):
        stay = (p.place_code, p.period.lower, p.period.upper, p.state, p.urn, p.end_reason)
        found.setdefault(p.child.local_number, []).append(stay)
    return found


def everything():
    """All that an import can write, to see that nothing changed."""
    return [list(m.objects.order_by("id").values()) for m in (Child, LegalStatus, Placement)]


def test_a_return_gives_children_legal_statuses_needs_and_placements(croydon):
    report = imported(croydon, FIRST + OF_BASIL, uasc="101,2,17/12/2008,13/12/2026\n")

    amber = Child.objects.get(local_number="101")
    assert (report.rows_read, report.added, report.rows_bad) == (5, 2, 0)
    assert (amber.sex, amber.born_on, amber.ethnicity, amber.need_code) == (
        "F",
        date(2008, 12, 17),
        "BCRB",
        "N1",
    )
    assert (amber.upn, amber.home_postcode) == ("B097131712320", "SE13 5AB")
    assert (amber.is_uasc, amber.uasc_ends_on) == (True, date(2026, 12, 13))
    assert stays() == [("U4", date(2017, 4, 9), None, "started")]
    assert stays("102") == [("U6", date(2017, 5, 1), date(2017, 6, 1), "ended")]
    assert [(s.code, s.period.lower) for s in amber.legal_statuses.all()] == [("C1", date(2017, 4, 9))]


def test_the_distance_is_the_straight_line_between_the_postcodes(croydon):
    imported(croydon, FIRST + OF_BASIL)

    amber, basil = Placement.objects.order_by("child__local_number")
    assert amber.miles == pytest.approx(5.9, abs=1.5)
    assert basil.miles is None


def test_a_placement_is_joined_to_its_setting_by_urn(croydon):
    oak = Provider.objects.create(name="Oak")
    setting = Setting.objects.create(
        provider=oak, urn="1679094", provision_type="Agency", kind="foster", name="Oak", status="active"
    )

    imported(croydon, FIRST)

    placement = Placement.objects.get()
    assert (placement.setting, placement.provider, placement.urn) == (setting, oak, "1679094")


def test_one_import_is_one_run_and_one_entry_in_the_trail_without_a_childs_name(croydon):
    report = imported(croydon, FIRST)

    run, entry = ImportRun.objects.get(), AuditEntry.objects.get()
    assert (run.pk, run.kind, run.as_at, run.authority) == (
        report.run_id,
        "ssda903",
        date(2018, 3, 31),
        croydon,
    )
    assert entry.verb == "import_ssda903"
    assert entry.words == "Imported the statutory return from files: 3 rows, 2 added, 0 changed, 0 closed."


def test_the_same_return_again_changes_nothing(croydon):
    imported(croydon, FIRST_ENDED + SECOND + OF_BASIL)
    before = everything()

    report = imported(croydon, FIRST_ENDED + SECOND + OF_BASIL)

    assert everything() == before
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)


def test_a_later_year_updates_the_episode_of_the_earlier(croydon):
    imported(croydon, FIRST + OF_BASIL)
    placement = Placement.objects.get(child__local_number="101")

    report = imported(croydon, FIRST_ENDED + SECOND, header=HEADER + AMBER)

    assert report.details["placements_changed"] == 1
    assert stays() == [
        ("U4", date(2017, 4, 9), date(2018, 10, 31), "ended"),
        ("K2", date(2018, 10, 31), None, "started"),
    ]
    assert Placement.objects.filter(pk=placement.pk, change_reason="CARPL").exists()
    assert stays("102") == [("U6", date(2017, 5, 1), date(2017, 6, 1), "ended")]


def test_an_earlier_year_after_a_later_one_adds_what_was_before_and_undoes_nothing(croydon):
    imported(croydon, FIRST_ENDED + SECOND, header=HEADER + AMBER)

    imported(croydon, FIRST + OF_BASIL)

    assert stays()[0] == ("U4", date(2017, 4, 9), date(2018, 10, 31), "ended")
    assert stays("102") == [("U6", date(2017, 5, 1), date(2017, 6, 1), "ended")]


def test_a_change_of_legal_status_alone_gives_two_statuses_and_one_placement(croydon):
    ended = FIRST.replace(",,,,SE13", ",01/08/2017,X1,,SE13")
    goes_on = "101,01/08/2017,L,E1,N1,U4,PR4,,,,SE13 5AB,CR0 2AB,1679094\n"

    imported(croydon, ended + goes_on, header=HEADER + AMBER)

    assert stays() == [("U4", date(2017, 4, 9), None, "started")]
    assert list(LegalStatus.objects.order_by("period").values_list("code", flat=True)) == ["C1", "E1"]


def test_bad_rows_stop_the_import_and_are_all_listed(croydon):
    bad = FIRST.replace("09/04/2017", "31/02/2017") + OF_BASIL.replace("V2", "V9")

    result = outcome(croydon, bad)

    assert [p.code for p in result.problems] == ["bad_rows"]
    assert result.problems[0].sentence == "2 rows cannot be taken in. Nothing was imported."
    assert result.value is not None
    assert [(f.line, f.column) for f in result.value.findings] == [(2, "DECOM"), (3, "LS")]
    assert not Child.objects.exists()
    assert not ImportRun.objects.exists()
    assert not AuditEntry.objects.exists()


def test_told_to_keep_the_good_a_child_with_a_bad_row_is_left_out_whole(croydon):
    report = imported(croydon, FIRST_ENDED + SECOND.replace("K2", "X9") + OF_BASIL, keep_good=True)

    assert list(Child.objects.values_list("local_number", flat=True)) == ["102"]
    assert stays("102")
    assert (report.added, report.rows_bad, report.details["children_kept_out"]) == (1, 1, 1)


def test_placements_that_overlap_are_a_bad_row_and_no_database_error(croydon):
    result = outcome(croydon, FIRST + SECOND)

    assert result.value is not None
    assert [(f.line, f.column) for f in result.value.findings] == [(3, "DECOM")]
    assert "two placements" in result.value.findings[0].reason


def test_a_placement_made_in_the_product_is_never_changed_by_a_return(croydon):
    imported(croydon, FIRST, header=HEADER + AMBER)
    Placement.objects.update(source="journey", place_code="U5")

    result = outcome(croydon, FIRST_ENDED + SECOND, header=HEADER + AMBER)

    assert result.value is not None
    assert "held already" in result.value.findings[0].reason
    assert stays() == [("U5", date(2017, 4, 9), None, "started")]


def test_a_placement_ended_in_the_product_is_not_opened_again_by_the_return_before(croydon):
    imported(croydon, FIRST, header=HEADER + AMBER)
    Placement.objects.update(
        period=DateRange(date(2017, 4, 9), date(2026, 6, 1)), state="ended", end_reason="E4A"
    )

    imported(croydon, FIRST, header=HEADER + AMBER)

    assert stays() == [("U4", date(2017, 4, 9), date(2026, 6, 1), "ended")]


def test_what_a_return_leaves_blank_stays_as_it_was(croydon):
    imported(croydon, FIRST)

    imported(croydon, FIRST.replace("SE13 5AB", ""), header=HEADER + AMBER.replace("B097131712320", "UN1"))

    amber = Child.objects.get(local_number="101")
    assert (amber.upn, amber.home_postcode) == ("B097131712320", "SE13 5AB")


def test_five_years_in_a_row_are_taken_in_but_for_the_children_with_overlapping_rows(croydon):
    refused = outcome(croydon, folders=[DATA])
    report = imported(croydon, folders=[DATA], keep_good=True)

    assert [p.code for p in refused.problems] == ["bad_rows"]
    assert {f.column for f in report.findings if f.is_bad} == {"DECOM"}
    assert report.details["children_kept_out"] == 25
    assert report.added == Child.objects.count() == 795
    assert ImportRun.objects.count() == 5
    assert AuditEntry.objects.count() == 1
    assert Placement.objects.filter(state="ended").count() > 1400


def test_five_years_again_change_nothing(croydon):
    imported(croydon, folders=[DATA], keep_good=True)
    before = everything()

    report = imported(croydon, folders=[DATA], keep_good=True)

    assert everything() == before
    assert (report.added, report.changed) == (0, 0)


def test_five_years_one_by_one_give_the_same_as_all_at_once(croydon):
    sutton = Authority.objects.create(name="Sutton", gss_code="E09000029")
    imported(croydon, folders=[DATA], keep_good=True)
    for year in range(2017, 2022):
        imported(sutton, folders=[DATA / str(year)], keep_good=True)

    # A child with a bad row in one year is left out of that year only when the years come one by one.
    at_once = histories(croydon)
    one_by_one = histories(sutton)
    assert len(at_once) > 600
    assert all(one_by_one[number] == stays for number, stays in at_once.items())


def test_an_analyst_imports_within_the_scope_of_the_authority_only(croydon):
    ana = Actor(user_id=None, name="Ana", role=roles.ANALYST, authority_id=croydon.pk)

    with acting_as(ana):
        imported(croydon, FIRST, by=ana)
        imported(croydon, FIRST, by=ana)

    assert Child.objects.count() == 2


@pytest.mark.parametrize("role", [roles.SOCIAL_WORKER, roles.BROKER, roles.PROVIDER])
def test_other_roles_are_refused(croydon, role):
    somebody = Actor(user_id=None, name="S", role=role, authority_id=croydon.pk)

    assert [p.code for p in outcome(croydon, FIRST, by=somebody).problems] == ["not_yours"]


def test_an_analyst_of_another_authority_is_refused(croydon):
    stranger = Actor(user_id=None, name="S", role=roles.ANALYST, authority_id=croydon.pk + 1)

    assert [p.code for p in outcome(croydon, FIRST, by=stranger).problems] == ["not_yours"]


def test_rows_of_a_restricted_child_are_left_to_whoever_is_named_and_the_good_ones_kept_on_request(cast):
    child = cast.amber
    rows = {"episodes": SECOND.replace("101", child.local_number) + OF_BASIL}
    header = HEADER + AMBER.replace("101", child.local_number) + BASIL
    restricting.restrict_case(
        by=cast.iggy, now=NOW, child_number=child.local_number, reason="An aunt works in the team.",
        people=[cast.sadia.person_id],
    ).done()  # fmt: skip
    before = stays(child.local_number)
    with acting_as(cast.ana):
        refused = outcome(cast.croydon, **rows, header=header, by=cast.ana)
        assert [one.code for one in refused.problems] == ["bad_rows"]
        assert {(one.line, one.value, one.reason) for one in refused.value.findings if one.is_bad} == {
            (2, child.local_number, LEFT_TO_OTHERS)
        }
        report = imported(cast.croydon, **rows, header=header, by=cast.ana, keep_good=True)
    assert report.added == 1
    assert stays(child.local_number) == before
    assert stays("102") != []
