"""Whoever changes a home says so in the same transaction, so that every process can keep its market in memory right.

One statement writes one row for each home it touched, whoever writes (pages, imports, the worker, a person at the database).
The number is that of the transaction: a reader that knows what it could see when it last looked finds what it could not.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION search_market_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    touched text := CASE TG_OP WHEN 'INSERT' THEN 'fresh' WHEN 'DELETE' THEN 'gone'
                    ELSE '(SELECT * FROM fresh UNION ALL SELECT * FROM gone) AS both_sides' END;
BEGIN
    EXECUTE format(
        'INSERT INTO search_marketchange (kind, key, authority_id, number, at)
         SELECT DISTINCT %L, %s::bigint, %s::bigint, pg_current_xact_id()::text::bigint, clock_timestamp()
         FROM %s WHERE %s IS NOT NULL', TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], touched, TG_ARGV[1]);
    RETURN NULL;
END $$;
"""
# Table, kind of what changed, its key and its authority as SQL over the row.
WATCHED = (
    ("providers_setting", "setting", "id", "NULL"),
    ("providers_condition", "setting", "setting_id", "NULL"),
    ("providers_hold", "setting", "setting_id", "NULL"),
    ("carers_household", "household", "id", "authority_id"),
    ("carers_approval", "household", "household_id", "authority_id"),
    ("frameworks_framework", "routes", "0", "NULL"),
    ("frameworks_lot", "routes", "0", "NULL"),
    ("frameworks_lotmember", "routes", "0", "NULL"),
)
EVENTS = {
    "insert": "REFERENCING NEW TABLE AS fresh",
    "update": "REFERENCING OLD TABLE AS gone NEW TABLE AS fresh",
    "delete": "REFERENCING OLD TABLE AS gone",
}


def watch(table: str, kind: str, key: str, authority: str) -> str:
    """The three triggers of a table."""
    return "".join(
        f"CREATE TRIGGER tell_the_market_{kind}_{event} AFTER {event} ON {table} {rows} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION search_market_changed('{kind}', '{key}', '{authority}');\n"
        for event, rows in EVENTS.items()
    )


def unwatch(table: str, kind: str) -> str:
    """The triggers of a table taken away."""
    return "".join(f"DROP TRIGGER tell_the_market_{kind}_{event} ON {table};\n" for event in EVENTS)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_matching"),
        ("providers", "0002_payees"),
        ("carers", "0002_skill_levels"),
        ("frameworks", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            MAKE + "".join(watch(*one) for one in WATCHED),
            "".join(unwatch(table, kind) for table, kind, _, _ in WATCHED) + "DROP FUNCTION search_market_changed();",
        )
    ]
