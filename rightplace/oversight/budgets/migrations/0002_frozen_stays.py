"""A frozen month never moves: no row of it is ever changed or taken away; a closed budget takes no line."""

from django.db import migrations

TABLES = ("outturnversion", "outturnmonthfigure", "outturnrow")
MAKE = """
CREATE FUNCTION budgets_frozen_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a frozen month never moves' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION budgets_year_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM 1 FROM budgets_budgetyear WHERE id = NEW.year_id AND authority_id = NEW.authority_id AND state = 'open';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the budget of this year is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_year_is_open BEFORE INSERT ON budgets_budgetline
    FOR EACH ROW EXECUTE FUNCTION budgets_year_is_open();
"""
KEEP = "\n".join(
    f"CREATE TRIGGER budgets_{table}_stays BEFORE UPDATE OR DELETE ON budgets_{table}"
    " FOR EACH ROW EXECUTE FUNCTION budgets_frozen_stays();"
    for table in TABLES
)
UNDO = "\n".join(f"DROP TRIGGER budgets_{table}_stays ON budgets_{table};" for table in TABLES) + """
DROP TRIGGER budgets_year_is_open ON budgets_budgetline;
DROP FUNCTION budgets_year_is_open; DROP FUNCTION budgets_frozen_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial")]

    operations = [migrations.RunSQL(MAKE + KEEP, UNDO)]
