"""The whole return through the books: taken in once, derived again, the same to the letter; held, given and kept apart."""

from datetime import UTC, datetime

import pytest

from rightplace.exchange.ssda903.exporting import make_return
from rightplace.exchange.ssda903.giving import give_return
from rightplace.exchange.ssda903.holding import hold_modules
from rightplace.exchange.ssda903.loading import import_ssda903
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.exchange.ssda903.reading import GivenFile
from rightplace.exchange.ssda903.writing import return_files
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.organisations.models import Authority

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 5, 2, 9, 0, tzinfo=UTC)
RETURN = {
    "header": """CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
101,F,17/12/2008,BCRB,B097131712320,1,03/02/2025
102,M,01/02/2022,WBRI,UN1,,
""",
    "episodes": """CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
101,09/04/2024,S,V2,N1,U4,PR4,01/07/2024,X1,,SE13 5AB,CR0 2AB,1679094
101,01/07/2024,L,C2,N1,U4,PR4,31/10/2024,X1,CARPL,SE13 5AB,CR0 2AB,1679094
101,31/10/2024,P,C2,N1,K2,PR4,,,,SE13 5AB,SM1 1AA,1679095
102,01/05/2024,S,V2,N4,U6,PR4,01/06/2024,E4A,,SE13 5AB,CR0 2AB,1679094
""",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE\n101,17/12/2008,01/05/2024,PN1\n",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END\n101,17/12/2008,M,01/06/2024,02/06/2024\n",
    "prev_perm": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\n101,17/12/2008,Z1,,\n",
}


@pytest.fixture
def croydon():
    """An authority that took the return in."""
    authority = Authority.objects.create(name="Croydon", gss_code="E09000008", dfe_code="306")
    files = [GivenFile(f"{name}.csv", text.encode()) for name, text in RETURN.items()]
    import_ssda903(by=system_actor(), authority=authority, now=NOW, files=files, year=2025).done()
    return authority


def analyst(authority):
    """Who makes the return."""
    return Actor(user_id=None, name="Ana Lyst", role=roles.ANALYST, authority_id=authority.pk)


def written(authority, year=2025):
    """The files of the return that is made from the books."""
    with acting_as(system_actor(authority_id=authority.pk)):
        made = make_return(authority, year)
    return {
        name.removesuffix(".csv"): text.decode()
        for name, text in return_files(made.whole.tables, year).items()
    }


def test_what_was_taken_in_is_given_again_to_the_letter(croydon):
    assert {name: text for name, text in written(croydon).items() if name in RETURN} == RETURN


def test_a_module_is_held_in_place_of_what_was_held(croydon):
    with acting_as(analyst(croydon)):
        again = GivenFile("r.csv", RETURN["reviews"].replace("PN1", "PN3").encode())
        held = hold_modules(by=analyst(croydon), now=NOW, authority=croydon, year=2025, files=[again])
    assert held.done().count == 1
    assert written(croydon)["reviews"].endswith("PN3\n")
    assert AuditEntry.objects.filter(verb="hold_return_rows").count() == 1


def test_a_child_nobody_knows_is_refused_and_nothing_held(croydon):
    stranger = GivenFile("r.csv", RETURN["reviews"].replace("101", "999").encode())
    count = ReturnRow.objects.count()
    with acting_as(analyst(croydon)):
        outcome = hold_modules(by=analyst(croydon), now=NOW, authority=croydon, year=2025, files=[stranger])
    assert not outcome.is_done
    assert ReturnRow.objects.count() == count


def bad_reviews() -> GivenFile:
    """Two good rows between three that cannot be held: nobody's number, another birth date, no number."""
    good = "101,17/12/2008,01/05/2024,PN1\n", "102,01/02/2022,01/06/2024,PN0\n"
    bad = "999,17/12/2008,01/05/2024,PN1\n", "101,18/12/2008,01/05/2024,PN1\n", ",17/12/2008,01/05/2024,PN1\n"
    text = "CHILD,DOB,REVIEW,REVIEW_CODE\n" + bad[0] + good[0] + bad[1] + good[1] + bad[2]
    return GivenFile("r.csv", text.encode())


def test_every_row_that_cannot_be_held_is_listed_with_its_line_and_nothing_is_held(croydon):
    with acting_as(analyst(croydon)):
        outcome = hold_modules(
            by=analyst(croydon), now=NOW, authority=croydon, year=2025, files=[bad_reviews()]
        )
    assert [problem.sentence for problem in outcome.problems] == [
        "r.csv, line 2: No child of the number 999 is known.",
        "r.csv, line 4: The child 101 was born on another day than 18/12/2008, so this may be another child.",
        "r.csv, line 6: The row names no child.",
    ]
    assert written(croydon)["reviews"] == RETURN["reviews"]


def test_the_good_rows_are_held_where_that_is_asked_for_and_what_was_left_out_is_said(croydon):
    with acting_as(analyst(croydon)):
        held = hold_modules(
            by=analyst(croydon), now=NOW, authority=croydon, year=2025, files=[bad_reviews()], keep_good=True
        ).done()
    assert (held.count, [one.line for one in held.left_out]) == (2, [2, 4, 6])
    assert held.words == "2 rows are held. Left out: 3 (r.csv line 2, r.csv line 4, r.csv line 6)."
    assert written(croydon)["reviews"].splitlines()[1:] == [
        "101,17/12/2008,01/05/2024,PN1",
        "102,01/02/2022,01/06/2024,PN0",
    ]
    entry = AuditEntry.objects.get(verb="hold_return_rows")
    assert entry.details["left_out"] == 3


def test_a_child_twice_in_the_header_is_held_once_where_the_good_are_kept(croydon):
    twice = GivenFile("h.csv", (RETURN["header"] + "102,M,01/02/2022,WBRI,UN2,,\n").encode())
    given = {"by": analyst(croydon), "now": NOW, "authority": croydon, "year": 2025, "files": [twice]}
    with acting_as(analyst(croydon)):
        refused = hold_modules(**given)
        assert [problem.sentence for problem in refused.problems] == [
            "h.csv, line 4: The child 102 stands here again, after line 3."
        ]
        assert hold_modules(**given, keep_good=True).done().count == 2


OC2 = (
    "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
    "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n"
)
ROW = "101,17/12/2008,11,,0,,1,1,1,0,,\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OC2 + ROW + ROW, "r.csv, line 3: The child 101 stands in this file already."),
        (
            "CHILD,DOB,REVIEW,REVIEW_CODE\n101,17/12/2008,01/05/2019,PN1\n",
            "r.csv, line 2: 01/05/2019 does not lie in 2024-25; choose the year of the file first.",
        ),
        (
            "CHILD,DOB,REVIEW,REVIEW_CODE\n101,17/12/2008,31/02/2025,PN1\n",
            "r.csv, line 2: “31/02/2025” is no day that can be read; write 31/03/2025.",
        ),
        (
            "CHILD,DOB,MISSING,MIS_START,MIS_END\n101,17/12/2008,M,01/03/2024,31/03/2024\n",
            "r.csv, line 2: 01/03/2024 does not lie in 2024-25; choose the year of the file first.",
        ),
        (
            "CHILD,DOB,MISSING,MIS_START,MIS_END\n101,17/12/2008,M,01/04/2025,\n",
            "r.csv, line 2: 01/04/2025 does not lie in 2024-25; choose the year of the file first.",
        ),
    ],
)
def test_a_child_twice_another_year_and_an_unreadable_day_are_listed_with_their_lines(croydon, text, told):
    with acting_as(analyst(croydon)):
        outcome = hold_modules(
            by=analyst(croydon),
            now=NOW,
            authority=croydon,
            year=2025,
            files=[GivenFile("r.csv", text.encode())],
        )
    assert [problem.sentence for problem in outcome.problems] == [told]


def test_a_time_missing_that_goes_on_into_the_year_is_held(croydon):
    text = "CHILD,DOB,MISSING,MIS_START,MIS_END\n101,17/12/2008,M,31/03/2024,02/04/2024\n"
    with acting_as(analyst(croydon)):
        held = hold_modules(
            by=analyst(croydon),
            now=NOW,
            authority=croydon,
            year=2025,
            files=[GivenFile("r.csv", text.encode())],
        )
    assert held.done().count == 1


def test_another_authority_is_refused(croydon):
    lewisham = Authority.objects.create(name="Lewisham", gss_code="E09000023", dfe_code="209")
    with acting_as(analyst(lewisham)):
        assert not give_return(by=analyst(lewisham), now=NOW, authority=croydon, year=2025).is_done


def test_giving_the_return_leaves_an_entry(croydon):
    with acting_as(analyst(croydon)):
        file = give_return(by=analyst(croydon), now=NOW, authority=croydon, year=2025).done()
    assert file.content
    assert AuditEntry.objects.filter(authority_id=croydon.pk, verb="export").count() == 1
