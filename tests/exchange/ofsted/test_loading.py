"""Importing the register: by URN, with history, closing what has gone, and changing nothing the second time."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rightplace.exchange.ofsted.loading import import_ofsted
from rightplace.exchange.ofsted.packaged import PACKAGED
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.register.providers.models import Condition, Setting, SettingChange

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "data" / "ofsted"
NOW = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
HEADER = (
    "URN,Provision type,Registration status,Name,Postcode,Local authority,Parliamentary constituency,Places,"
    "Organisation which owns the provider,Overall effectiveness\n"
)
OAK = "1234567,Children's home,Active,REDACTED,REDACTED,Lewisham,Lewisham East,4,Oak Care Ltd,Good\n"
ELM = "1234568,Children's home,Active,REDACTED,REDACTED,Croydon,Croydon South,3,Elm Care Ltd,Good\n"
LIST_HEADER = "URN,Provider type,Registration status,Setting name,Setting address line 1,Setting address postcode,Conditions\n"


def imported(rows="", *, year=2024, path=None, header=HEADER, **more):
    """The report of an import that must succeed."""
    day = {"as_at": date(year, 3, 31)} if year else {}
    source = {"path": path} if path else {"content": (header + rows).encode(), "file_name": "list.csv"}
    return import_ofsted(by=system_actor(), now=NOW, **{**source, **day, **more}).done()


def changes(urn="1234567"):
    """What was kept of a setting's history: fact, before, after."""
    return list(
        SettingChange.objects.filter(setting__urn=urn).order_by("id").values_list("fact", "before", "after")
    )


def test_the_real_register_is_imported_whole_and_a_second_time_changes_nothing():
    first = imported(path=PACKAGED, year=None)
    before = list(Setting.objects.order_by("id").values())

    second = imported(path=PACKAGED, year=None)

    assert (first.rows_read, first.added, first.changed, first.closed) == (5600, 5600, 0, 0)
    assert (second.added, second.changed, second.closed, second.unchanged) == (0, 0, 0, 5600)
    assert list(Setting.objects.order_by("id").values()) == before
    assert not SettingChange.objects.exists()
    assert Setting.objects.filter(kind="residential", region="London").count() == 250


def test_one_import_is_one_run_and_one_entry_in_the_trail():
    report = imported(OAK)

    run = ImportRun.objects.get()
    entry = AuditEntry.objects.get()
    assert (report.run_id, run.kind, run.added, run.as_at) == (run.pk, "ofsted", 1, date(2024, 3, 31))
    assert (entry.verb, entry.subject_id) == ("import_ofsted", run.pk)
    assert entry.words == "Imported the register from list.csv: 1 rows, 1 added, 0 changed, 0 closed."


def test_a_withheld_home_gets_a_name_that_says_what_and_where_it_is():
    imported(OAK)

    home = Setting.objects.get()
    assert home.name == "Children's home in Lewisham East (1234567)"
    assert home.is_name_withheld
    assert (home.located_by, home.grade, home.status, home.places) == (
        "constituency centre",
        "good",
        "active",
        4,
    )
    assert home.provider.name == "Oak Care Ltd"


def test_a_later_file_updates_and_keeps_the_history_of_grade_places_status_and_owner():
    imported(OAK)

    later = OAK.replace("Active", "Suspended").replace(",4,Oak Care Ltd,Good", ",5,Big Care plc,Inadequate")
    report = imported(later, year=2025)

    assert report.changed == 1
    assert set(changes()) == {
        ("grade", "good", "inadequate"),
        ("places", "4", "5"),
        ("status", "active", "suspended"),
        ("owner", "Oak Care Ltd", "Big Care plc"),
    }
    assert set(SettingChange.objects.values_list("as_at", "import_run_id")) == {
        (date(2025, 3, 31), report.run_id)
    }
    assert Setting.objects.get().provider.name == "Big Care plc"


def test_limited_and_ltd_are_one_owner():
    imported(OAK)
    imported(OAK.replace("Oak Care Ltd", "OAK CARE LIMITED"), year=2025)

    assert changes() == []
    assert [p.name for p in Provider.objects.all()] == ["Oak Care Ltd"]


def test_what_a_later_full_register_no_longer_lists_is_closed():
    imported(OAK + ELM)

    report = imported(OAK, year=2025, is_full=True)

    elm = Setting.objects.get(urn="1234568")
    assert report.closed == 1
    assert (elm.status, elm.closed_on) == ("ended", date(2025, 3, 31))
    assert changes("1234568") == [("status", "active", "ended")]


def test_a_part_of_the_register_closes_nothing_and_says_so():
    imported(OAK + ELM)

    report = imported(OAK, year=2025)

    assert report.closed == 0
    assert any("Nothing was closed" in note for note in report.notes)


def test_a_register_closes_only_the_kinds_of_provision_that_it_lists():
    imported(OAK + ELM.replace("Children's home", "Local Authority Fostering Agency"))

    assert imported(OAK, year=2025, is_full=True).closed == 0


def test_a_closed_home_that_is_listed_again_is_open_again():
    imported(OAK + ELM)
    imported(OAK, year=2025, is_full=True)

    imported(OAK + ELM, year=2026)

    elm = Setting.objects.get(urn="1234568")
    assert (elm.status, elm.closed_on) == ("active", None)


def test_an_earlier_file_does_not_undo_a_later_one():
    imported(OAK, year=2025)

    report = imported(OAK.replace(",4,", ",9,"), year=2024)

    assert Setting.objects.get().places == 4
    assert report.notes[1] == "1 rows are older than what is held and were left alone."


def test_what_a_file_leaves_blank_stays_as_it_was():
    imported(OAK)
    imported(OAK.replace(",4,Oak Care Ltd,Good", ",,,"), year=2025)

    home = Setting.objects.get()
    assert (home.places, home.grade, home.provider.name) == (4, "good", "Oak Care Ltd")


def test_a_councils_own_list_fills_in_name_address_and_place_and_a_register_does_not_take_them_away():
    imported(OAK)

    row = "1234567,Children's home,Active,Oak House,1 Oak Road,SE13 5AB,No child under 10\n"
    imported(row, header=LIST_HEADER, year=None)
    imported(OAK, year=2025)

    home = Setting.objects.get()
    assert (home.name, home.is_name_withheld, home.address) == ("Oak House", False, "1 Oak Road")
    assert (home.postcode, home.located_by) == ("SE13 5AB", "sector")
    assert [c.words for c in Condition.objects.all()] == ["No child under 10"]


def test_the_same_councils_list_again_changes_nothing():
    row = "1234567,Children's home,Active,Oak House,1 Oak Road,SE13 5AB,No child under 10\n"
    imported(OAK)
    imported(row, header=LIST_HEADER, year=None)

    report = imported(row, header=LIST_HEADER, year=None)

    assert (report.added, report.changed) == (0, 0)
    assert Condition.objects.count() == 1


def test_eleven_years_give_the_history_of_each_setting():
    report = imported(path=DATA / "providers_2015_2025_london.csv.gz", year=None)

    home = SettingChange.objects.filter(fact="grade").order_by("setting_id", "as_at").first()
    assert report.rows_read == 2816
    assert Setting.objects.filter(as_at=date(2025, 3, 31), status__in=["active", "suspended"]).count() == 515
    assert Setting.objects.filter(status="ended").exists()
    assert home is not None
    assert home.before != home.after


def test_leavers_close_what_is_held_and_joiners_are_added():
    imported(path=DATA / "providers_2015_2025_london.csv.gz", year=None)
    held = Setting.objects.count()

    report = imported(path=DATA / "joiners_leavers_2023.csv.gz", year=None)

    assert report.kind == "the joiners and leavers"
    assert Setting.objects.count() > held
    assert any("older than what is held" in note for note in report.notes)


def test_a_list_of_closures_ends_only_what_is_held_and_still_open():
    imported(OAK.replace("1234567", "SC035383"), year=2014)

    report = imported(path=DATA / "closed_providers.csv.gz", year=None)

    home = Setting.objects.get()
    assert report.closed == 1
    assert (home.status, home.closed_on) == ("ended", date(2015, 6, 29))


def test_only_some_regions_can_be_taken_in():
    report = imported(path=PACKAGED, year=None, regions=["London", "South East"])

    assert report.added == Setting.objects.count() == 515 + 680
    assert set(Setting.objects.values_list("region", flat=True)) == {"London", "South East"}


def test_what_stands_in_no_region_yet_is_found_by_its_urn_all_the_same():
    imported("1234567,Children's home,Active,Oak House,1 Oak Road,SE13 5AB,\n", header=LIST_HEADER, year=None)
    with_region = HEADER.replace("Local authority", "Region"), OAK.replace(",Lewisham,", ",London,")

    report = imported(with_region[1], header=with_region[0], regions=["London"])

    assert (report.added, report.changed) == (0, 1)
    assert Setting.objects.get().region == "London"


def test_a_register_of_one_region_closes_nothing_in_another():
    header = HEADER.replace("Local authority", "Region")
    oak, elm = OAK.replace(",Lewisham,", ",London,"), ELM.replace(",Croydon,", ",South East,")
    imported(oak + elm, header=header)

    report = imported(oak, header=header, regions=["London"], year=2025, is_full=True)

    assert report.closed == 0


def test_a_commissioner_imports_within_the_scope_of_the_authority():
    croydon = Authority.objects.create(name="Croydon", gss_code="E09000008")
    cora = Actor(user_id=None, name="Cora", role=roles.COMMISSIONER, authority_id=croydon.pk)

    with acting_as(cora):
        for _ in range(2):
            content = (HEADER + OAK).encode()
            import_ofsted(
                by=cora, now=NOW, content=content, as_at=date(2024, 3, 31), file_name="a.csv"
            ).done()

    assert Setting.objects.count() == 1
    assert set(ImportRun.objects.values_list("authority_id", flat=True)) == {croydon.pk}


def test_a_role_that_may_not_is_refused_before_anything_is_read():
    provider = Actor(user_id=None, name="P", role=roles.PROVIDER, provider_id=1)

    outcome = import_ofsted(by=provider, now=NOW, content=b"nonsense")

    assert [p.code for p in outcome.problems] == ["not_yours"]
    assert not ImportRun.objects.exists()


def test_a_file_that_is_no_list_is_refused_and_leaves_nothing():
    outcome = import_ofsted(by=system_actor(), now=NOW, content=b"a,b\n1,2\n")

    assert [p.code for p in outcome.problems] == ["no_header"]
    assert not ImportRun.objects.exists()
