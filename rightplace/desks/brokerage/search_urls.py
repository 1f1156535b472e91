"""Addresses of searches, own carers and homes at the brokerage desk."""

from __future__ import annotations

from rightplace.desks.brokerage import carer_terms, carers, homes, ruling_out, search_verbs, searches
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import BROKER, FOSTERING_OFFICER

DESK = (BROKER, FOSTERING_OFFICER)
BROKERS = (BROKER,)
KEEPERS = (FOSTERING_OFFICER,)
CARER = "brokerage/own-carers/<int:household_id>/"
REFERRAL = "brokerage/own-carers/referrals/<int:invitation_id>/"
SEARCH = "brokerage/searches/<int:search_id>/"

urlpatterns = [
    page("brokerage/searches/", searches.search_list, roles=DESK, name="searches"),
    form_page(
        "brokerage/requests/<int:request_id>/search/", searches.open_search, roles=BROKERS, name="search_open"
    ),
    page(SEARCH, searches.search_page, roles=DESK, name="search"),
    page(f"{SEARCH}own-carers/", searches.own_carers, roles=DESK, name="search_own"),
    page(f"{SEARCH}homes/", searches.homes, roles=DESK, name="search_homes"),
    page(f"{SEARCH}left-out/", searches.left_out, roles=DESK, name="search_left_out"),
    page(f"{SEARCH}asked/", searches.asked, roles=DESK, name="search_asked"),
    page(f"{SEARCH}questions/", searches.questions, roles=DESK, name="search_questions"),
    page(f"{SEARCH}options/<int:candidate_id>/", searches.option, roles=DESK, name="search_option"),
    verb(f"{SEARCH}market/", search_verbs.open_market, roles=BROKERS, name="search_market"),
    verb(
        f"{SEARCH}options/<int:candidate_id>/widen/", search_verbs.widen, roles=BROKERS, name="search_widen"
    ),
    form_page(
        f"{SEARCH}options/<int:candidate_id>/rule-out/",
        ruling_out.rule_out_of_search,
        roles=BROKERS,
        name="search_rule_out",
    ),
    verb(f"{SEARCH}widen/", search_verbs.widen_rule, roles=BROKERS, name="search_widen_rule"),
    verb(f"{SEARCH}remind/", search_verbs.remind, roles=BROKERS, name="search_remind"),
    verb(f"{SEARCH}close/", search_verbs.close, roles=BROKERS, name="search_close"),
    form_page(f"{SEARCH}closing/", search_verbs.change_closing, roles=BROKERS, name="search_closing"),
    form_page(f"{SEARCH}again/", search_verbs.reopen, roles=BROKERS, name="search_reopen"),
    form_page(f"{SEARCH}stop/", search_verbs.stop, roles=BROKERS, name="search_stop"),
    form_page(
        f"{SEARCH}questions/<int:question_id>/",
        search_verbs.answer_question,
        roles=BROKERS,
        name="search_answer",
    ),
    page("brokerage/own-carers/", carers.carer_list, roles=DESK, name="own_carers"),
    page(CARER, carers.carer_page, roles=DESK, name="own_carer"),
    form_page(f"{CARER}edit/", carers.edit, roles=KEEPERS, name="own_carer_edit"),
    form_page(f"{CARER}terms/", carer_terms.terms, roles=KEEPERS, name="carer_terms"),
    verb(f"{CARER}rest/", carers.rest, roles=KEEPERS, name="own_carer_rest"),
    verb(f"{CARER}hold/", carers.hold, roles=KEEPERS, name="own_carer_hold"),
    page("brokerage/own-carers/referrals/", carers.referral_list, roles=DESK, name="carer_referrals"),
    page(REFERRAL, carers.referral, roles=DESK, name="carer_referral"),
    verb(f"{REFERRAL}open/", carers.open_referral, roles=KEEPERS, name="carer_open"),
    verb(f"{REFERRAL}ask/", carers.ask, roles=KEEPERS, name="carer_ask"),
    form_page(f"{REFERRAL}decline/", carers.decline, roles=DESK, name="carer_decline"),
    form_page(f"{REFERRAL}decline-all/", carers.decline_all, roles=DESK, name="carer_decline_all"),
    verb(f"{REFERRAL}undo-decline/", carers.undo_decline, roles=DESK, name="carer_undo"),
    page("brokerage/homes/", homes.home_list, roles=DESK, name="homes"),
    page("brokerage/homes/<int:setting_id>/", homes.home_page, roles=DESK, name="home_page"),
]
