"""Addresses of safeguards: looks, restricted cases, emergency access, support visits, sharing, reviews of access."""

from __future__ import annotations

from django.urls import URLPattern

from rightplace.desks.governance import emergencies, looks, restricted, reviews, sharing, visits
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import (
    ACCESS_OFFICER,
    CASE_STAFF,
    DIRECTOR,
    INFORMATION_OFFICER,
    STAFF,
    SUPPORT,
)

OFFICERS = (ACCESS_OFFICER, INFORMATION_OFFICER)
KEEPERS = (INFORMATION_OFFICER, DIRECTOR)
CASE = "governance/restricted-cases/<int:restriction_id>/"
EMERGENCY = "governance/emergencies/<int:emergency_id>/"
VISIT = "governance/support-visits/<int:visit_id>/"
REVIEW = "governance/access-reviews/<int:review_id>/"

urlpatterns: list[URLPattern] = [
    page("governance/looks/", looks.look_list, roles=OFFICERS, name="looks"),
    page("my-looks/", looks.own_looks, roles=STAFF, name="own_looks"),
    page("governance/restricted-cases/", restricted.restriction_list, roles=KEEPERS, name="restrictions"),
    form_page("governance/restricted-cases/new/", restricted.restrict, roles=KEEPERS, name="restrict"),
    page(CASE, restricted.restriction, roles=KEEPERS, name="restriction"),
    verb(f"{CASE}name/", restricted.name_person, roles=KEEPERS, name="name_person"),
    verb(f"{CASE}people/<int:user_id>/take-off/", restricted.take_off, roles=KEEPERS, name="take_person_off"),
    verb(f"{CASE}keep/", restricted.keep, roles=KEEPERS, name="keep_restriction"),
    verb(f"{CASE}lift/", restricted.lift, roles=KEEPERS, name="lift_restriction"),
    form_page("emergency-access/", emergencies.open_now, roles=CASE_STAFF, name="open_emergency"),
    verb(
        "emergency-access/<int:emergency_id>/close/",
        emergencies.close,
        roles=CASE_STAFF,
        name="close_emergency",
    ),
    page("governance/emergencies/", emergencies.emergency_list, roles=KEEPERS, name="emergencies"),
    page(EMERGENCY, emergencies.emergency, roles=KEEPERS, name="emergency"),
    verb(f"{EMERGENCY}review/", emergencies.review, roles=KEEPERS, name="review_emergency"),
    form_page("support/", visits.mine, roles=(SUPPORT,), name="own_visits"),
    verb("support/visits/<int:visit_id>/enter/", visits.enter, roles=(SUPPORT,), name="enter_visit"),
    verb("support/leave/", visits.leave, roles=(SUPPORT,), name="leave_visit"),
    page("governance/support-visits/", visits.visit_list, roles=(ACCESS_OFFICER,), name="visits"),
    verb(f"{VISIT}agree/", visits.agree, roles=(ACCESS_OFFICER,), name="agree_visit"),
    verb(f"{VISIT}refuse/", visits.refuse, roles=(ACCESS_OFFICER,), name="refuse_visit"),
    verb(f"{VISIT}end/", visits.end, roles=(ACCESS_OFFICER,), name="end_visit"),
    page("governance/sharing/", sharing.agreement_list, roles=KEEPERS, name="agreements"),
    form_page("governance/sharing/new/", sharing.record, roles=KEEPERS, name="record_agreement"),
    form_page("governance/sharing/<int:agreement_id>/", sharing.agreement, roles=KEEPERS, name="agreement"),
    page("governance/access-reviews/", reviews.review_list, roles=OFFICERS, name="access_reviews"),
    verb("governance/access-reviews/open/", reviews.open_month, roles=OFFICERS, name="open_access_review"),
    page(REVIEW, reviews.review, roles=OFFICERS, name="access_review"),
    verb(f"{REVIEW}sign-off/", reviews.sign_off, roles=OFFICERS, name="sign_off_review"),
    verb(
        "governance/access-reviews/lines/<int:line_id>/confirm/",
        reviews.confirm,
        roles=OFFICERS,
        name="confirm_access",
    ),
    verb(
        "governance/access-reviews/lines/<int:line_id>/end/", reviews.end, roles=OFFICERS, name="end_access"
    ),
]
