"""Addresses of in-house fostering: those who ask to foster, figures, reviews, and a household's record."""

from __future__ import annotations

from rightplace.desks.brokerage import carer_accounts, fostering, miles
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import BROKER, COMMISSIONER, DIRECTOR, FOSTERING_OFFICER, TEAM_MANAGER

READERS = (FOSTERING_OFFICER, TEAM_MANAGER, DIRECTOR)
OFFICER = (FOSTERING_OFFICER,)

urlpatterns = [
    page("fostering/applicants/", fostering.applicants, roles=READERS, name="applicants"),
    form_page("fostering/applicants/new/", fostering.take_enquiry, roles=OFFICER, name="take_enquiry"),
    page("fostering/applicants/<int:applicant_id>/", fostering.applicant, roles=READERS, name="applicant"),
    form_page(
        "fostering/applicants/<int:applicant_id>/<slug:verb>/", fostering.applicant_deed,
        roles=(FOSTERING_OFFICER, DIRECTOR), name="applicant_deed",
    ),
    page(
        "fostering/figures/", fostering.figures, roles=(*READERS, COMMISSIONER, BROKER), name="fostering_figures"
    ),
    page("fostering/reviews/", fostering.reviews_due, roles=READERS, name="carer_reviews_due"),
    page("fostering/miles/", miles.miles, roles=OFFICER, name="miles_claims"),
    page("fostering/miles/<int:miles_claim_id>/", miles.claim, roles=OFFICER, name="miles_claim"),
    verb("fostering/miles/<int:miles_claim_id>/agree/", miles.agree, roles=OFFICER, name="agree_miles"),
    form_page("fostering/miles/<int:miles_claim_id>/decline/", miles.decline, roles=OFFICER, name="decline_miles"),
    page("fostering/households/<int:household_id>/", fostering.record, roles=READERS, name="carer_record"),
    form_page(
        "fostering/households/<int:household_id>/let-in/", carer_accounts.let_in, roles=OFFICER, name="let_carer_in"
    ),
    verb(
        "fostering/carer-accounts/<int:carer_account_id>/end/", carer_accounts.shut_out, roles=OFFICER,
        name="shut_carer_out",
    ),
    form_page(
        "fostering/households/<int:household_id>/<slug:verb>/", fostering.record_deed, roles=OFFICER,
        name="carer_record_deed",
    ),
]  # fmt: skip
