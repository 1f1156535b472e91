"""Whoever changes what figures are counted from says so in the same transaction, so that figures kept ready stay right.

One statement writes one row for each group of children that it touched (`core.indicators.sums`: the child's number modulo 32,
32 for what is about no single child). Brothers and sisters are touched too: whether they live together is counted of each.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION performance_group_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    touched text := CASE TG_OP WHEN 'INSERT' THEN 'fresh' WHEN 'DELETE' THEN 'gone'
                    ELSE '(SELECT * FROM fresh UNION ALL SELECT * FROM gone)' END;
BEGIN
    EXECUTE format(
        'WITH named AS (SELECT t.authority_id, c.child FROM %s AS t, LATERAL (%s) AS c(child)),
         whole AS (
            SELECT authority_id, child FROM named
            UNION SELECT n.authority_id, s.sibling_id FROM named n JOIN children_sibling s ON s.child_id = n.child
            UNION SELECT n.authority_id, s.child_id FROM named n JOIN children_sibling s ON s.sibling_id = n.child)
         INSERT INTO performance_groupchange (authority_id, "group")
         SELECT DISTINCT authority_id, CASE WHEN child IS NULL THEN 32 ELSE child %% 32 END FROM whole
         WHERE authority_id IN (SELECT id FROM organisations_authority)', touched, TG_ARGV[0]);
    RETURN NULL;
END $$;
"""
NOBODY = "SELECT NULL::bigint"
ASKED = "SELECT r.child_id FROM requests_requestchild r WHERE r.request_id = "
# Each table with the children that a row of it (t) is about, as SQL.
WATCHED = (
    ("children_child", "SELECT t.id"),
    ("children_legalstatus", "SELECT t.child_id"),
    ("children_sibling", "VALUES (t.child_id), (t.sibling_id)"),
    ("placements_placement", "SELECT t.child_id"),
    ("requests_placementrequest", f"{ASKED}t.id"),
    ("requests_requestchild", "SELECT t.child_id"),
    ("offers_offer", f"{ASKED}(SELECT s.request_id FROM search_search s WHERE s.id = t.search_id)"),
    ("decisions_choice", f"{ASKED}t.request_id"),
    ("reviews_review", "SELECT t.child_id"),
    ("reviews_childwords", "SELECT r.child_id FROM reviews_review r WHERE r.id = t.review_id"),
    ("reviews_outcomescore", "SELECT r.child_id FROM reviews_review r WHERE r.id = t.review_id"),
    ("reviews_stabilitysign", "SELECT p.child_id FROM placements_placement p WHERE p.id = t.placement_id"),
    ("contracts_contract", "SELECT t.child_id WHERE t.child_id IS NOT NULL"),
    (
        "prices_agreedprice",
        "SELECT c.child_id FROM contracts_contract c WHERE c.id = t.contract_number AND c.child_id IS NOT NULL",
    ),
    ("ledger_payment", f"{NOBODY} UNION SELECT c.child_id FROM ledger_paymentitem i"
     " JOIN invoices_payable p ON p.id = i.payable_id JOIN contracts_contract c ON c.id = p.contract_id WHERE i.payment_id = t.id"),
    ("ledger_paymentitem", f"{NOBODY} UNION SELECT c.child_id FROM invoices_payable p"
     " JOIN contracts_contract c ON c.id = p.contract_id WHERE p.id = t.payable_id"),
    ("visits_visit", NOBODY),
    ("blocks_blocksettlement", NOBODY),
    ("reviews_survey", NOBODY),
    ("reviews_surveyanswer", NOBODY),
)  # fmt: skip
EVENTS = {
    "insert": "REFERENCING NEW TABLE AS fresh",
    "update": "REFERENCING OLD TABLE AS gone NEW TABLE AS fresh",
    "delete": "REFERENCING OLD TABLE AS gone",
}


def watch(table: str, children: str) -> str:
    """The three triggers of a table."""
    return "".join(
        f"CREATE TRIGGER tell_performance_{event} AFTER {event} ON {table} {rows} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION performance_group_changed('{children}');\n"
        for event, rows in EVENTS.items()
    )


def unwatch(table: str) -> str:
    """The triggers of a table taken away."""
    return "".join(f"DROP TRIGGER tell_performance_{event} ON {table};\n" for event in EVENTS)


class Migration(migrations.Migration):
    dependencies = [
        ("performance", "0001_initial"),
        ("prices", "0001_initial"),
        ("visits", "0001_initial"),
        ("blocks", "0001_initial"),
        ("ledger", "0001_initial"),
        ("reviews", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            MAKE + "".join(watch(*one) for one in WATCHED),
            "".join(unwatch(table) for table, _ in WATCHED) + "DROP FUNCTION performance_group_changed();",
        )
    ]
