"""A visit written up on a phone without a connection, and a child's page pressed by a child, in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from rightplace.journey.reviews import child_page
from rightplace.journey.reviews.models import ChildWords, Review
from rightplace.journey.reviews.planning import plan_reviews
from rightplace.register.visits import actions as visits
from rightplace.register.visits.actions import FindingGiven, Written
from rightplace.register.visits.models import Visit
from tests.browser.test_main_job import Desk
from tests.cast import Cast, make_cast

PHONE = {"width": 390, "height": 844}
WORDS = "Calm by day, thin by night."
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('draft:'))"


@pytest.fixture
def cast(live_server: object, transactional_db: None) -> Cast:
    """The cast, in a database that a server reads."""
    return make_cast()


def a_planned_visit(cast: Cast) -> Visit:
    now = timezone.now()
    return visits.plan_visit(
        by=cast.cora, now=now, setting_id=cast.acorn_house.pk, kind="unannounced", why="The plan",
        planned_on=timezone.localdate(now),
    ).done()  # fmt: skip


def test_what_is_typed_without_a_connection_is_kept_and_sent_once_it_is_back(
    chromium: Browser, live_server: object, cast: Cast
) -> None:
    visit = a_planned_visit(cast)
    desk = Desk(chromium, str(live_server), cast.cora).opens(f"/visits/planned/{visit.pk}/write/")
    desk.page.set_viewport_size(PHONE)
    desk.page.wait_for_load_state("networkidle")
    desk.context.set_offline(True)
    desk.page.fill("[name=words]", WORDS)
    desk.page.check("[name=judgement][value=assured]", force=True)
    desk.page.select_option("[name=score_safety]", "3")
    desk.page.get_by_role("button", name="Write it up").click()
    desk.page.get_by_text("No connection. It is kept on this device").wait_for()
    visit.refresh_from_db()
    assert visit.state == "planned"
    # The page is left on the way and opened again at home: the draft is there, and goes out by itself.
    desk.page.goto("about:blank")
    desk.context.set_offline(False)
    desk.opens(f"/visits/planned/{visit.pk}/write/")
    desk.page.wait_for_url(f"**/visits/{visit.pk}/")
    desk.page.get_by_text(WORDS).wait_for()
    assert Visit.objects.get().findings.get(area="safety").score == 3
    assert desk.page.evaluate(DRAFTS) == []
    assert desk.faults == []


def test_a_draft_whose_answer_was_lost_goes_and_one_of_other_words_is_shown(
    chromium: Browser, live_server: object, cast: Cast
) -> None:
    now = timezone.now()
    visit = a_planned_visit(cast)
    desk = Desk(chromium, str(live_server), cast.cora).opens(f"/visits/planned/{visit.pk}/write/")
    desk.page.fill("[name=words]", WORDS)
    assert desk.page.evaluate(DRAFTS) != []
    given = Written(timezone.localdate(now), "assured", WORDS, (FindingGiven("safety", 3),), ())
    visits.write_visit(by=cast.cora, now=now, visit_id=visit.pk, version=visit.version, written=given).done()
    kept = desk.page.evaluate("JSON.stringify(localStorage)")
    desk.opens(f"/visits/{visit.pk}/")
    assert desk.page.evaluate(DRAFTS) == []
    other = kept.replace(WORDS, "A door was locked.")
    desk.page.evaluate("kept => Object.assign(localStorage, JSON.parse(kept))", other)
    desk.opens(f"/visits/{visit.pk}/").page.get_by_text("which were not sent: A door was locked.").wait_for()
    assert desk.page.evaluate(DRAFTS) != []


def test_a_child_presses_a_face_and_says_why(chromium: Browser, live_server: object, cast: Cast) -> None:
    now = timezone.now()
    plan_reviews(by=cast.ida, now=now).done()
    review = Review.objects.get(child=cast.amber)
    token = child_page.give_child_link(
        by=cast.sadia, now=now, review_id=review.pk, version=review.version
    ).done()
    desk = Desk(chromium, str(live_server), cast.sadia)
    desk.context.clear_cookies()
    desk.opens(f"/my-review/{token}/").looks("child-review")
    desk.page.get_by_text("Good", exact=True).first.click()
    desk.page.fill("[name=words_home]", "I like my room")
    desk.page.get_by_role("button", name="Send it").click()
    desk.page.get_by_role("heading", name="Thank you").wait_for()
    said = ChildWords.objects.get(review=review)
    assert (said.question, said.face, said.words) == ("home", 3, "I like my room")
