"""PostgreSQL itself keeps the rows apart: every table of a tenant, every side, also when scopes follow each other quickly."""

from __future__ import annotations

import random

import pytest
from django.apps import apps
from django.db import connection, models

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.children.models import Child
from tests.world import World

OURS = [m for m in apps.get_models() if m.__module__.startswith("rightplace.")]
SHARED = (Tenancy.SHARED, Tenancy.PLATFORM)
# That a home changed is shared like the home; what it says of own carers: tests/journey/search/test_snapshot.py.
MIXED = {"search.MarketChange"}
APART = [m for m in OURS if m.tenancy not in SHARED and m._meta.label not in MIXED]  # type: ignore[attr-defined]  # every model of ours states it
OF_AUTHORITY = [m for m in APART if any(f.attname == "authority_id" for f in m._meta.concrete_fields)]
SHARED_BY_AGREEMENT = {
    "safeguards.SharingAgreement", "providers.Hold", "concerns.Concern", "concerns.ConcernEntry"
}  # fmt: skip
# Tables that hold rows of both sides in the walked world.
FEWEST_FILLED = 30


def _owned(model: type[models.Model], authority_id: int) -> int:
    return model._default_manager.filter(authority_id=authority_id).count()


def test_most_tables_hold_rows_of_both_sides(world: World) -> None:
    """Otherwise the tests below would prove nothing."""
    sides = (world.cast.croydon.pk, world.cast.sutton.pk)
    lacking = [m._meta.label for m in OF_AUTHORITY if not all(_owned(m, side) for side in sides)]
    assert len(OF_AUTHORITY) - len(lacking) >= FEWEST_FILLED, lacking


@pytest.mark.parametrize("model", OF_AUTHORITY, ids=lambda m: m._meta.label)
def test_a_query_that_forgets_its_filter_finds_no_row_of_another_authority(world: World, model: type[models.Model]) -> None:
    if model._meta.label in SHARED_BY_AGREEMENT:
        return  # the two sides share concerns; who does not sees none: tests/security/test_sharing.py
    with acting_as(world.cast.bola):
        foreign = model._default_manager.exclude(authority_id=world.cast.croydon.pk)
        assert foreign.count() == 0
    with acting_as(world.cast.brenda):
        assert model._default_manager.exclude(authority_id=world.cast.sutton.pk).count() == 0


@pytest.mark.parametrize("model", APART, ids=lambda m: m._meta.label)
def test_a_consortium_officer_finds_no_row_of_any_authority(world: World, model: type[models.Model]) -> None:
    if model._meta.label in SHARED_BY_AGREEMENT or "consortium_id" in model.tenancy.reads:  # type: ignore[attr-defined]  # every model of ours states it
        return  # tests/security/test_sharing.py; what the members do together is the officer's too: tests/register/test_buying.py
    with acting_as(world.cast.conrad):
        assert model._default_manager.count() == 0


@pytest.mark.parametrize("model", APART, ids=lambda m: m._meta.label)
def test_a_provider_finds_no_row_of_another_provider(world: World, model: type[models.Model]) -> None:
    names = {field.attname for field in model._meta.concrete_fields}
    with acting_as(world.cast.priya):
        rows = model._default_manager.all()
        if "provider_id" in names:
            assert rows.exclude(provider_id=world.cast.oakhouse.pk).count() == 0
        elif model.tenancy == Tenancy.AUTHORITY:  # type: ignore[attr-defined]  # every model of ours states it
            assert rows.count() == 0


@pytest.mark.parametrize("model", OF_AUTHORITY, ids=lambda m: m._meta.label)
def test_nobody_changes_or_deletes_a_row_of_another_authority(world: World, model: type[models.Model]) -> None:
    if hasattr(model, "refused_rights"):
        return  # not even one's own (tests/foundation/test_audit.py)
    with acting_as(world.cast.brenda), connection.cursor() as cursor:
        table, own = model._meta.db_table, [world.cast.sutton.pk]
        for statement in (f'UPDATE "{table}" SET authority_id = authority_id', f'DELETE FROM "{table}"'):
            cursor.execute(f"{statement} WHERE authority_id <> %s", own)
            assert cursor.rowcount == 0


def test_scopes_that_follow_each_other_on_one_connection_never_mix(own_world: World) -> None:
    """A pooled connection carries nothing over: also after an error, in any order."""
    chance, cast = random.Random(7), own_world.cast
    seen = {"Croydon": {"Amber", "Jude", "Kiran"}, "Sutton": {"Lena", "Orla", "Piet"}, "": set()}
    players: list[tuple[Actor, str]] = [(cast.bola, "Croydon"), (cast.brenda, "Sutton"), (cast.priya, ""), (cast.conrad, "")]
    for _ in range(300):
        actor, side = chance.choice(players)
        try:
            with acting_as(actor):
                assert set(Child.objects.values_list("first_name", flat=True)) == seen[side]
                if chance.random() < 0.3:
                    raise LookupError
        except LookupError:
            pass
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), current_setting('rightplace.authorities', true)")
            role, authorities = cursor.fetchone()
            assert (role, authorities or "") == ("none", "")


def test_the_restricted_role_cannot_lift_its_own_scope_by_sql(world: World) -> None:
    """Views are ours; but even a query that somebody smuggled in is bound by the policy while the role holds."""
    with acting_as(world.cast.priya), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM children_child WHERE true OR authority_id = 1")
        assert cursor.fetchone() == (0,)
