"""What is left of each payable, kept by triggers: reading what waits to be paid no longer counts all that was ever paid."""

import django.db.models.deletion
from django.db import migrations, models

MOVED = """
CREATE FUNCTION ledger_payable_opens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO ledger_openpayable (payable_id, authority_id, provider_id, pence)
    SELECT id, authority_id, provider_id, net_pence + vat_pence FROM fresh;
    RETURN NULL;
END $$;
CREATE FUNCTION ledger_items_take() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO ledger_openpayable AS o (payable_id, authority_id, provider_id, pence)
    SELECT y.id, y.authority_id, y.provider_id, -sum(f.pence)
    FROM fresh f JOIN invoices_payable y ON y.id = f.payable_id WHERE f.is_live GROUP BY y.id
    ON CONFLICT (payable_id) DO UPDATE SET pence = o.pence + EXCLUDED.pence;
    DELETE FROM ledger_openpayable o USING fresh f WHERE o.payable_id = f.payable_id AND o.pence = 0;
    RETURN NULL;
END $$;
CREATE FUNCTION ledger_items_give_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO ledger_openpayable AS o (payable_id, authority_id, provider_id, pence)
    SELECT y.id, y.authority_id, y.provider_id, sum(f.pence)
    FROM fresh f JOIN gone g ON g.id = f.id JOIN invoices_payable y ON y.id = f.payable_id
    WHERE g.is_live AND NOT f.is_live GROUP BY y.id
    ON CONFLICT (payable_id) DO UPDATE SET pence = o.pence + EXCLUDED.pence;
    DELETE FROM ledger_openpayable o USING fresh f WHERE o.payable_id = f.payable_id AND o.pence = 0;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_payable_opens AFTER INSERT ON invoices_payable
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_payable_opens();
CREATE TRIGGER ledger_items_take AFTER INSERT ON ledger_paymentitem
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_items_take();
CREATE TRIGGER ledger_items_give_back AFTER UPDATE ON ledger_paymentitem
    REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_items_give_back();
CREATE TRIGGER ledger_items_take AFTER INSERT ON ledger_recoveryitem
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_items_take();
CREATE TRIGGER ledger_items_give_back AFTER UPDATE ON ledger_recoveryitem
    REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_items_give_back();
"""
UNMOVED = """
DROP TRIGGER ledger_items_give_back ON ledger_recoveryitem;
DROP TRIGGER ledger_items_take ON ledger_recoveryitem;
DROP TRIGGER ledger_items_give_back ON ledger_paymentitem;
DROP TRIGGER ledger_items_take ON ledger_paymentitem;
DROP TRIGGER ledger_payable_opens ON invoices_payable;
DROP FUNCTION ledger_items_give_back();
DROP FUNCTION ledger_items_take();
DROP FUNCTION ledger_payable_opens();
"""
OPEN_NOW = """
INSERT INTO ledger_openpayable (payable_id, authority_id, provider_id, pence)
SELECT y.id, y.authority_id, y.provider_id, y.net_pence + y.vat_pence - coalesce(i.pence, 0)
FROM invoices_payable y LEFT JOIN (
    SELECT payable_id, sum(pence) AS pence FROM (
        SELECT payable_id, pence FROM ledger_paymentitem WHERE is_live
        UNION ALL SELECT payable_id, pence FROM ledger_recoveryitem WHERE is_live) parts
    GROUP BY 1) i ON i.payable_id = y.id
WHERE y.net_pence + y.vat_pence <> coalesce(i.pence, 0)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0003_channels"),
        ("ledger", "0003_recoveries"),
        ("organisations", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="OpenPayable",
            fields=[
                ("payable", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="still_open", serialize=False, to="invoices.payable")),
                ("pence", models.BigIntegerField()),
                ("authority", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="organisations.authority")),
                ("provider", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.provider")),
            ],
        ),
        migrations.RunSQL(OPEN_NOW, migrations.RunSQL.noop),
        migrations.RunSQL(MOVED, UNMOVED),
    ]
