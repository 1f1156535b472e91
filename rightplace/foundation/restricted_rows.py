"""Restricted cases in PostgreSQL: which tables lead to a child, and how their rows are hidden from all but named people.

The tables are found from the models' own foreign keys, so that a new table that carries a child is covered without
anyone remembering. When a scope is entered, the function `rightplace_enter` works out once which children the actor may
not see, and from them which requests, searches, offers, placements, contracts and so on; each policy compares a column
with that list. Where nothing is restricted the lists are empty and cost nothing. A scope that was not entered has no
lists, and then nothing that leads to a child is seen: it fails closed.

An authority's own foster carer acts for no authority here: of its rows they see those of their own household, and no others.

This floor knows two tables of a floor above by name: the children, to whom everything leads, and carers' accounts.
A model that leads to
children the other way round (a request: its children point at it) says so as `children_in = (table, column)`; one that
keeps a file about children to whom no key of its own leads gives it as `hides_files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

CHILDREN = "children_child"
FILES = "files_storedfile"
# Too many to list, and read only through what is hidden: a reason for leaving a home out names a rule, no child.
NOT_FOLLOWED = frozenset({"search_candidate"})
# Who works with the trail itself sees entries about restricted children too, by number and without a name.
KEEPERS_OF_THE_TRAIL = ("access_officer", "information_officer", "director")
TRAIL, LINKS = "audit_auditentry", "notices_notice"
PLAIN_SETTINGS = ("authorities", "provider", "person", "consortium", "households", "sharing_concerns", "hidden_trail")


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables whose rows are listed when hidden, each with its links to earlier ones, in an order that can be worked through."""

    listed: Mapping[str, tuple[tuple[str, str], ...]]
    links: Mapping[str, tuple[tuple[str, str], ...]]
    children_in: Mapping[str, tuple[str, str]]
    files_in: tuple[tuple[str, str], ...]
    # Queries that give files (id) with a child of whom they speak (child_id): `hides_files` of a model.
    files_of_children: tuple[str, ...] = ()

    @property
    def settings(self) -> tuple[str, ...]:
        """Every setting of a scope, for putting an outer one back."""
        hidden = (setting_of(table) for table in (CHILDREN, *self.listed, FILES))
        return (*(f"rightplace.{name}" for name in PLAIN_SETTINGS), *hidden)


def setting_of(table: str) -> str:
    """The setting that lists the hidden rows of a table."""
    return f"rightplace.hidden_{table}"


def hidden(table: str) -> str:
    """The list as SQL: null, and so nothing seen, when no scope was entered."""
    return _listed(setting_of(table))


def _listed(setting: str) -> str:
    # The cast stands within the brackets, or it would be worked out for every row.
    return f"(SELECT nullif(current_setting('{setting}', true), '')::bigint[])::bigint[]"


def restricted_tables() -> Tables:
    """What leads to a child, read from the models."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("rightplace.") and m._meta.managed]
    children_in = {m._meta.db_table: m.children_in for m in ours if hasattr(m, "children_in")}
    carriers = _carriers(ours, children_in)
    links = {m._meta.db_table: found for m in ours if (found := _links(m, carriers))}
    pointed_at = {table for found in links.values() for _, table in found} - {CHILDREN}
    files = tuple(
        (model._meta.db_table, column)
        for model in ours
        if model._meta.db_table in links
        for column, table in _foreign_keys(model)
        if table == FILES
    )
    more = tuple(m.hides_files for m in ours if hasattr(m, "hides_files"))
    return Tables(_in_order(pointed_at, links, children_in), links, children_in, files, more)


def _carriers(ours: list[type[models.Model]], children_in: Mapping[str, Any]) -> set[str]:
    found = {CHILDREN, *children_in}
    while True:
        more = {
            m._meta.db_table for m in ours if _follows(m) and any(to in found for _, to in _foreign_keys(m))
        }
        more -= found | NOT_FOLLOWED
        if not more:
            return found
        found |= more


def _follows(model: type[models.Model]) -> bool:
    policy = getattr(model, "tenancy", None)
    return policy is not None and policy.follows_child


def _foreign_keys(model: type[models.Model]) -> list[tuple[str, str]]:
    """Columns that point at another table, each with that table."""
    return [
        (str(field.column), field.related_model._meta.db_table)
        for field in model._meta.concrete_fields
        if field.is_relation and isinstance(field.related_model, type) and field.related_model is not model
    ]


def _links(model: type[models.Model], carriers: set[str]) -> tuple[tuple[str, str], ...]:
    if not _follows(model):
        return ()
    return tuple((column, table) for column, table in _foreign_keys(model) if table in carriers)


def _in_order(
    pointed_at: set[str], links: Mapping[str, tuple[tuple[str, str], ...]], children_in: Mapping[str, Any]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """The tables so that each comes after those it points at; where they go in a circle, one link back is left out."""
    waiting, done = {*pointed_at, *children_in}, {CHILDREN}
    ordered: dict[str, tuple[tuple[str, str], ...]] = {}
    while waiting:
        late = {t: sum(to not in done for _, to in links.get(t, ())) for t in waiting}
        ready = sorted(t for t in waiting if not late[t]) or [min(waiting, key=lambda t: (late[t], t))]
        for table in ready:
            ordered[table] = tuple(link for link in links.get(table, ()) if link[1] in done)
        done.update(ready)
        waiting.difference_update(ready)
    return ordered


def clause_for(table: str, tables: Tables, *, is_new: bool = False) -> str:
    """What a row must not be for people outside a restricted case; empty where the table leads to no child.

    A row that is written (`is_new`) stands in no list yet and is held by what it points at.
    """
    if table == TRAIL:
        return f"coalesce(child_id, 0) <> ALL ({_listed('rightplace.hidden_trail')})"
    if table == LINKS:
        return _link_clause(tables)
    parts = [_not_hidden(column, to) for column, to in tables.links.get(table, ())]
    if not (is_new and parts) and (table in tables.listed or table in (CHILDREN, FILES)):
        # Its own list says all that its links do.
        parts = [_not_hidden("id", table)]
    return " AND ".join(parts)


def _not_hidden(column: str, table: str) -> str:
    value = column if column == "id" else f"coalesce({column}, 0)"
    return f"{value} <> ALL ({hidden(table)})"


def _link_clause(tables: Tables) -> str:
    """A notice leads to a case by its link only: the number after the word for a kind of row."""
    words = {
        "children": CHILDREN, "requests": "requests_placementrequest", "searches": "search_search",
        "permissions": "decisions_permission", "placements": "placements_placement",
        "contracts": "contracts_contract", "offers": "offers_offer",
    }  # fmt: skip
    parts = [
        f"coalesce(substring(link from '/{word}/([0-9]{{1,18}})/')::bigint, 0) <> ALL ({hidden(table)})"
        for word, table in words.items()
        if table == CHILDREN or table in tables.listed
    ]
    return f"({hidden(CHILDREN)} = '{{}}' OR ({' AND '.join(parts)}))"


def scope_function(tables: Tables) -> str:
    """`rightplace_enter`: sets everything a scope needs, local to the transaction, and tells what the actor may not see."""
    steps = "\n".join(_step(table, links, tables) for table, links in tables.listed.items())
    empty = "\n".join(
        f"        PERFORM {_set(setting_of(table), _EMPTY)};" for table in (*tables.listed, FILES)
    )
    keepers = ", ".join(f"'{role}'" for role in KEEPERS_OF_THE_TRAIL)
    return _FUNCTION.format(
        children=setting_of(CHILDREN), empty=empty, steps=steps, files=_files_step(tables), keepers=keepers
    )


_EMPTY = "'{}'"


def _set(name: str, value: str) -> str:
    return f"set_config('{name}', {value}, true)"


def _variable(table: str) -> str:
    return "hidden" if table == CHILDREN else f"of_{table}"


def _rows_of(links: tuple[tuple[str, str], ...]) -> str:
    return " OR ".join(f"{column} = ANY ({_list_of(table)})" for column, table in links)


def _list_of(table: str) -> str:
    return f"current_setting('{setting_of(table)}')::bigint[]"


def _step(table: str, links: tuple[tuple[str, str], ...], tables: Tables) -> str:
    if table in tables.children_in:
        source, column = tables.children_in[table]
        query = f"SELECT {column} AS id FROM {source} WHERE child_id = ANY (hidden)"
        if links:
            query += f" UNION SELECT id FROM {table} WHERE {_rows_of(links)}"
    else:
        query = f"SELECT id FROM {table} WHERE {_rows_of(links)}"
    return _keep(table, query)


def _files_step(tables: Tables) -> str:
    parts = [
        f"SELECT {column} AS id FROM {table} WHERE {column} IS NOT NULL AND ({_rows_of(tables.links[table])})"
        for table, column in tables.files_in
    ]
    parts += [
        f"SELECT id FROM ({query}) more WHERE id IS NOT NULL AND child_id = ANY (hidden)"
        for query in tables.files_of_children
    ]
    query = " UNION ".join(parts) or "SELECT NULL::bigint AS id WHERE false"
    return _keep(FILES, query)


def _keep(table: str, query: str) -> str:
    numbers = f"(SELECT coalesce(array_agg(DISTINCT id), {_EMPTY})::text FROM ({query}) rows)"
    return f"        PERFORM {_set(setting_of(table), numbers)};"


_FUNCTION = """
CREATE OR REPLACE FUNCTION rightplace_enter(authorities text, provider text, person bigint, consortium text, acting_role text)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    own bigint[] := coalesce(string_to_array(nullif(authorities, ''), ',')::bigint[], '{{}}');
    hidden bigint[] := '{{}}';
    households text := '';
    emergencies jsonb := '{{}}';
    sharing text;
BEGIN
    IF acting_role = 'foster_carer' THEN
        SELECT coalesce(string_agg(a.household_id::text, ','), '') INTO households FROM carers_careraccount a
        WHERE a.user_id = person AND a.ended_on IS NULL AND a.authority_id = ANY (own);
        authorities := '';
        own := '{{}}';
    END IF;
    IF authorities <> '' THEN
        SELECT coalesce(array_agg(r.child_id), '{{}}') INTO hidden FROM safeguards_restriction r
        WHERE r.authority_id = ANY (own) AND r.period @> clock_timestamp()
          AND NOT EXISTS (SELECT 1 FROM safeguards_namedperson n WHERE n.restriction_id = r.id AND n.user_id = person
                          AND n.starts_at <= clock_timestamp()
                          AND (n.ends_at IS NULL OR n.ends_at > clock_timestamp()));
        IF hidden <> '{{}}' THEN
            SELECT coalesce(jsonb_object_agg(e.child_id, e.id), '{{}}') INTO emergencies
            FROM safeguards_emergencyaccess e
            WHERE e.user_id = person AND e.starts_at <= clock_timestamp() AND e.ends_at > clock_timestamp()
              AND e.child_id = ANY (hidden)
              AND e.role = acting_role;
            SELECT coalesce(array_agg(c), '{{}}') INTO hidden FROM unnest(hidden) c WHERE NOT emergencies ? c::text;
        END IF;
    END IF;
    SELECT string_agg(DISTINCT a.authority_id::text, ',') INTO sharing FROM safeguards_sharingagreement a
    WHERE a.kind = 'concerns' AND a.ended_at IS NULL AND a.starts_on <= current_date AND a.ends_on > current_date
      AND a.consortium_id = coalesce(nullif(consortium, '')::bigint,
          (SELECT o.consortium_id FROM organisations_authority o WHERE o.id = own[1]))
      AND (a.shared_with_id IS NULL OR a.shared_with_id = own[1]);
    PERFORM set_config('rightplace.authorities', authorities, true), set_config('rightplace.provider', provider, true),
            set_config('rightplace.person', coalesce(person::text, ''), true),
            set_config('rightplace.consortium', consortium, true),
            set_config('rightplace.households', households, true),
            set_config('rightplace.sharing_concerns', coalesce(sharing, ''), true),
            set_config('{children}', hidden::text, true),
            set_config('rightplace.hidden_trail', CASE WHEN acting_role IN ({keepers}) THEN '{{}}' ELSE hidden::text END, true);
    IF hidden = '{{}}' THEN
{empty}
    ELSE
{steps}
{files}
    END IF;
    RETURN jsonb_build_object('hidden', to_jsonb(hidden), 'emergencies', emergencies,
                              'sharing', to_jsonb(coalesce(string_to_array(sharing, ',')::bigint[], '{{}}')));
END $$;
"""
