"""Whose row is it: how each table says so, and the row-level security that PostgreSQL keeps from it.

Each model states `tenancy`. After every migration `apply_row_security` writes one policy per table for the role
`rightplace_app`, under which every web request runs; a table that states nothing fails the migration. The owner of the
tables (migrations, command line, worker) has a policy of its own, because row security is forced on the owner too.

A table that leads to a child by its foreign keys also keeps restricted cases apart (`foundation/restricted_rows.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import connection

from rightplace.foundation.restricted_rows import Tables, clause_for, restricted_tables, scope_function

APP_ROLE = "rightplace_app"


def _numbers(setting: str) -> str:
    """A setting of the transaction as an array of numbers, made once a statement.

    The cast stands within the brackets, or it would be worked out for every row; the outer one only says that this is
    a value, not a list of rows.
    """
    value = f"string_to_array(nullif(current_setting('rightplace.{setting}', true), ''), ',')::bigint[]"
    return f"(SELECT {value})::bigint[]"


def _number(setting: str) -> str:
    return f"(SELECT nullif(current_setting('rightplace.{setting}', true), '')::bigint)"


AUTHORITIES = _numbers("authorities")
PROVIDER = _number("provider")
PERSON = _number("person")
CONSORTIUM = _number("consortium")
# Authorities that share their concerns with the actor by an agreement in force.
SHARING_CONCERNS = _numbers("sharing_concerns")
# The consortium that the actor acts for, or the one that their authority belongs to; none for a provider's people.
OWN_CONSORTIUM = (
    "(SELECT coalesce(nullif(current_setting('rightplace.consortium', true), '')::bigint,"
    f" (SELECT o.consortium_id FROM organisations_authority o WHERE o.id = ANY ({AUTHORITIES}) LIMIT 1)))"
)
OF_CONSORTIUM = f"consortium_id = {OWN_CONSORTIUM}"
OF_AUTHORITY = f"authority_id = ANY ({AUTHORITIES})"
OF_PROVIDER = f"provider_id = {PROVIDER}"
# The household of the own foster carer who acts; none for everybody else.
HOUSEHOLDS = _numbers("households")
OF_HOUSEHOLD = f"household_id = ANY ({HOUSEHOLDS})"
PLACED_THERE = f"SELECT p.id FROM placements_placement p WHERE p.{OF_HOUSEHOLD}"
CONTRACTED_THERE = f"SELECT c.id FROM contracts_contract c WHERE c.placement_id IN ({PLACED_THERE})"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who sees a row (`reads`) and who may write it (`writes`), as SQL over the row's columns.

    `follows_child` is whether a row that leads to a child is hidden with a restricted case: figures that name nobody
    are not, so that sums stay right. `is_read_by_others` is whether more people read rows than may change them.
    """

    reads: str
    writes: str
    follows_child: bool = True
    is_read_by_others: bool = False

    @property
    def keeps_others_rows(self) -> bool:
        """Whether rows are read of others that only they may change."""
        is_kept = self.reads != "true" and self.writes != "true"
        return is_kept and (self.is_read_by_others or SHARING_CONCERNS in self.reads)


class Tenancy:
    """The kinds of ownership a table can state."""

    AUTHORITY = Policy(OF_AUTHORITY, OF_AUTHORITY)
    AUTHORITY_OR_PROVIDER = Policy(f"{OF_AUTHORITY} OR {OF_PROVIDER}", f"{OF_AUTHORITY} OR {OF_PROVIDER}")
    # What the members of a consortium do together, as buying; and what a provider sends them.
    CONSORTIUM = Policy(OF_CONSORTIUM, OF_CONSORTIUM)
    CONSORTIUM_OR_PROVIDER = Policy(f"{OF_CONSORTIUM} OR {OF_PROVIDER}", f"{OF_CONSORTIUM} OR {OF_PROVIDER}")
    # Sums of money without a name in them.
    FIGURES = Policy(
        f"{OF_AUTHORITY} OR {OF_PROVIDER}", f"{OF_AUTHORITY} OR {OF_PROVIDER}", follows_child=False
    )
    # Entries of the trail may be about another authority's row (a provider answers) or about none (shared facts).
    AUDIT = Policy(f"{OF_AUTHORITY} OR {OF_PROVIDER}", "true")
    # The trail itself; one's own entries are seen wherever they went.
    TRAIL = Policy(f"{OF_AUTHORITY} OR {OF_PROVIDER} OR actor_id = {PERSON}", "true")
    # What an own foster carer sees of their household, and the authority keeps.
    SHOWN_TO_CARER = Policy(f"{OF_AUTHORITY} OR {OF_HOUSEHOLD}", OF_AUTHORITY, is_read_by_others=True)
    # What an own foster carer says of their household.
    SAID_BY_CARER = Policy(f"{OF_AUTHORITY} OR {OF_HOUSEHOLD}", f"{OF_AUTHORITY} OR {OF_HOUSEHOLD}")
    SHARED = Policy("true", "true")
    PLATFORM = Policy("true", "true")

    @staticmethod
    def also_carers(policy: Policy, whose: str) -> Policy:
        """A policy under which an own foster carer reads the rows that are theirs by this condition, and changes none."""
        return replace(policy, reads=f"{policy.reads} OR {whose}", is_read_by_others=True)

    @staticmethod
    def invited(search_column: str = "search_id") -> Policy:
        """Rows of a search: its authority, and every provider that was asked in that search."""
        asked = f"EXISTS (SELECT 1 FROM search_invitation i WHERE i.search_id = {search_column} AND i.provider_id = {PROVIDER})"
        return Policy(f"{OF_AUTHORITY} OR {asked}", f"{OF_AUTHORITY} OR {asked}")

    @staticmethod
    def shared_concern(raised_by: str, setting: str) -> Policy:
        """A concern about a home: of the authority that raised it, of those it shares with, and of the home's provider."""
        own = f"{raised_by} = ANY ({AUTHORITIES})"
        home = f"EXISTS (SELECT 1 FROM providers_setting s WHERE s.id = {setting} AND s.provider_id = {PROVIDER})"
        return Policy(f"{own} OR {raised_by} = ANY ({SHARING_CONCERNS}) OR {home}", own)


MARKED = "django_migrations"
"""The table whose comment says which policies were written last."""

# Tables of the libraries we use: no tenant's rows in them beyond what a signed-in session needs.
LIBRARY_TABLES = Tenancy.PLATFORM


def policies() -> dict[str, Policy]:
    """Every table of the installed apps with its policy; ValueError names our models that state none."""
    found: dict[str, Policy] = {}
    silent: list[str] = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        is_ours = model.__module__.startswith("rightplace.")
        policy = getattr(model, "tenancy", None if is_ours else LIBRARY_TABLES)
        if policy is None:
            silent.append(model._meta.label)
        else:
            found[model._meta.db_table] = policy
    if silent:
        raise ValueError(f"These tables do not say whose their rows are (tenancy): {', '.join(silent)}")
    tables = restricted_tables()
    return {table: _with_restrictions(table, policy, tables) for table, policy in found.items()}


def _with_restrictions(table: str, policy: Policy, tables: Tables) -> Policy:
    """The policy with what its authority's people may not see of a restricted case; a provider's part stays as it is."""
    if not policy.follows_child or not clause_for(table, tables):
        return policy
    seen, written = (f"({OF_AUTHORITY} AND {clause_for(table, tables, is_new=new)})" for new in (False, True))
    return replace(
        policy,
        reads=policy.reads.replace(OF_AUTHORITY, seen),
        writes=policy.writes.replace(OF_AUTHORITY, written),
    )


def refused_rights() -> dict[str, str]:
    """Tables whose rows the web may not write at will: the table and the rights it is refused."""
    return {m._meta.db_table: m.refused_rights for m in apps.get_models() if hasattr(m, "refused_rights")}


def row_security_is_current() -> bool:
    """Whether the policies of this version were written to their end: a process may be killed after the last migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [MARKED])
        return bool(cursor.fetchone()[0] == _signature())


def _signature() -> str:
    """What stands for all policies of this version."""
    written = [scope_function(restricted_tables()), *(f"{key} {value}" for key, value in refused_rights().items())]
    written += [_policy_sql(table, policy) for table, policy in policies().items()]
    return f"row security {sha256(chr(10).join(written).encode()).hexdigest()}"


def apply_row_security(**_: Any) -> None:
    """Write the role, its rights and every table's policy again; safe to repeat. That it came to its end is marked last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
        cursor.execute(f"GRANT {APP_ROLE} TO CURRENT_USER")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        for table, rights in refused_rights().items():
            cursor.execute(f'REVOKE {rights} ON "{table}" FROM {APP_ROLE}')
        cursor.execute(scope_function(restricted_tables()))
        for table, policy in policies().items():
            cursor.execute(_policy_sql(table, policy))
        cursor.execute(f"COMMENT ON TABLE {MARKED} IS '{_signature()}'")


def _policy_sql(table: str, policy: Policy) -> str:
    return f"""
        ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
        ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS of_the_actor ON "{table}";
        CREATE POLICY of_the_actor ON "{table}" TO {APP_ROLE} USING ({policy.reads}) WITH CHECK ({policy.writes});
        {_only_own_changes(table, policy)}
        DROP POLICY IF EXISTS of_the_owner ON "{table}";
        CREATE POLICY of_the_owner ON "{table}" TO CURRENT_USER USING (true) WITH CHECK (true);
    """


def _only_own_changes(table: str, policy: Policy) -> str:
    """Where more may be read than written: what is read of others is neither changed nor deleted."""
    parts = []
    for command in ("UPDATE", "DELETE"):
        name = f"no_{command.lower()}_of_others"
        parts.append(f'DROP POLICY IF EXISTS {name} ON "{table}";')
        if policy.keeps_others_rows:
            restrictive = f'CREATE POLICY {name} ON "{table}" AS RESTRICTIVE FOR {command} TO {APP_ROLE}'
            parts.append(f"{restrictive} USING ({policy.writes});")
    return "\n        ".join(parts)
