"""The loaded demo: real boroughs and providers, synthetic people, and something waiting at every desk."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Count, Q, Sum

from rightplace.demo.load import Loaded
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import is_demo
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.contracts.models import Contract, RisePermission
from rightplace.journey.decisions.models import Permission
from rightplace.journey.invoices.models import InvoiceLine, Payable
from rightplace.journey.ledger.for_carers import lives_here, paid, still_due
from rightplace.journey.offers.models import Offer
from rightplace.journey.packages.models import Package
from rightplace.journey.payments.actions import make_schedule
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Invitation, Question, Search
from rightplace.oversight.services.needs import needs_against
from rightplace.register.carers.models import CarerAccount, Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting
from rightplace.register.services.queries import kinds
from tests.demo.conftest import NOW

TODAY = NOW.date()
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _the_demo(demo: Loaded) -> None:
    """Each test here reads the loaded demo."""


def test_the_boroughs_are_real_and_marked_as_a_demonstration() -> None:
    assert is_demo()
    found = set(Authority.objects.values_list("name", "gss_code", "dfe_code"))
    assert ("Croydon", "E09000008", "306") in found
    assert all(number > 30_000 for number in Authority.objects.values_list("population_0_17", flat=True))


def test_the_providers_are_those_of_the_register() -> None:
    assert Setting.objects.filter(region="London", kind="residential").count() > 150
    assert not Setting.objects.exclude(region="London").exists()


def test_every_child_and_carer_is_marked_as_synthetic() -> None:
    assert Child.objects.exists()
    assert not Child.objects.filter(is_synthetic=False).exists()
    assert not Household.objects.filter(is_synthetic=False).exists()
    # Those of long ago, whose records are past their time, have no address any more.
    assert not Child.objects.exclude(home_postcode="").exclude(home_postcode__endswith="ZZ").exists()


def test_nobody_has_a_password_and_every_address_is_reserved() -> None:
    assert not User.objects.exclude(password__startswith="!").exists()
    # Other systems' accounts have no address.
    assert not User.objects.exclude(email="").exclude(email__endswith=".example.org").exists()


def test_every_role_is_held_in_every_authority() -> None:
    wanted = roles.STAFF | {roles.ELECTED_MEMBER}
    for authority in Authority.objects.all():
        held = set(Membership.objects.filter(authority=authority).values_list("role", flat=True))
        assert held - {roles.FOSTER_CARER} == wanted, authority.name
    assert Membership.objects.filter(role=roles.CONSORTIUM_OFFICER).count() == 2
    assert Membership.objects.filter(role=roles.PROVIDER).count() >= 8


def test_every_child_in_care_has_one_home_and_a_social_worker() -> None:
    in_care = Child.objects.filter(social_worker__isnull=False).annotate(
        homes=Count("placements", filter=Q(placements__state="started"))
    )
    homes = Counter(in_care.values_list("homes", flat=True))
    # One child's home broke down yesterday; everybody else lives somewhere.
    assert homes[0] <= 2
    assert set(homes) <= {0, 1}


def test_codes_of_the_return_fit_the_kind_of_place() -> None:
    rows = Placement.objects.filter(source="demo")
    assert not rows.filter(place_code__in=["U4", "U6"], provider_code="PR1", household__isnull=True).exists()
    assert not rows.filter(place_code="K2", setting__isnull=True).exists()
    assert not rows.filter(place_code="").exists()
    assert not rows.filter(state="ended", end_reason="").exists()
    assert not rows.filter(end_reason="X1", change_reason="").exists()


def test_something_waits_in_every_state_of_a_request() -> None:
    states = Counter(PlacementRequest.objects.values_list("state", flat=True))
    wanted = {
        "draft", "submitted", "returned", "ready", "searching", "offers_in", "chosen", "permitted", "placed",
        "withdrawn",
    }  # fmt: skip
    assert wanted <= set(states)


def test_searches_wait_for_own_carers_for_the_market_and_for_a_choice() -> None:
    assert {"own_carers", "market", "closed"} <= set(Search.objects.values_list("state", flat=True))
    still_open = Search.objects.filter(state__in=["own_carers", "market"], request__state="searching")
    assert not still_open.filter(closes_at__lte=NOW).exists()
    assert Question.objects.filter(answer="", search__in=still_open).exists()
    assert Offer.objects.filter(state="submitted", search__in=still_open).exists()
    assert Offer.objects.filter(state="draft", search__in=still_open).exists()


def test_people_of_real_providers_have_referrals_to_answer() -> None:
    providers = Membership.objects.filter(role=roles.PROVIDER).values("provider")
    assert Invitation.objects.filter(provider__in=providers, state="sent", closes_at__gt=NOW).exists()


def test_permissions_wait_at_the_panel_and_within_delegated_limits() -> None:
    waiting = Permission.objects.filter(state="asked")
    assert {"panel", "delegated"} <= set(waiting.values_list("route", flat=True))
    assert waiting.filter(is_retrospective=True).exists()


def test_placements_are_due_to_start_late_or_did_not_arrive() -> None:
    planned = Placement.objects.filter(state="planned")
    assert planned.filter(period__startswith__gt=TODAY).exists()
    assert planned.filter(period__startswith__lt=TODAY).exists()
    assert Placement.objects.filter(state="not_arrived").exists()
    assert Placement.objects.filter(source="journey", state="ended").exists()


def test_contracts_wait_for_either_signature_and_run() -> None:
    assert {"draft", "awaiting_signatures", "in_force"} <= set(
        Contract.objects.values_list("state", flat=True)
    )
    assert Contract.objects.filter(
        state="awaiting_signatures", versions__signatures__side="authority"
    ).exists()


def test_dearer_variations_wait_for_permission() -> None:
    assert RisePermission.objects.filter(state="asked", contract_version__waits_for_permission=True).exists()


def test_a_broken_down_placement_is_asked_for_again() -> None:
    assert PlacementRequest.objects.filter(replaces_placement_id__isnull=False).exists()


def test_every_contract_names_its_home() -> None:
    assert not Contract.objects.filter(home_words="").exists()


def test_the_schedule_of_a_standing_contract_is_what_its_terms_come_to() -> None:
    contract = (
        Contract.objects.filter(placement__source="demo").annotate(due=Sum("schedule__pence")).latest("due")
    )
    by = system_actor(authority_id=contract.authority_id)
    made = make_schedule(by=by, now=NOW, contract_id=contract.pk).done()
    assert (made.lines_added, made.lines_superseded, made.change_pence) == (0, 0, 0)


def test_schedules_cover_last_year_and_this() -> None:
    years = set(ScheduleLine.objects.values_list("financial_year", flat=True))
    assert {"2024-25", "2025-26", "2026-27"} <= years


def test_history_goes_back_two_years() -> None:
    assert Placement.objects.filter(period__startswith__lt=TODAY - timedelta(days=730)).exists()


def test_services_have_a_contract_a_schedule_and_a_paid_invoice() -> None:
    of_services = Contract.objects.filter(package__service__name__in=("Steady Days", "Clear Start"))
    assert {one.state for one in of_services} == {"in_force"} and len(of_services) == 2
    assert ScheduleLine.objects.filter(contract__in=of_services, state="due").values("contract").distinct().count() == 2
    assert InvoiceLine.objects.filter(contract__in=of_services).values("invoice").distinct().count() == 2
    assert Payable.objects.filter(contract__in=of_services, items__payment__state="paid", net_pence__gt=0).exists()


def test_every_kind_of_service_beside_a_placement_has_a_case() -> None:
    known = kinds(Authority.objects.get(name="Croydon").pk, TODAY).values()
    served = set(Package.objects.values_list("kind_code", flat=True))
    assert {one.code for one in known if not one.is_home} - served == set()


def test_a_service_of_several_items_shows_what_was_used_beside_what_is_needed() -> None:
    row = Package.objects.get(service__name="Steady Days")
    lines = {one.words: one for one in needs_against(row, TODAY)}
    miles = lines["Miles to the day centre"]
    assert (miles.needed, miles.provided) == (30, 40) and miles.used is not None and 0 < miles.used < 30
    assert len(lines) == 3


def test_a_foster_carer_signs_in_sees_children_and_has_said_when_they_are_free() -> None:
    account = CarerAccount.objects.get()
    actor = Membership.objects.get(user=account.user, role=roles.FOSTER_CARER).as_actor()
    with acting_as(actor):
        assert lives_here(actor) and still_due(actor) and {one.state for one in paid(actor)} == {"paid"}
        assert Household.objects.get() == account.household
    assert account.household.sayings.filter(is_free=False).exists()
