"""One provider's year, by role through HTTP: it joins a dynamic market, wins a further competition, takes a child, a concern
about it is shared and talked about in the forum, it is visited, improves with evidence, and asks for an uplift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.contracts.models import Contract
from rightplace.register.buying.models import Application, Evidence, Tender
from rightplace.register.concerns.models import Concern, Forum
from rightplace.register.frameworks.models import Lot
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.providers.holding import held_for
from rightplace.register.visits.models import Visit, VisitAction
from tests import files, make
from tests.cast import NOW, Cast, person
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
JOINS = NOW - 90 * DAY
CLOSES = JOINS.date() + 10 * DAY
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what time it is for the whole product."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def test_a_provider_joins_wins_places_is_held_visited_improves_and_asks_for_an_uplift(
    cast: Cast, clock: Clock
) -> None:
    seth = person("Seth Boateng", roles.COMMISSIONER, authority=cast.sutton)
    clock(JOINS)
    lot = market_joined(cast)
    tender = competition_answered(cast, seth, lot)
    clock(JOINS + 20 * DAY)
    competition_won(cast, seth, tender)
    # The child is asked for, searched for and placed by the walk that other stories tell at length: on the lot, not spot.
    contract = make.placement_started(cast, make.contract_in_force(cast))
    price = AgreedPrice.objects.get(contract_number=contract.pk)
    assert (price.provider, price.route) == (cast.oakhouse, "framework")
    clock(make.LATER + 30 * DAY)
    concern = concern_shared(cast)
    assert held_for(cast.sutton.pk, cast.acorn_house.pk, timezone.localdate())
    talked_about(cast, concern)
    visited(cast)
    improved(cast)
    lifted(cast, concern)
    assert not held_for(cast.sutton.pk, cast.acorn_house.pk, timezone.localdate())
    uplift_agreed(cast, contract.pk)
    assert check_chains().is_whole


def market_joined(cast: Cast) -> Lot:
    """A market that asks for insurance; Oakhouse applies with evidence and is admitted once it was looked at."""
    cora, begins = Visitor(cast.cora).opens("/commissioning/frameworks/new/"), JOINS.date()
    cora.presses(
        "Make it", name="Homes market", route="dynamic_market", kinds=["residential"], **day("starts_on", begins),
        **day("ends_on", begins + 1400 * DAY),
    )  # fmt: skip
    lot = Lot.objects.get(framework__name="Homes market")
    cora.follows("Homes market").follows("Ask for evidence")
    cora.presses("Ask for it", kind="public_liability", least_cover_pence="5,000,000")
    priya = Visitor(cast.priya).opens("/portal/markets/").follows(lot.name)
    priya.presses("Send the application", statement="Two homes nearby.", price_core="4,300").sees("Not given")
    priya.follows("Public liability insurance").presses(
        "Keep", reference="PL-9", cover_pence="5,000,000", **day("starts_on", date(2026, 1, 1)),
        **day("expires_on", date(2027, 12, 31)), files={"file": SimpleUploadedFile("cover.pdf", files.PDF)},
    )  # fmt: skip
    row = Application.objects.get()
    cora.opens(f"/commissioning/applications/{row.pk}/").presses("Begin the evaluation")
    cora.opens(f"/commissioning/evidence/{Evidence.objects.get().pk}/").presses("Keep", is_good="yes")
    cora.opens(f"/commissioning/applications/{row.pk}/").follows("Admit").presses("Admit").sees("Admitted")
    return lot


def competition_answered(cast: Cast, seth: Actor, lot: Lot) -> Tender:
    """A further competition by quality and whole cost; Oakhouse answers, sealed."""
    cora = Visitor(cast.cora).opens("/commissioning/tenders/new/").presses(
        "Make it", title="Beds for teenagers", route="further_competition", lot=lot.pk, places=2, **day("closes_on", CLOSES),
        **day("starts_on", date(2027, 3, 1)), **day("ends_on", date(2028, 3, 1)),
    )  # fmt: skip
    cora.follows("Add a criterion").presses("Add", name="Care", weight=70, least=2)
    cora.follows("Add a criterion").presses("Add", name="Whole cost", weight=30, is_cost="on", least=0)
    for who in (cast.cora, seth):
        cora.follows("Name an evaluator").presses("Name them", user=who.person_id)
    cora.presses("Open it")
    tender = Tender.objects.get()
    care = tender.criteria.get(is_cost=False)
    priya = Visitor(cast.priya).opens("/portal/tenders/").follows("Beds for teenagers").presses("Answer it")
    priya.follows("Write it").presses(
        "Keep", **{f"words_{care.pk}": "A key worker each."}, weekly_pence="4,250"
    )
    priya.presses("Submit").sees("Submitted")
    return tender


def competition_won(cast: Cast, seth: Actor, tender: Tender) -> None:
    """Two score alone, moderate, and award with feedback."""
    here, care = f"/commissioning/tenders/{tender.pk}/", tender.criteria.get(is_cost=False)
    cora = Visitor(cast.cora).opens(here).presses("Open what was tendered")
    for who, points in ((seth, 4), (cast.cora, 4)):
        visitor = Visitor(who).opens(here).follows(cast.oakhouse.name)
        visitor.presses("Keep my scores", **{f"points_{care.pk}": points, f"words_{care.pk}": "Good."})
        visitor.presses("I have finished")
    cora.opens(here).presses("Begin the moderation").follows("Moderate")
    cora.presses("Keep the points", points=4, reason="Both say good.").follows("Award")
    won = tender.answered.get()
    cora.presses("Award and tell everyone", **{f"feedback_{won.pk}": "Strong on key workers."}).sees(
        "Awarded"
    )
    Visitor(cast.priya).opens(f"/portal/tendered/{won.pk}/").sees("Awarded to you", "Strong on key workers.")


def concern_shared(cast: Cast) -> Concern:
    """Raised by Croydon, read at once by Sutton, with the hold that stops both."""
    cora = Visitor(cast.cora).opens(f"/commissioning/homes/{cast.acorn_house.pk}/").follows("Raise a concern")
    cora.presses(
        "Raise the concern", title="Nights without staff", about="staffing", kind="allegation", seen_by="authorities",
        grade="3", words="Two nights a week nobody is awake.",
    ).sees("Placements are stopped here")  # fmt: skip
    concern = Concern.objects.get()
    Visitor(cast.brenda).opens("/concerns/").sees("Nights without staff")
    cora.follows("Tell the provider").presses("Tell the provider", words="Please send the rotas.")
    Visitor(cast.priya).opens(f"/portal/concerns/{concern.pk}/").presses(
        "Send the reply", words="They come today."
    )
    return concern


def talked_about(cast: Cast, concern: Concern) -> None:
    """The forum of the consortium agrees who does what; Sutton's broker reads it at the concern."""
    conrad = (
        Visitor(cast.conrad).opens("/forums/new/").presses("Plan it", **day("held_on", timezone.localdate()))
    )
    forum = Forum.objects.get()
    conrad.sees("Nights without staff").follows("Nights without staff")
    conrad.presses(
        "Keep what was agreed", words="Croydon visits for all.", owner_id=cast.croydon.pk,
        **day("due_on", timezone.localdate() + 14 * DAY),
    ).sees("Croydon visits for all.")  # fmt: skip
    conrad.follows("It was held").presses("It was held", words="Croydon and Sutton.").sees("Held")
    Visitor(cast.cora).opens("/notices/").sees(str(forum))
    Visitor(cast.brenda).opens(f"/concerns/{concern.pk}/").sees("Croydon visits for all.")


def visited(cast: Cast) -> None:
    """Unannounced, written up with an action and a file, shared."""
    today = timezone.localdate()
    cora = Visitor(cast.cora).opens(f"/visits/to/{cast.acorn_house.pk}/")
    cora.presses(
        "Plan the visit",
        kind="unannounced",
        why="The forum",
        **day("planned_on", today),
    )
    visit = Visit.objects.get()
    cora.follows("Write it up").presses(
        "Write it up", **day("visited_on", today), judgement="plan", words="Thin by night.", score_safety="2",
        action_1="Two adults awake", owner_1="provider", who_1="The manager", **day("by_1", today + 14 * DAY),
    ).sees("Two adults awake")  # fmt: skip
    cora.follows("Keep a file with this visit").presses(
        "Keep it", words="The board of names", files={"file": SimpleUploadedFile("board.png", files.PNG)}
    ).sees("The board of names")  # fmt: skip
    cora.presses("Share this visit")
    Visitor(cast.priya).opens(f"/portal/visits/{visit.pk}/").sees("The board of names", "Two adults awake")


def improved(cast: Cast) -> None:
    """The home shows that it is done, with a rota; the commissioner looks at it and accepts."""
    action = VisitAction.objects.get()
    priya = Visitor(cast.priya).opens(f"/portal/visits/{action.visit_id}/").follows(action.words)
    bad = SimpleUploadedFile("rota.pdf", b"not a file of any kind")
    priya.presses("It is done", expect=422, evidence="Rotas.", files={"file": bad}).sees("must be a PDF")
    priya.presses(
        "It is done",
        evidence="Rotas of two weeks.",
        files={"file": SimpleUploadedFile("rota.pdf", files.PDF)},
    ).sees("rota.pdf")
    Visitor(cast.cora).opens(f"/visits/{action.visit_id}/").sees("rota.pdf")
    cora = Visitor(cast.cora).opens(f"/visit-actions/{action.pk}/").follows("It is met")
    cora.presses("It is met", words="Seen on two nights.").sees("Met")


def lifted(cast: Cast, concern: Concern) -> None:
    """Proposed by one, lifted by another."""
    Visitor(cast.cora).opens(f"/concerns/{concern.pk}/").follows("Propose to lift it").presses(
        "Propose to lift it", reason="Nights are staffed."
    )
    dev = Visitor(cast.dev).opens(f"/concerns/{concern.pk}/").follows("Lift it")
    dev.presses("Lift it", reason="The action is met.").sees("Lifted")


def uplift_agreed(cast: Cast, contract_number: int) -> None:
    """Asked in the portal, agreed for all by the lead; signed by both it stands in the contract and the history of prices."""
    begins = timezone.localdate() + 20 * DAY
    priya = Visitor(cast.priya).opens("/portal/uplifts/").follows("Ask for an uplift")
    priya.presses("Ask", percent="4", reason="Wages rise.", **day("from_on", begins)).sees("Asked")
    cora = Visitor(cast.cora).opens("/commissioning/leads/new/")
    cora.presses("Keep it", provider=cast.oakhouse.name, lead=cast.croydon.pk)
    cora.opens("/commissioning/uplifts/").follows(cast.oakhouse.name).follows("Agree")
    cora.presses("Agree", percent="2", reason="As the index rose.").sees("Agreed", "2%")
    contract = Contract.objects.get(pk=contract_number)
    make.variation_permitted(cast, contract)
    for who in (cast.bola, cast.priya):
        make.contract_signed_by(who, contract, now=timezone.now())
    first, second = AgreedPrice.objects.filter(contract_number=contract_number).order_by("starts_on")
    assert first.ends_on == second.starts_on == begins
    assert abs(second.weekly_pence - first.weekly_pence * 1.02) < 10
    Visitor(cast.cora).opens("/commissioning/consortium/year/").sees(
        "Oakhouse Care", "Beds for teenagers", "Admitted"
    )
