"""What one contract saves is claimed at most once: the shares of all projects come to the whole at most."""

from django.db import migrations

MAKE = """
CREATE FUNCTION savings_counted_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7411, NEW.contract_id::int);
    PERFORM 1 FROM savings_claim WHERE contract_id = NEW.contract_id HAVING sum(basis_points) > 10000;
    IF FOUND THEN
        RAISE EXCEPTION 'the saving of contract % is claimed more than once', NEW.contract_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER savings_counted_once AFTER INSERT OR UPDATE ON savings_claim
    FOR EACH ROW EXECUTE FUNCTION savings_counted_once();
"""
UNDO = "DROP TRIGGER savings_counted_once ON savings_claim; DROP FUNCTION savings_counted_once;"


class Migration(migrations.Migration):
    dependencies = [("savings", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, UNDO)]
