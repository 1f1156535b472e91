"""A recorded night taken in: who there is, statuses, workers, reviews; differences with owners; faults planted."""

from datetime import date, timedelta

import pytest

from rightplace.exchange.case_recording import deciding
from rightplace.exchange.case_recording.giving import give_extract
from rightplace.exchange.case_recording.models import CaseDifference, CaseIdentity
from rightplace.exchange.case_recording.nightly import exchange_all
from rightplace.exchange.case_recording.taking import take_extract
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.safeguards import restricting
from rightplace.register.children.models import Child, LegalStatus
from tests.cast import NOW, Cast, make_cast
from tests.exchange.case_recording.sample import files, night

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def take(cast, given=None, *, now=NOW, **more):
    """Tonight's extract."""
    return take_extract(by=cast.ana, now=now, authority=cast.croydon, files=given or night(cast), **more)


def written():
    """Everything that an exchange may write, but for when it was seen."""
    return (
        list(Child.objects.order_by("pk").values()),
        list(LegalStatus.objects.order_by("pk").values()),
        list(ReturnRow.objects.order_by("pk").values()),
        list(CaseIdentity.objects.order_by("pk").values("person", "child_id", "state", "version")),
        list(CaseDifference.objects.order_by("pk").values("key", "state", "theirs", "version")),
    )


def test_a_night_brings_children_statuses_reviews_and_times_missing(cast):
    report = take(cast).done()
    noor = Child.objects.get(last_name="Rahimi")
    assert (report.added, report.details["linked"]) == (1, 2)
    assert CaseIdentity.objects.get(person="L1").child_id == cast.amber.pk
    assert [one.code for one in noor.legal_statuses.order_by("period")] == ["V2", "C2"]
    assert noor.is_uasc and noor.sex == "M"
    rows = dict(ReturnRow.objects.filter(child=noor, year=2027).values_list("module", "cells"))
    assert rows["Reviews"] == {"DOB": "04/05/2012", "REVIEW": "21/09/2026", "REVIEW_CODE": "PN1"}
    assert (rows["Missing"]["MIS_START"], rows["SWEpisodes"]["SW_ID"]) == ("05/10/2026", "SW001")
    assert AuditEntry.objects.filter(verb="import_case_system").count() == 1


def test_the_same_night_again_changes_nothing(cast):
    take(cast).done()
    before = written()
    report = take(cast, now=LATER).done()
    assert written() == before
    assert (report.added, report.changed, report.details["differences"]) == (0, 0, 0)


def test_a_restricted_child_is_linked_whoever_takes_the_night_in_and_nobody_is_made_twice(cast):
    restricting.restrict_case(
        by=cast.iggy, now=NOW, child_number=cast.amber.local_number, reason="An aunt works in the team.",
        people=[cast.sadia.person_id],
    ).done()  # fmt: skip
    with acting_as(cast.ana):
        assert take(cast).done().added == 1
        assert not CaseIdentity.objects.filter(person="L1").exists(), "the analyst may not open it"
    assert CaseIdentity.objects.get(person="L1").child_id == cast.amber.pk
    before = written()
    with acting_as(cast.ana):
        take(cast, now=LATER).done()
    assert written() == before


def test_a_number_that_a_restricted_child_has_is_given_to_nobody_else(cast):
    take(cast, night(cast, persons="Person ID,Surname,Date of Birth\nL9,Nobody,01/02/2013\n")).done()
    one = CaseIdentity.objects.get(person="L9")
    Child.objects.filter(pk=one.child_id).update(local_number="of another time")
    CaseIdentity.objects.filter(pk=one.pk).update(
        state="doubtful", child=None, stated=one.stated | {"local_number": cast.amber.local_number}
    )
    restricting.restrict_case(
        by=cast.iggy, now=NOW, child_number=cast.amber.local_number, reason="An aunt works in the team.",
        people=[cast.sadia.person_id],
    ).done()  # fmt: skip
    with acting_as(cast.ana):
        linked = deciding.link_person(
            by=cast.ana, now=LATER, identity_id=one.pk, version=one.version
        ).done()
    assert Child.objects.get(pk=linked.child_id).local_number != cast.amber.local_number


def test_an_older_night_after_a_newer_one_is_refused(cast):
    take(cast, as_at=date(2026, 11, 2)).done()
    assert [one.code for one in take(cast, as_at=date(2026, 11, 1)).problems] == ["older"]


def test_differences_have_owners_and_settle_by_themselves(cast):
    take(cast).done()
    found = {one.about: one for one in CaseDifference.objects.all()}
    assert {about: one.owner_role for about, one in found.items()} == {
        "accounts": "access_officer", "placements": "broker",
    }  # fmt: skip
    assert found["placements"].theirs == "U4 SC000001 from 01/09/2026 goes on"
    worker = files(cast)["workers"].replace("nobody@croydon.example.org", _email(cast))
    take(cast, night(cast, workers=worker), now=LATER).done()
    assert Child.objects.get(last_name="Rahimi").social_worker_id == cast.sadia.user_id
    assert CaseDifference.objects.get(about="accounts").state == "gone"


def test_what_is_left_as_it_is_comes_back_when_it_tells_something_else(cast):
    take(cast).done()
    one = CaseDifference.objects.get(about="placements")
    nothing = deciding.leave_difference(
        by=cast.bola, now=NOW, difference_id=one.pk, version=one.version, reason=" "
    )
    assert not nothing.is_done
    deciding.leave_difference(
        by=cast.bola, now=NOW, difference_id=one.pk, version=one.version, reason="Not ours"
    ).done()
    take(cast, now=LATER).done()
    assert CaseDifference.objects.get(pk=one.pk).state == "left"
    moved = files(cast)["episodes"].replace(
        "U4,SC000001\nL3,01/10/2026,,U4", "U4,SC000001\nL3,01/10/2026,,K2"
    )
    take(cast, night(cast, episodes=moved), now=LATER + timedelta(days=1)).done()
    assert CaseDifference.objects.get(pk=one.pk).state == "open"


def test_who_is_unsure_waits_for_a_persons_word_and_nothing_of_theirs_is_taken(cast):
    unsure = files(cast)["persons"].replace(f"L2,,{cast.jude.first_name}", f"L2,,{cast.jude.first_name[:3]}")
    take(cast, night(cast, persons=unsure)).done()
    one = CaseIdentity.objects.get(person="L2")
    assert (one.state, one.candidates) == ("doubtful", [cast.jude.pk])
    linked = deciding.link_person(
        by=cast.ana, now=NOW, identity_id=one.pk, version=one.version, child_id=cast.amber.pk
    )
    assert [problem.code for problem in linked.problems] == ["linked"]
    deciding.link_person(
        by=cast.ana, now=NOW, identity_id=one.pk, version=one.version, child_id=cast.jude.pk
    ).done()
    take(cast, night(cast, persons=unsure), now=LATER).done()
    assert CaseIdentity.objects.get(person="L2").child_id == cast.jude.pk
    assert Child.objects.count() == 5


BAD = {
    "born tomorrow": ("persons", "04/05/2012", "03/11/2026", "Date of birth"),
    "a number twice": ("persons", "L3,,", "L1,,", "Number in the case system"),
    "no such day": ("persons", "04/05/2012", "31/02/2012", "Date of birth"),
    "an unknown status": ("statuses", "C2 Full", "ZZ Full", "Legal status"),
    "ends before it begins": ("statuses", "01/09/2026,01/10/2026", "01/10/2026,01/09/2026", "Until"),
    "statuses that overlap": ("statuses", "01/10/2026,\n", "30/09/2026,\n", "line 3, From"),
    "placements that overlap": ("episodes", "U4,SC000001\nL3,01/10/2026", "U4,SC000001\nL3,30/09/2026", "line 3, From"),
    "missing twice at once": ("missing", "Missing\n", "Missing\nL3,05/10/2026,05/10/2026,Away\n", "line 3, From"),
    "no e-mail": ("workers", "nobody@croydon.example.org", "nobody", "Worker’s e-mail"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_row_is_told_with_its_line_and_stops_the_night_unless_the_good_are_kept(cast, fault):
    name, before, after, column = BAD[fault]
    given = night(cast, **{name: files(cast)[name].replace(before, after, 1)})
    count = Child.objects.count()
    outcome = take(cast, given)
    assert [one.code for one in outcome.problems] == ["bad_rows", "bad_row"]
    assert f"{name}.csv, line " in outcome.problems[1].sentence and column in outcome.problems[1].sentence
    assert Child.objects.count() == count
    assert take(cast, given, keep_good=True).done().rows_bad == 1


def test_files_of_another_supplier_are_refused_until_their_headings_are_mapped(cast):
    other = files(cast)["reviews"].replace("Review Date", "Mtg Dt").replace("Participation Code", "Part")
    assert take(cast, night(cast, reviews=other)).problems[0].code == "unknown_file"
    mapping = {"Mtg Dt": "on", "Part": "code"}
    assert not deciding.map_headings(by=cast.bola, now=NOW, kind="reviews", mapping=mapping).is_done
    deciding.map_headings(by=cast.ana, now=NOW, kind="reviews", mapping=mapping).done()
    assert take(cast, night(cast, reviews=other)).is_done


def test_a_broken_file_stops_the_night(cast):
    for content in (b"", b"\x00\x01\x02", b"nothing of ours\n1\n"):
        given = [one for one in night(cast) if one.name != "missing.csv"]
        broken = type(given[0])("missing.csv", content)
        assert not take(cast, [*given, broken]).is_done


def test_other_roles_and_authorities_are_refused(cast):
    for by in (cast.bola, cast.fin):
        assert (
            take_extract(by=by, now=NOW, authority=cast.croydon, files=night(cast)).problems[0].code
            == "not_yours"
        )
    assert (
        take_extract(by=cast.ana, now=NOW, authority=cast.sutton, files=night(cast)).problems[0].code
        == "not_yours"
    )


def test_the_nightly_exchange_goes_both_ways_and_tells_of_a_night_that_failed(cast, tmp_path, settings):
    settings.CASE_FOLDER = str(tmp_path)
    assert exchange_all(NOW) == 0
    inbox = tmp_path / cast.croydon.gss_code / "in"
    inbox.mkdir(parents=True)
    for file in night(cast):
        (inbox / file.name).write_bytes(file.content)
    assert exchange_all(NOW) == 1
    out = tmp_path / cast.croydon.gss_code / "out" / "2026-11-02"
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(first) == {"placements.csv", "costs.csv", "outcomes.csv"}
    assert exchange_all(LATER) == 1
    again = {path.name: path.read_bytes() for path in (out.parent / "2026-11-03").iterdir()}
    assert again == first
    (inbox / "persons.csv").write_bytes(b"\x00")
    assert exchange_all(LATER) == 0
    assert Notice.objects.filter(role="analyst", words__startswith="The night’s exchange").count() == 1


def test_only_linked_children_go_out(cast):
    given = give_extract(
        by=system_actor(authority_id=cast.croydon.pk), now=NOW, authority=cast.croydon
    ).done()
    assert [one.content.count(b"\n") for one in given] == [1, 1, 1]


def _email(cast: Cast) -> str:
    from rightplace.foundation.access.models import User

    return User.objects.get(pk=cast.sadia.user_id).email.upper()
