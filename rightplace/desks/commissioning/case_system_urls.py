"""Addresses of the exchange with the case system; its differences are shared with those who settle them."""

from __future__ import annotations

from rightplace.desks.commissioning import case_headings, case_system
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.exchange.case_recording.states import DECIDERS, OWNERS

ROOT = "commissioning/case-system/"
PERSON = f"{ROOT}people/<int:identity_id>/"
HEADINGS = f"{ROOT}headings/<slug:extract_file>/"
DIFFERENCE = "case-differences/<int:difference_id>/"

urlpatterns = [
    page(ROOT, case_system.home, roles=DECIDERS, name="case_system"),
    verb(f"{ROOT}take/", case_system.upload, roles=DECIDERS, name="take_extract"),
    page(f"{ROOT}people/", case_system.people, roles=DECIDERS, name="case_people"),
    page(PERSON, case_system.person, roles=DECIDERS, name="case_person"),
    verb(f"{PERSON}link/", case_system.link, roles=DECIDERS, name="link_person"),
    verb(f"{PERSON}leave-out/", case_system.leave_out, roles=DECIDERS, name="leave_person_out"),
    verb(f"{PERSON}unlink/", case_system.unlink, roles=DECIDERS, name="unlink_person"),
    page(HEADINGS, case_headings.headings, roles=DECIDERS, name="case_headings"),
    verb(f"{HEADINGS}look/", case_headings.look, roles=DECIDERS, name="look_at_headings"),
    verb(f"{HEADINGS}keep/", case_headings.keep, roles=DECIDERS, name="keep_headings"),
]
shared = [
    page("case-differences/", case_system.differences, roles=OWNERS, name="case_differences"),
    page(DIFFERENCE, case_system.difference, roles=OWNERS, name="case_difference"),
    form_page(f"{DIFFERENCE}leave/", case_system.leave, roles=OWNERS, name="leave_difference"),
    verb(f"{DIFFERENCE}reopen/", case_system.reopen, roles=OWNERS, name="reopen_difference"),
]
