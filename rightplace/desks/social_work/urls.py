"""Addresses of the social work desk."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.social_work import (
    case_people,
    children,
    choice_urls,
    home,
    keeping,
    living_with,
    request_form,
    requests,
    steps,
)
from rightplace.foundation.access.roles import (
    BROKER,
    CASE_STAFF,
    INFORMATION_OFFICER,
    REVIEWING_OFFICER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.journey.requests.case_people import GIVERS, NAMERS

app_name = "social_work"
ASKERS = frozenset({SOCIAL_WORKER, TEAM_MANAGER})
SEEKERS = ASKERS | {REVIEWING_OFFICER}
CHILD = "social-work/children/<int:child_id>/"
REQUEST = "social-work/requests/<int:request_id>/"

urlpatterns = [
    page("social-work/", home.home, roles=SEEKERS, name="home"),
    page("social-work/children/", children.children, roles=SEEKERS, name="children"),
    form_page("social-work/children/add/", keeping.add, roles=ASKERS, name="add_child"),
    form_page(f"{CHILD}legal-status/", keeping.legal_status, roles=ASKERS, name="add_legal_status"),
    form_page(
        f"{CHILD}legal-status/<int:legal_status_id>/end/",
        keeping.end_status,
        roles=ASKERS,
        name="end_legal_status",
    ),
    form_page(
        f"{CHILD}corrections/", keeping.corrections, roles=(*ASKERS, INFORMATION_OFFICER), name="corrections"
    ),
    form_page(f"{CHILD}living-with/", living_with.living_with, roles=ASKERS, name="living_with"),
    form_page(f"{CHILD}kept-apart/", living_with.kept_apart, roles=ASKERS, name="kept_apart"),
    verb(f"{CHILD}kept-apart/<int:apart_id>/end/", living_with.end_apart, roles=ASKERS, name="end_apart"),
    form_page(f"{CHILD}social-worker/", case_people.give_case, roles=GIVERS, name="give_case"),
    form_page(
        f"{CHILD}reviewing-officer/", case_people.name_officer, roles=NAMERS, name="name_reviewing_officer"
    ),
    page("social-work/children/<int:child_id>/", children.child, roles=CASE_STAFF, name="child"),
    form_page(
        "social-work/children/<int:child_id>/start/", children.start, roles=ASKERS, name="start_request"
    ),
    page("social-work/requests/", requests.requests, roles=SEEKERS, name="requests"),
    page(REQUEST, requests.request_page, roles=CASE_STAFF, name="request"),
    page(f"{REQUEST}form/", request_form.form_page, roles=CASE_STAFF, name="request_form"),
    page(f"{REQUEST}form.pdf", request_form.form_pdf, roles=CASE_STAFF, name="request_form_pdf"),
    page(f"{REQUEST}redacted/", request_form.redacted_page, roles=CASE_STAFF, name="request_redacted"),
    page(f"{REQUEST}redacted.pdf", request_form.redacted_pdf, roles=CASE_STAFF, name="request_redacted_pdf"),
    form_page(f"{REQUEST}steps/check/", steps.check, roles=ASKERS, name="check"),
    form_page(f"{REQUEST}steps/<slug:slug>/", steps.step, roles=ASKERS, name="step"),
    verb(f"{REQUEST}take-out/", requests.take_out_child, roles=ASKERS, name="take_out_child"),
    verb(f"{REQUEST}recall/", requests.recall, roles=ASKERS, name="recall"),
    form_page(f"{REQUEST}withdraw/", requests.withdraw, roles=(*ASKERS, BROKER), name="withdraw"),
    *choice_urls.PATTERNS,
]
