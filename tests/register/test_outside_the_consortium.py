"""A non-member sees nothing: who is drawn from outside finds no row in any table of buying, blocks, prices, concerns, visits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.organisations.models import Authority, Consortium
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.blocks import queries as blocks
from rightplace.register.buying import queries as buying
from rightplace.register.concerns import queries as concerns
from rightplace.register.concerns.actions import EntryGiven, raise_concern
from rightplace.register.prices import queries as prices
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.visits import queries as visits
from rightplace.register.visits.actions import plan_visit
from tests.bought import bought
from tests.cast import NOW, TODAY, Cast, person
from tests.keeping_beds import FIRST, kept, settled

pytestmark = pytest.mark.django_db
APPS = ("buying", "blocks", "prices", "concerns", "visits")
STAFF = (
    roles.COMMISSIONER, roles.ANALYST, roles.BROKER, roles.DIRECTOR, roles.FINANCE_OFFICER, roles.TEAM_MANAGER,
)  # fmt: skip
MANY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class World:
    """A consortium that has bought, kept beds, raised and planned; and people of everywhere else."""

    cast: Cast
    strangers: tuple[Actor, ...]


@pytest.fixture
def world(cast: Cast) -> World:
    bought(cast, cast.priya)
    settled(kept(cast), FIRST)
    raise_concern(
        by=cast.cora, now=NOW, setting_id=cast.acorn_house.pk, about="staffing", grade=3, title="Nights without staff",
        first=EntryGiven("allegation", "Nobody is awake.", "authorities"),
    ).done()  # fmt: skip
    plan_visit(
        by=cast.cora,
        now=NOW,
        setting_id=cast.acorn_house.pk,
        kind="unannounced",
        why="The concern",
        planned_on=TODAY,
    ).done()
    AgreedPrice.objects.create(
        authority=cast.croydon, provider=cast.oakhouse, setting=cast.acorn_house, contract_number=1, home_kind="residential",
        route="framework", band="core", weekly_pence=450_000, starts_on=TODAY,
    )  # fmt: skip
    elsewhere = Consortium.objects.create(name="Elsewhere")
    leeds = Authority.objects.create(consortium=elsewhere, name="Leeds", gss_code="E08000035")
    alone = Authority.objects.create(name="Rutland", gss_code="E06000017")
    officer = person("Olga Hall", roles.CONSORTIUM_OFFICER, consortium=elsewhere)
    people = [
        person(f"{place}{at} Moor", role, authority=where)
        for place, where in (("Lee", leeds), ("Rue", alone)) for at, role in enumerate(STAFF)
    ]  # fmt: skip
    return World(cast, (officer, *people))


def tables() -> list[type[models.Model]]:
    """Every table of those parts whose rows are somebody's: whoever adds one is asked here."""
    every = (one for name in APPS for one in apps.get_app_config(name).get_models())
    return [one for one in every if getattr(one, "tenancy", None) is not Tenancy.SHARED]


def found_by(actor: Actor) -> list[str]:
    """What an actor finds by the questions that pages ask."""
    asked = {
        "applications": buying.applications, "tenders": buying.tenders, "plans": buying.plans, "uplifts": buying.uplifts,
        "leads": buying.leads, "services": buying.services, "releases": buying.releases, "evidence": buying.evidence_seen,
        "blocks": blocks.blocks, "settlements": blocks.settlements, "concerns": concerns.concerns, "visits": visits.visits,
        "prices": prices.own_prices,
    }  # fmt: skip
    with acting_as(actor):
        return [name for name, question in asked.items() if question(actor).exists()]


def seen_by(actor: Actor) -> set[str]:
    """The tables in which row security lets an actor find a row, whatever a page might forget to ask."""
    with acting_as(actor):
        return {one.__name__ for one in tables() if one._default_manager.exists()}


@given(data=st.data())
@MANY
def test_a_non_member_sees_nothing(world: World, data: st.DataObject) -> None:
    member = data.draw(st.sampled_from([world.cast.cora, world.cast.conrad]))
    # That there is something to see: the test could not fail otherwise.
    assert {"Application", "Tender", "UpliftRequest", "SharedBlock", "BlockSettlement"} <= seen_by(member)
    stranger = data.draw(st.sampled_from(world.strangers))
    assert seen_by(stranger) == set()
    assert found_by(stranger) == []


def test_the_member_sees_all_that_the_stranger_does_not(world: World) -> None:
    assert {"prices", "concerns", "visits", "applications", "blocks", "uplifts"} <= set(
        found_by(world.cast.cora)
    )
    assert len(tables()) > 25
