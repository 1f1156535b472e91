"""What is kept of a child changes the homes where the child lives or has lived: they are told to whoever keeps the market.

Who a child can live with, who is kept apart from whom, and a request with its needs that passed its check.
"""

from importlib import import_module

from django.db import migrations

watching = import_module("rightplace.journey.search.migrations.0003_market_changes")

MAKE = """
CREATE FUNCTION placements_child_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    touched text := CASE TG_OP WHEN 'INSERT' THEN 'fresh' WHEN 'DELETE' THEN 'gone'
                    ELSE '(SELECT * FROM fresh UNION ALL SELECT * FROM gone)' END;
BEGIN
    EXECUTE format(
        'INSERT INTO search_marketchange (kind, key, authority_id, number, at)
         SELECT DISTINCT CASE WHEN p.setting_id IS NULL THEN ''household'' ELSE ''setting'' END,
                coalesce(p.setting_id, p.household_id), CASE WHEN p.setting_id IS NULL THEN p.authority_id END,
                pg_current_xact_id()::text::bigint, clock_timestamp()
         FROM placements_placement p
         WHERE coalesce(p.setting_id, p.household_id) IS NOT NULL AND p.state IN (''planned'', ''started'', ''ended'')
           AND p.child_id IN (%s)', replace(TG_ARGV[0], 'TOUCHED', touched || ' AS touched'));
    RETURN NULL;
END $$;
"""
# Table, and which children a change of it is about.
WATCHED = (
    ("children_livingwith", "SELECT child_id FROM TOUCHED"),
    ("children_keptapart", "SELECT child_id FROM TOUCHED UNION SELECT other_id FROM TOUCHED"),
    (
        "requests_placementrequest",
        "SELECT c.child_id FROM TOUCHED JOIN requests_requestchild c ON c.request_id = touched.id"
        " WHERE touched.checked_at IS NOT NULL",
    ),
)


def watch(table: str, children: str) -> str:
    """The three triggers of a table."""
    return "".join(
        f"CREATE TRIGGER tell_the_market_{event} AFTER {event} ON {table} {rows} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION placements_child_changed('{children}');\n"
        for event, rows in watching.EVENTS.items()
    )


def unwatch(table: str) -> str:
    """The triggers of a table taken away."""
    return "".join(f"DROP TRIGGER tell_the_market_{event} ON {table};\n" for event in watching.EVENTS)


class Migration(migrations.Migration):
    dependencies = [
        ("placements", "0003_tell_the_market"),
        ("children", "0004_living_with"),
        ("requests", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            MAKE + "".join(watch(*one) for one in WATCHED),
            "".join(unwatch(table) for table, _ in WATCHED) + "DROP FUNCTION placements_child_changed();",
        )
    ]
