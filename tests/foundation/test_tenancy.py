"""The database itself hides what is not the actor's."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from rightplace.foundation.access.scope import acting_as, as_system
from rightplace.foundation.tenancy import APP_ROLE, policies
from rightplace.register.carers.models import Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting
from tests.cast import Cast


def test_staff_see_the_children_of_their_own_authority_only(cast: Cast) -> None:
    with acting_as(cast.brenda):
        assert list(Child.objects.values_list("first_name", flat=True)) == ["Lena"]


def test_a_provider_sees_no_child_and_no_household_but_the_shared_register(cast: Cast) -> None:
    with acting_as(cast.priya):
        assert not Child.objects.exists()
        assert not Household.objects.exists()
        assert Setting.objects.exists()


def test_a_consortium_officer_sees_no_child(cast: Cast) -> None:
    with acting_as(cast.conrad):
        assert not Child.objects.exists()


def test_nobody_can_write_a_row_into_another_authority(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(cast.brenda):
        Child.objects.create(authority=cast.croydon, local_number="9", sex="M", born_on="2015-01-01")


def test_nobody_can_move_a_row_into_another_authority(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(cast.brenda):
        Child.objects.filter(pk=cast.lena.pk).update(authority=cast.croydon)


def test_the_scope_ends_with_its_block(cast: Cast) -> None:
    with acting_as(cast.brenda):
        pass
    assert Child.objects.count() == 4


def test_a_failing_block_leaves_no_scope_behind(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), acting_as(cast.brenda):
        _ = 1 / 0
    assert Child.objects.count() == 4


def test_a_reaction_of_the_product_lifts_the_scope_and_puts_it_back(cast: Cast) -> None:
    with acting_as(cast.priya):
        with as_system():
            assert Child.objects.count() == 4
        assert not Child.objects.exists()


def test_every_table_has_a_policy_and_forces_it_on_its_owner(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
            " count(p.polname) FILTER (WHERE p.polname = 'of_the_actor')"
            " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.oid"
        )
        found = {name: (is_forced, count) for name, is_forced, count in cursor.fetchall()}
    stated = set(policies())
    assert {name for name in stated if found[name] != (True, 1)} == set()
    unstated = {name for name in found if name not in stated}
    assert {n for n in unstated if not n.startswith(("django_", "procrastinate_"))} == set()


def test_a_table_that_does_not_say_whose_its_rows_are_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Child, "tenancy")
    with pytest.raises(ValueError, match=r"children\.Child"):
        policies()


def test_the_role_of_the_web_owns_nothing_and_cannot_sign_in(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        assert cursor.fetchone() == (False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = %s)", [APP_ROLE]
        )
        assert cursor.fetchone() == (0,)


def test_every_row_that_names_an_authority_is_kept_apart_by_it(db: None) -> None:
    # Whose turn a bed is, all members of a consortium may read: it names a home and authorities, never a child.
    shared_on_purpose = {"access.Membership", "organisations.Team", "buying.BedTurn"}
    for model in apps.get_models():
        names = {field.attname for field in model._meta.concrete_fields}
        if model.__module__.startswith("rightplace.") and "authority_id" in names:
            is_apart = "authority_id" in model.tenancy.reads  # type: ignore[attr-defined]  # every model has it
            # A block that authorities keep together is read by each of them, and by nobody else: tests/journey/blocks.
            is_apart |= "seen_by" in model.tenancy.reads  # type: ignore[attr-defined]  # every model has it
            assert is_apart or model._meta.label in shared_on_purpose | {"audit.AuditChain"}, model._meta.label


def test_a_nested_rollback_brings_the_outer_scope_back(cast: Cast) -> None:
    with acting_as(cast.brenda):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_as(cast.bola):
            _ = 1 / 0
        assert list(Child.objects.values_list("first_name", flat=True)) == ["Lena"]
