"""What a partner was charged is never edited: only the invoice on which a line stands may change."""

from django.db import migrations

STAYS = """
    CREATE FUNCTION recharge_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (to_jsonb(NEW) - 'invoice_id') IS DISTINCT FROM (to_jsonb(OLD) - 'invoice_id') THEN
            RAISE EXCEPTION 'a recharge line is never edited; add a line of the difference';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER recharge_line_stays BEFORE UPDATE ON funding_rechargeline
        FOR EACH ROW EXECUTE FUNCTION recharge_line_stays();
"""
GONE = "DROP TRIGGER recharge_line_stays ON funding_rechargeline; DROP FUNCTION recharge_line_stays();"


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_initial")]  # noqa: RUF012  # as Django wants it
    operations = [migrations.RunSQL(STAYS, GONE)]  # noqa: RUF012  # as Django wants it
