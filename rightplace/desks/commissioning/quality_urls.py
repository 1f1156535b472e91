"""Addresses of quality, which several desks share: concerns, visits, the scorecard, provider profiles, complaints, surveys."""

from __future__ import annotations

from rightplace.desks.commissioning import (
    concerns,
    court_places,
    forums,
    hearing,
    joint_visits,
    scorecard,
    visit_files,
    visits,
)
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import (
    ANALYST,
    BROKER,
    COMMISSIONER,
    CONSORTIUM_OFFICER,
    DIRECTOR,
    FOSTERING_OFFICER,
    PANEL_CHAIR,
    REVIEWING_OFFICER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.journey.court_orders.states import ASKERS
from rightplace.journey.reviews.states import HEARERS
from rightplace.register.concerns.states import FORUM_KEEPERS, RAISERS
from rightplace.register.visits.states import VISITORS

READERS = (*RAISERS, ANALYST, PANEL_CHAIR, CONSORTIUM_OFFICER)
COURT_READERS = (*ASKERS, DIRECTOR, SOCIAL_WORKER, ANALYST)
FORUM_READERS = (*FORUM_KEEPERS, DIRECTOR, ANALYST)
VISIT_READERS = (*VISITORS, ANALYST, BROKER, DIRECTOR)
MARKET_READERS = (COMMISSIONER, ANALYST, BROKER, FOSTERING_OFFICER, DIRECTOR)
HEARS = (*HEARERS, ANALYST)
RECORDERS = (SOCIAL_WORKER, TEAM_MANAGER, REVIEWING_OFFICER, BROKER, FOSTERING_OFFICER, COMMISSIONER)

urlpatterns = [
    page("concerns/", concerns.concern_list, roles=READERS, name="concerns"),
    form_page("concerns/about/<int:key>/", concerns.raise_concern, roles=RAISERS, name="raise_concern"),
    page("concerns/<int:key>/", concerns.concern, roles=READERS, name="concern"),
    verb("concerns/<int:key>/add/", concerns.add, roles=RAISERS, name="add_to_concern"),
    form_page("concerns/<int:key>/<slug:verb>/", concerns.deed, roles=RAISERS, name="concern_deed"),
    page("court-places/", court_places.place_list, roles=COURT_READERS, name="court_places"),
    form_page("court-places/new/", court_places.ask, roles=ASKERS, name="ask_for_court_place"),
    page("court-places/<int:court_place_id>/", court_places.place, roles=COURT_READERS, name="court_place"),
    form_page(
        "court-places/<int:court_place_id>/<slug:verb>/",
        court_places.deed,
        roles=(*ASKERS, DIRECTOR),
        name="court_place_deed",
    ),
    page("forums/", forums.forum_list, roles=FORUM_READERS, name="forums"),
    form_page("forums/new/", forums.plan, roles=FORUM_KEEPERS, name="plan_forum"),
    page("forums/<int:forum_id>/", forums.forum, roles=FORUM_READERS, name="forum"),
    form_page("forums/<int:forum_id>/close/", forums.close, roles=FORUM_KEEPERS, name="close_forum"),
    form_page(
        "forums/<int:forum_id>/concerns/<int:concern_id>/",
        forums.agree,
        roles=FORUM_KEEPERS,
        name="agree_in_forum",
    ),
    page("visits/", visits.visit_list, roles=VISIT_READERS, name="visits"),
    page("visits/due/", visits.plan, roles=VISIT_READERS, name="visit_plan"),
    form_page("visits/to/<int:key>/", visits.plan_one, roles=VISITORS, name="plan_visit"),
    form_page("visits/to-household/<int:key>/", visits.plan_own, roles=VISITORS, name="plan_own_visit"),
    form_page("visits/<int:key>/keep-file/", visit_files.add_file, roles=VISITORS, name="add_visit_file"),
    page("visit-files/<int:key>/", visit_files.file, roles=VISIT_READERS, name="visit_file"),
    page("visits/<int:key>/", visits.visit, roles=VISIT_READERS, name="visit"),
    form_page("visits/planned/<int:key>/write/", visits.write, roles=VISITORS, name="write_visit"),
    verb("visits/<int:key>/share/", visits.share, roles=VISITORS, name="share_visit"),
    verb("visits/<int:key>/join/", joint_visits.join, roles=VISITORS, name="join_visit"),
    verb("visits/<int:key>/take/", joint_visits.take, roles=VISITORS, name="take_findings"),
    form_page("visits/planned/<int:key>/<slug:verb>/", visits.deed, roles=VISITORS, name="visit_deed"),
    page("visit-actions/<int:key>/", visits.action, roles=(*VISITORS, DIRECTOR), name="visit_action"),
    form_page(
        "visit-actions/<int:key>/<slug:verb>/",
        visits.action_deed,
        roles=(*VISITORS, DIRECTOR),
        name="visit_action_deed",
    ),
    page("scorecard/", scorecard.card_list, roles=MARKET_READERS, name="scorecard"),
    page("scorecard/homes/<int:key>/", scorecard.home_quality, roles=MARKET_READERS, name="home_quality"),
    page("providers/<int:key>/", scorecard.profile, roles=MARKET_READERS, name="provider_profile"),
    page("complaints/", hearing.complaint_list, roles=HEARS, name="complaints"),
    form_page("complaints/record/", hearing.record, roles=RECORDERS, name="record_complaint"),
    page("complaints/<int:key>/", hearing.complaint, roles=(*HEARS, *RECORDERS), name="complaint"),
    form_page(
        "complaints/<int:key>/<slug:verb>/", hearing.complaint_deed, roles=HEARERS, name="complaint_deed"
    ),
    page("surveys/", hearing.survey_list, roles=(COMMISSIONER, ANALYST), name="surveys"),
    form_page("surveys/open/", hearing.open_survey, roles=(COMMISSIONER,), name="open_survey"),
    page("surveys/<int:key>/", hearing.survey, roles=(COMMISSIONER, ANALYST), name="survey"),
    verb("surveys/<int:key>/links/", hearing.survey_links, roles=(COMMISSIONER,), name="survey_links"),
    verb("surveys/<int:key>/close/", hearing.close_survey, roles=(COMMISSIONER,), name="close_survey"),
]
