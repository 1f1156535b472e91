"""Addresses of reviews, follow-ups and the stability watch, and of the pages that a link alone opens."""

from __future__ import annotations

from rightplace.desks.layout.doors import ANYONE, form_page, page, verb
from rightplace.desks.social_work import public_pages, reviews, stability
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FOSTERING_OFFICER,
    REVIEWING_OFFICER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.journey.reviews.states import CHAIRS, FOLLOWERS, TEAM

READERS = (SOCIAL_WORKER, TEAM_MANAGER, REVIEWING_OFFICER, FOSTERING_OFFICER, DIRECTOR)
WATCHERS = (SOCIAL_WORKER, TEAM_MANAGER, REVIEWING_OFFICER, BROKER, FOSTERING_OFFICER, COMMISSIONER, DIRECTOR)
TELLERS = (SOCIAL_WORKER, TEAM_MANAGER, REVIEWING_OFFICER, BROKER, FOSTERING_OFFICER, COMMISSIONER)
RECORDERS = (SOCIAL_WORKER, TEAM_MANAGER, BROKER)
ONE = "reviews/<int:key>/"

urlpatterns = [
    page("reviews/", reviews.review_list, roles=READERS, name="reviews"),
    page(ONE, reviews.review, roles=READERS, name="review"),
    form_page(f"{ONE}day/", reviews.set_day, roles=(*CHAIRS, *TEAM), name="set_review_day"),
    verb(f"{ONE}papers/", reviews.send_papers, roles=(*CHAIRS, *TEAM), name="send_review_papers"),
    verb(f"{ONE}score/", reviews.score, roles=(*CHAIRS, *TEAM, FOSTERING_OFFICER), name="score_outcomes"),
    verb(f"{ONE}child-link/", reviews.child_link, roles=(*CHAIRS, *TEAM), name="give_child_link"),
    form_page(f"{ONE}hold/", reviews.hold, roles=CHAIRS, name="hold_review"),
    form_page(f"{ONE}follow/", reviews.follow, roles=(*CHAIRS, *TEAM), name="begin_follow_up"),
    form_page(f"{ONE}fee-rule/", reviews.fee_rule, roles=TEAM, name="keep_fee_rule"),
    page("follow-ups/", reviews.follow_up_list, roles=FOLLOWERS, name="follow_ups"),
    page("follow-ups/<int:key>/", reviews.follow_up, roles=FOLLOWERS, name="follow_up"),
    form_page("follow-ups/<int:key>/done/", reviews.finish, roles=FOLLOWERS, name="finish_follow_up"),
    page("stability/", stability.watch, roles=WATCHERS, name="watch"),
    page("stability/placements/<int:key>/", stability.stability, roles=WATCHERS, name="stability"),
    verb("stability/placements/<int:key>/tell/", stability.tell, roles=TELLERS, name="tell_sign"),
    page("stability/<int:key>/", stability.meeting, roles=WATCHERS, name="stability_meeting"),
    form_page(
        "stability/<int:key>/record/",
        stability.record_meeting,
        roles=RECORDERS,
        name="record_stability_meeting",
    ),
    page("my-review/thank-you/", public_pages.child_thanks, roles=ANYONE, name="child_thanks"),
    form_page("my-review/<str:token>/", public_pages.child_review, roles=ANYONE, name="child_review"),
    page("survey/thank-you/", public_pages.survey_thanks, roles=ANYONE, name="survey_thanks"),
    form_page("survey/<str:token>/", public_pages.answer_survey, roles=ANYONE, name="answer_survey"),
]
