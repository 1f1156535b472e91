"""A frozen month takes no more rows: they come in the transaction that froze it, or never."""

from django.db import migrations, models

import rightplace.oversight.budgets.models

TABLES = ("outturnmonthfigure", "outturnrow")
MAKE = """
CREATE FUNCTION budgets_frozen_is_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM 1 FROM budgets_outturnversion WHERE id = NEW.frozen_id AND authority_id = NEW.authority_id
        AND made_in = pg_current_xact_id()::text::bigint;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a frozen month takes no more rows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER budgets_{table}_closed BEFORE INSERT ON budgets_{table}"
    " FOR EACH ROW EXECUTE FUNCTION budgets_frozen_is_closed();"
    for table in TABLES
)
UNDO = "\n".join(f"DROP TRIGGER budgets_{table}_closed ON budgets_{table};" for table in TABLES) + """
DROP FUNCTION budgets_frozen_is_closed;
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0002_frozen_stays")]

    operations = [
        migrations.AddField(
            model_name="outturnversion",
            name="made_in",
            field=models.BigIntegerField(db_default=rightplace.oversight.budgets.models.TransactionNumber()),
        ),
        migrations.RunSQL(MAKE, UNDO),
    ]
