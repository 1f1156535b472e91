"""The case system at the desk: another supplier's file is mapped, taken in, a person decided, a difference settled."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rightplace.exchange.case_recording.models import CaseDifference, CaseIdentity
from rightplace.register.children.models import Child
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
HOME = "/commissioning/case-system/"
HEADINGS = f"{HOME}headings/persons/"


def given(*lines: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("people.csv", "\n".join(lines).encode(), "text/csv")}


def test_a_file_without_one_known_heading_is_mapped_on_the_page_and_taken_in_from_then_on(cast: Cast) -> None:
    rows = ("Client Ref;Vorname;Family;Born;Gendr", "Z1;Ina;Weber;03/04/2013;F")
    ana = Visitor(cast.ana).opens(HOME)
    ana.presses("Take it in", expect=422, files=given(*rows)).sees("Map them first")
    ana.opens(HEADINGS).sees("Croydon", "the usual headings are read", "Statutory return")
    ana.presses("Show its headings", files=given(*rows)).sees("Needed:", "Client Ref", "Vorname", "Gendr")
    chosen = {
        "field_0": "person",
        "field_1": "first_name",
        "field_2": "last_name",
        "field_3": "born_on",
        "field_4": "sex",
    }
    ana.presses("Keep this", **chosen).sees("Kept. The next file is read so.")
    ana.opens(HOME).presses("Take it in", files=given(*rows)).sees("1 added")
    assert Child.objects.get(last_name="Weber").first_name == "Ina"
    ana.opens(HOME).sees("1 child added, 0 changes, 0 rows kept out")


def test_every_bad_line_is_listed_by_itself_and_the_good_are_taken_where_that_is_ticked(cast: Cast) -> None:
    head = "Person ID,Forename,Surname,Date of Birth"
    rows = (head, *(f"X{at},Ann,,01/01/2012" for at in range(25)), "Y1,Bo,Good,02/02/2013")
    ana = Visitor(cast.ana).opens(HOME)
    ana.presses("Take it in", expect=422, files=given(*rows)).sees(
        "25 rows cannot be read", "line 2, Last name", "And 6 more."
    )
    assert not Child.objects.filter(last_name="Good").exists()
    ana.presses("Take it in", files=given(*rows), keep_good="on").sees("25 kept out")
    assert Child.objects.filter(last_name="Good").exists()


def test_who_is_unsure_is_decided_and_a_difference_leads_its_owner_to_the_record(cast: Cast) -> None:
    amber = cast.amber
    rows = (
        "Person ID,Local Number,Forename,Surname,Date of Birth",
        f"L1,{amber.local_number},{amber.first_name},{amber.last_name},05/06/2001",
    )
    ana = Visitor(cast.ana).opens(HOME).presses("Take it in", files=given(*rows))
    one = CaseIdentity.objects.get(person="L1")
    ana.opens(f"{HOME}people/{one.pk}/").presses("It is this child").sees("Linked.")
    ana.opens(HOME).presses("Take it in", files=given(*rows))
    page = reverse("case_difference", args=[CaseDifference.objects.get(about="born_on").pk])
    record = reverse("social_work:child", args=[amber.pk])
    Visitor(cast.sadia).opens(page).sees("05/06/2001").follows("Open the record")
    assert record not in Visitor(cast.ana).opens(page).response.content.decode()
    Visitor(cast.sadia).opens(page).follows("Leave it as it is").presses(
        "Leave it as it is", reason="Checked."
    )
    ana.opens(page).sees("Left as it is", "Checked.")
