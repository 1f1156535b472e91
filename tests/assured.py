"""Quality in the tests' world: a concern told to its provider, a visit with an action, a review, signs, complaints."""

from __future__ import annotations

from datetime import datetime, timedelta

from rightplace.foundation.files.taking import TakenFile, take_file
from rightplace.journey.contracts.models import Contract
from rightplace.journey.court_orders import actions as court_orders
from rightplace.journey.court_orders.actions import OrderGiven
from rightplace.journey.reviews import actions as reviews
from rightplace.journey.reviews import complaints, following, steadiness, surveys
from rightplace.journey.reviews.models import Review, StabilityMeeting
from rightplace.register.concerns import actions as concerns
from rightplace.register.concerns import forums
from rightplace.register.concerns.actions import EntryGiven
from rightplace.register.visits import actions as visits
from rightplace.register.visits.actions import ActionGiven, FindingGiven, Written
from tests import files
from tests.cast import NOW, TODAY, Cast

DAY = timedelta(days=1)


def assured(cast: Cast, contract: Contract) -> dict[str, int]:
    """The rows by the kinds that addresses name."""
    setting_id = contract.placement.setting_id
    noted = EntryGiven("step", "We asked for the rotas.", seen_by="provider")
    concern = concerns.raise_concern(
        by=cast.cora,
        now=NOW,
        setting_id=setting_id,
        about="staffing",
        grade=2,
        title="Thin nights",
        first=noted,
    ).done()
    concern = concerns.tell_provider_of_concern(
        by=cast.cora, now=NOW, concern_id=concern.pk, version=concern.version, words="Please send the rotas."
    ).done()
    planned, done = (
        visits.plan_visit(
            by=cast.cora, now=NOW, setting_id=setting_id, kind="unannounced", why="The plan", planned_on=TODAY
        ).done()
        for _ in range(2)
    )
    action = ActionGiven("Two adults awake", "provider", "The manager", TODAY + 14 * DAY)
    written = Written(TODAY, "actions", "Calm.", (FindingGiven("safety", 2),), (action,))
    done = visits.write_visit(
        by=cast.cora, now=NOW, visit_id=done.pk, version=done.version, written=written
    ).done()
    return {
        "concern": concern.pk, "quality_visit": done.pk, "planned_visit": planned.pk,
        "visit_action": done.actions.get().pk, **_shown(cast, contract, done.pk),
        **_reviewed(cast, contract), **_heard(cast, contract),
    }  # fmt: skip


def _shown(cast: Cast, contract: Contract, visit_id: int) -> dict[str, int]:
    """A file of the visit, a forum, and a place without registration that a court ordered for the child."""
    taken = take_file("rota.png", files.PNG)
    assert isinstance(taken, TakenFile)
    kept = visits.add_visit_file(by=cast.cora, now=NOW, visit_id=visit_id, taken=taken, words="The rota").done()
    # Both sides are of one consortium, which meets once a day.
    on = TODAY + cast.cora.authority_id % 20 * DAY
    forum = forums.plan_forum(by=cast.cora, now=NOW, held_on=on).done()
    given = OrderGiven(
        place="A house near the coast", urn="", court="High Court", order_number="FD26P7", ordered_on=TODAY,
        ends_on=TODAY + 28 * DAY, why="None of 31 homes took her.",
    )  # fmt: skip
    permission = contract.placement.permission
    assert permission is not None
    asked = court_orders.ask_for_court_place(
        by=cast.moses, now=NOW, request_id=permission.choice.request_id, given=given
    ).done()
    return {"visit_file": kept.pk, "forum": forum.pk, "court_place": asked.pk}


def _reviewed(cast: Cast, contract: Contract) -> dict[str, int]:
    review = Review.objects.get(child_id=contract.placement.child_id, state="due")
    now = datetime.combine(contract.placement.period.lower + DAY, NOW.timetz())
    reviews.send_review_papers(by=cast.sadia, now=now, review_id=review.pk, version=review.version).done()
    told = {"by": cast.sadia, "now": now, "placement_id": contract.placement_id}
    steadiness.tell_sign(**told, kind="carer_notice", happened_on=now.date(), words="In the evening.").done()
    follow = following.begin_follow_up(
        **told, review_id=review.pk, kind="support", words="Night support", owner_id=cast.sadia.person_id,
        due_on=now.date() + 9 * DAY,
    ).done()  # fmt: skip
    meeting = StabilityMeeting.objects.get(placement_id=contract.placement_id)
    return {"case_review": review.pk, "stability_meeting": meeting.pk, "follow_up": follow.pk}


def _heard(cast: Cast, contract: Contract) -> dict[str, int]:
    complaint = complaints.record_complaint(
        by=cast.cora, now=NOW, is_compliment=False, placement_id=contract.placement_id, from_whom="parent",
        words="Nobody rings.", received_on=TODAY,
    ).done()  # fmt: skip
    survey = surveys.open_survey(
        by=cast.cora,
        now=NOW,
        audience="carers",
        title="This term",
        is_anonymous=True,
        closes_on=TODAY + 400 * DAY,
    ).done()
    return {"complaint": complaint.pk, "survey": survey.pk}
