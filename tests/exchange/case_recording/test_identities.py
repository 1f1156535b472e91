"""Who a person of the case system is: sure, unsure, new."""

from datetime import date

import pytest

from rightplace.exchange.case_recording.identities import Book, Known, Match
from rightplace.exchange.case_recording.stated import Person

BORN = date(2012, 3, 4)
AMBER = Known(1, "101", "B097131712320", "Amber", "Okafor", "Ami", BORN, "F")
TWIN = Known(2, "102", "", "Jade", "Okafor", "", BORN, "F")


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (Person("L1", "Other", BORN, local_number="101"), Match("linked", (1,), "number")),
        (Person("101", "Other", BORN), Match("linked", (1,), "number")),
        (Person("L1", "Other", BORN, upn="B097131712320"), Match("linked", (1,), "upn")),
        (Person("L1", "OKAFOR", BORN, "amber", sex="F"), Match("linked", (1,), "names")),
        (Person("L1", "Okafor", BORN, "Ami"), Match("linked", (1,), "names")),
        (Person("L1", "Smith", date(2012, 4, 3), local_number="101"), Match("doubtful", (1,))),
        (Person("L1", "Okafor", date(2012, 4, 3), "Amber"), Match("doubtful", (1,))),
        (Person("L1", "Okafor", date(2013, 3, 4), "Jade"), Match("doubtful", (2,))),
        (Person("L1", "Okafor-Smith", BORN, "Amber"), Match("doubtful", (1,))),
        (Person("L1", "Okafor", BORN, "Amber", sex="M"), Match("doubtful", (1,))),
        (Person("L1", "Rahimi", date(2010, 1, 1), "Noor"), Match("new")),
    ],
)
def test_only_what_is_sure_is_linked(stated, found):
    assert Book.of([AMBER, TWIN]).match(stated) == found


def test_a_child_who_is_somebodys_already_is_nobody_elses():
    book = Book.of([AMBER])
    book.take_out(1)
    assert book.match(Person("L9", "Okafor", BORN, "Amber", "101")).state == "new"
