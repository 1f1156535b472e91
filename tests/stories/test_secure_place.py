"""A secure place through the ordinary journey: in nobody's search until it is asked for with its criteria, and K1 at the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from rightplace.journey.contracts.models import Contract
from rightplace.journey.packages.models import Package
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests import actions as requests
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Candidate, Invitation, Search
from rightplace.journey.search.widening import widen_rule
from rightplace.register.frameworks.models import Lot, LotMember
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import NOW, Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
CRITERIA = "Runs away most nights and comes to harm; a home near family is looked for from the first day."


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture
def larch(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """A secure children's home far away, of a provider on the framework."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    lot = Lot.objects.create(
        framework=LotMember.objects.earliest("pk").lot.framework, name="Secure", kind="secure"
    )
    LotMember.objects.create(lot=lot, provider=cast.oakhouse, starts_on=date(2020, 1, 1))
    return Setting.objects.create(
        provider=cast.oakhouse, urn="2500009", name="Larch House", kind="secure", provision_type="Children's home",
        status="active", sector="Private", local_authority="Leeds", region="Yorkshire", registered_on=date(2015, 1, 1),
        as_at=date(2025, 3, 31), latitude=53.8, longitude=-1.5, postcode="LS1 1AA", located_by="sector", grade="good",
        places=6, min_age=10, max_age=17,
    )  # fmt: skip


def asked_for(cast: Cast, **answers: object) -> PlacementRequest:
    """A request of Sadia's in which a secure home is asked for on the page."""
    row = make.request_draft(cast)
    sadia = (
        Visitor(cast.sadia)
        .opens(f"/social-work/requests/{row.pk}/steps/home/")
        .sees("Is a secure children’s home needed?")
    )
    sadia.presses("Save and continue", is_secure_needed="yes", **answers)
    row.refresh_from_db()
    return row


def searched(cast: Cast, row: PlacementRequest) -> Search:
    """Sent, passed, and every home that may be asked is asked."""
    row = requests.submit_request(by=cast.sadia, now=NOW, request_id=row.pk, version=row.version).done()
    row = requests.pass_request(
        by=cast.bola, now=NOW, request_id=row.pk, version=row.version, confirmed_words=make.words_masked(row)
    ).done()
    return make.search.open_search(
        by=cast.bola,
        now=NOW,
        request_id=row.pk,
        strategy="all_at_once",
        override_reason="A court sits on Monday.",
    ).done()


def test_no_child_is_put_to_a_secure_home_unless_somebody_asks(cast: Cast, larch: Setting) -> None:
    row = make.market_open(cast)
    one = Candidate.objects.get(search=row, setting=larch)
    assert [reason.code for reason in one.exclusions.all()] == ["secure_not_asked"]
    widen_rule(
        by=cast.bola,
        now=NOW,
        search_id=row.pk,
        version=row.version,
        code="secure_not_asked",
        reason="Nobody else.",
    )
    assert not Invitation.objects.filter(search=row, setting=larch).exists()
    page = Visitor(cast.sadia).opens(reverse("social_work:request", args=[row.request_id]))
    page.does_not_see("Secure children", "nomination")


def test_a_secure_home_is_not_asked_for_without_its_criteria(cast: Cast, larch: Setting) -> None:
    row = asked_for(cast, secure_words="Yes.")
    refused = requests.submit_request(by=cast.sadia, now=NOW, request_id=row.pk, version=row.version)
    assert [one.field for one in refused.problems] == ["secure"]
    Visitor(cast.sadia).opens(f"/social-work/requests/{row.pk}/steps/check/").sees(
        "Say which criterion of section 25 is met"
    )


def test_a_child_under_13_needs_the_secretary_of_state_before_a_secure_home_is_asked(
    cast: Cast, larch: Setting
) -> None:
    type(cast.amber).objects.filter(pk=cast.amber.pk).update(
        born_on=NOW.date() - timedelta(days=12 * 365 + 30)
    )
    row = searched(cast, asked_for(cast, secure_words=CRITERIA))
    one = Candidate.objects.get(search=row, setting=larch)
    assert [reason.code for reason in one.exclusions.all()] == ["under_13_secure"]
    letter = "The Secretary of State approved on 2 March, letter SA/12."
    widen_rule(
        by=cast.bola, now=NOW, search_id=row.pk, version=row.version, code="under_13_secure", reason=letter
    ).done()
    assert Invitation.objects.filter(search=row, setting=larch).exists()


def test_a_secure_place_is_asked_for_offered_permitted_and_begun_like_any_other(
    cast: Cast, larch: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = searched(cast, asked_for(cast, secure_words=CRITERIA, residential_suitability="unsuitable"))
    assert {one.setting.kind for one in row.invitations.exclude(setting=None)} == {"foster", "secure"}
    invitation = make.invitation_to(row, larch)
    priya = Visitor(cast.priya).opens(f"/portal/referrals/{invitation.pk}/").presses("Open the referral")
    priya.sees(CRITERIA, "A nomination is accepted", "Who brings the child there is agreed")
    make.offer_submitted(cast, row, larch)
    permission = make.placement_approved(cast, make.search_closed(cast, row), larch)
    contract = make.contract_in_force(cast, Contract.objects.get(placement__permission=permission))
    make.placement_started(cast, contract)
    assert Placement.objects.get().place_code == "K1"


def test_its_clocks_its_waiting_and_its_way_back_are_watched_beside_the_placement(
    cast: Cast, larch: Setting
) -> None:
    today, kind = NOW.date(), "/packages/kinds/secure_pathway/"
    words = {f"part_{number}": "As in the plan." for number in range(3)}
    Visitor(cast.sadia).opens(kind).presses(
        "Ask for it", child=str(cast.amber.pk), **words, **day("needed_by", today)
    )
    row = Package.objects.get()
    sadia = Visitor(cast.sadia).opens(f"/packages/{row.pk}/start/")
    sadia.presses("It has begun", check_0="on", check_1="on", **day("starts_on", today))
    sadia.sees("Court order (72 hours without one)", "Secure review", "Later secure reviews")
    ends = day("particular_2", today + timedelta(days=80))
    sadia.follows("Keep what is known").presses(
        "Keep this", particular_0="Runs away and comes to harm", particular_1="On the national list",
        particular_3="Not begun", **ends, **day("said_on", today),
    )  # fmt: skip
    sadia.sees("On the national list", "Not begun", "Order ends")
