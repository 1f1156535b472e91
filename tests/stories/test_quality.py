"""Quality whole, by role through HTTP: a home takes a child, a concern is shared, it is visited, improves, the hold is lifted,
and the child's review scores the outcomes, with the carer and the child heard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.contracts.models import Contract
from rightplace.journey.requests import case_people
from rightplace.journey.reviews.models import FollowUp, OutcomeScore, Review
from rightplace.register.concerns.models import Concern
from rightplace.register.providers.holding import held_for
from rightplace.register.visits.models import Visit, VisitAction
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 30, 10, 0, tzinfo=make.LATER.tzinfo)
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what time it is for the whole product."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def test_a_home_is_held_visited_improves_and_the_review_scores_its_outcomes(cast: Cast, clock: Clock) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    given = {"child_id": cast.amber.pk, "version": cast.amber.version, "user_id": cast.ida.user_id}
    case_people.name_reviewing_officer(by=cast.dev, now=make.LATER, **given).done()
    clock(START)
    home = cast.acorn_house.pk
    concern = shared_concern(cast, home)
    assert held_for(cast.sutton.pk, home, START.date())
    visited(cast, home)
    improved(cast)
    lifted(cast, concern)
    assert not held_for(cast.croydon.pk, home, START.date())
    reviewed(cast, contract, clock)
    looked_across(cast, home)
    assert check_chains().is_whole


def shared_concern(cast: Cast, home: int) -> Concern:
    """Raised by the commissioner, read at once by the other authority's broker, answered by the provider."""
    cora = Visitor(cast.cora).opens(f"/commissioning/homes/{home}/").follows("Raise a concern")
    entries = {
        "title": "Nights without staff", "about": "staffing", "kind": "allegation", "seen_by": "authorities", "grade": "3",
        "words": "A former worker says that two nights a week nobody is awake.",
    }  # fmt: skip
    cora.presses("Raise the concern", expect=422, **{**entries, "words": ""}).sees("Enter in words")
    cora.presses("Raise the concern", **entries).sees("Placements are stopped here", "Allegation")
    concern = Concern.objects.get()
    Visitor(cast.sadia).opens("/notices/").sees(concern.reference)
    Visitor(cast.brenda).opens("/concerns/").sees("Nights without staff").follows(
        concern.reference
    ).does_not_see("Tell the provider")
    Visitor(cast.priya).opens("/portal/concerns/").does_not_see(concern.reference)
    cora.follows("Tell the provider").presses(
        "Tell the provider", words="Please send the night rotas of October."
    )
    priya = Visitor(cast.priya).opens("/portal/concerns/").follows(concern.reference)
    priya.sees("night rotas of October").does_not_see("former worker", "Nights without staff")
    priya.presses("Send the reply", words="They are on their way.").sees("They are on their way.")
    Visitor(cast.quinn).opens(f"/portal/concerns/{concern.pk}/", expect=404)
    return concern


def visited(cast: Cast, home: int) -> None:
    """Due at once by the rule, planned without notice, written up with two findings and an action."""
    cora = Visitor(cast.cora).opens("/visits/due/").sees("Acorn House", "a concern stands: within 14 days")
    cora.opens(f"/visits/to/{home}/").presses(
        "Plan the visit",
        kind="unannounced",
        why="The concern about nights",
        **day("planned_on", START.date()),
    )
    visit = Visit.objects.get()
    Visitor(cast.priya).opens("/portal/visits/").sees("No visit was written up yet")
    cora.follows("Write it up").sees("Safety", "It then works without a connection")
    entries = {
        **day("visited_on", START.date()), "judgement": "plan", "words": "Calm by day, thin by night.", "score_safety": "2",
        "words_safety": "Two nights with one adult.", "score_people": "1", "posts": "10", "posts_empty": "3",
    }  # fmt: skip
    cora.presses("Write it up", expect=422, **entries).sees("Say what is to be put right")
    action = {"action_1": "Two adults awake each night", "owner_1": "provider", "who_1": "The manager"}
    cora.presses("Write it up", **entries, **action, **day("by_1", START.date() + timedelta(days=14)))
    cora.sees("Improvement plan needed", "Two adults awake each night", "3 of 10")
    cora.presses("Share this visit")
    assert visit.reference


def improved(cast: Cast) -> None:
    """The home reports with evidence; the commissioner accepts it."""
    action = VisitAction.objects.get()
    priya = Visitor(cast.priya).opens(f"/portal/visits/{action.visit_id}/").follows(action.words)
    priya.presses("It is done", evidence="Rotas of two weeks, signed by the manager.")
    cora = Visitor(cast.cora).opens(f"/visit-actions/{action.pk}/").follows("It is met")
    cora.presses("It is met", words="Seen on two nights.").sees("Met")


def lifted(cast: Cast, concern: Concern) -> None:
    """Proposed by one, lifted by another."""
    cora = Visitor(cast.cora).opens(f"/concerns/{concern.pk}/").follows("Propose to lift it")
    cora.presses("Propose to lift it", reason="Nights are staffed.").sees(
        "somebody else decides"
    ).does_not_see("Keep it up")
    dev = Visitor(cast.dev).opens(f"/concerns/{concern.pk}/").follows("Lift it")
    dev.presses("Lift it", reason="The action is met and was seen.").sees("Lifted")


def reviewed(cast: Cast, contract: Contract, clock: Clock) -> None:
    """Papers to the carer, four sides score, the fee follows, a compliment begins, the next review is due."""
    review = Review.objects.get(child=cast.amber, state="due")
    ida = Visitor(cast.ida).opens("/reviews/").follows(str(cast.amber)).presses("Send to the carer")
    first, second = (one.pk for one in contract.versions.last().outcomes.order_by("id"))
    shown = {f"evidence_{first}": "No self-harm since she came.", f"evidence_{second}": "96% attendance."}
    scores = {f"score_{first}": "2", f"score_{second}": "1"}
    priya = Visitor(cast.priya).opens("/portal/reviews/").follows(contract.child_initials)
    priya.does_not_see(cast.amber.last_name).presses("Send", words="She laughs again.", **scores, **shown)
    heard(cast, review, first)
    ida.opens(f"/reviews/{review.pk}/").sees(
        "No self-harm since she came.", "I like my room", "She laughs again."
    )
    moses = Visitor(cast.moses).opens(f"/reviews/{review.pk}/").follows("Fee by outcomes")
    moses.presses(
        "Fee by outcomes", up_from="75", down_below="40", change="2", in_a_row="1", clause="clause 9"
    )
    ida.opens(f"/reviews/{review.pk}/").presses("Keep my scores", **scores, **shown).sees(
        "By clause 9 the fee goes up by 2%"
    )
    ida.follows("Begin something").presses(
        "Begin it", kind="compliment", words="The key worker’s bedtime reading.", owner_id=str(cast.cora.user_id),
        **day("due_on", START.date() + timedelta(days=7)),
    )  # fmt: skip
    ida.follows("Record the review").presses(
        "Record the review", words="She stays; contact goes on.", **day("held_on", START.date())
    )
    assert OutcomeScore.objects.filter(review=review).count() == 5
    following = Review.objects.get(child=cast.amber, state="due")
    assert (following.number, following.why) == (2, "within 3 months of the first")
    follow = FollowUp.objects.get()
    Visitor(cast.cora).opens(f"/follow-ups/{follow.pk}/").follows("Go on there").sees("bedtime reading")
    later = Visitor(cast.priya).opens(f"/portal/reviews/{review.pk}/")
    later.sees("The review was held")


def heard(cast: Cast, review: Review, outcome: int) -> None:
    """The child's page opens with the link alone, takes own words in any script, once, and leads nowhere else."""
    page = Visitor(cast.sadia).opens(f"/reviews/{review.pk}/").presses("Make a link to give")
    address = re.search(r"/my-review/[\w-]+/", page.text)
    assert address is not None
    child = Client()
    shown = child.get(address[0])
    text = shown.content.decode()
    assert cast.amber.last_name not in text
    assert "/social-work/" not in text
    assert shown["Cache-Control"] == "no-store"
    entries = {
        "face_home": "3",
        "words_home": "I like my room ❤ أحب غرفتي",
        f"outcome_{outcome}": "1",
        "face_safe": "9",
    }
    assert child.post(address[0], entries).status_code == 303
    assert child.get(address[0]).status_code == 404
    assert child.post(address[0], entries).status_code == 404
    assert Client().get("/my-review/no-such-link/").status_code == 404
    assert Client().get(f"/reviews/{review.pk}/").status_code == 302


def looked_across(cast: Cast, home: int) -> None:
    """The scorecard has the figures with their range, the profile what a broker asks before a call."""
    Visitor(cast.cora).opens("/scorecard/").sees("Acorn House", "1 of 2", "9% to 91%").follows(
        "Acorn House"
    ).sees("3 of 10")
    bola = Visitor(cast.bola).opens(f"/providers/{cast.oakhouse.pk}/")
    bola.sees("What it does well for our children", "The key worker’s bedtime reading.", "£4,250")
    # Shared with the other authority as far as its agreement goes: the visit, never the child.
    Visitor(cast.brenda).opens("/visits/").sees("Acorn House")
    Visitor(cast.brenda).opens(f"/providers/{cast.oakhouse.pk}/").does_not_see(
        "bedtime reading", cast.amber.last_name
    )
