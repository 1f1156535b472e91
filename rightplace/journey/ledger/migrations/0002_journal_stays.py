"""What the database holds of the books by itself.

Debits equal credits in each entry; no entry or posting is ever changed, taken away or added to later; a closed month takes
no entry; an item pays its payable whole and takes back no more than there is to recover; nobody approves what they released;
the figures of a closed month stay.
"""

from django.db import migrations

# Whoever books or pays holds the lock of its authority together with others; who closes a month, alone.
LOCK = 7410

MAKE = f"""
CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    wanted ledger_journalentry;
    found record;
    entry bigint;
BEGIN
    IF TG_TABLE_NAME = 'ledger_posting' THEN entry := NEW.entry_id; ELSE entry := NEW.id; END IF;
    SELECT * INTO wanted FROM ledger_journalentry WHERE id = entry;
    SELECT count(*) AS lines, coalesce(sum(pence), 0) AS total, coalesce(sum(greatest(pence, 0)), 0) AS debits,
           count(*) FILTER (WHERE authority_id <> wanted.authority_id) AS others
      INTO found FROM ledger_posting WHERE entry_id = entry;
    IF found.total <> 0 OR found.lines <> wanted.lines OR found.debits <> wanted.pence OR found.others <> 0 THEN
        RAISE EXCEPTION 'journal entry % does not balance', entry USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
CREATE CONSTRAINT TRIGGER ledger_posting_balances AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();

CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE ON ledger_journalentry FOR EACH ROW EXECUTE FUNCTION ledger_stays();
CREATE TRIGGER ledger_posting_stays BEFORE UPDATE OR DELETE ON ledger_posting FOR EACH ROW EXECUTE FUNCTION ledger_stays();
CREATE TRIGGER ledger_file_stays BEFORE UPDATE OR DELETE ON ledger_runfile FOR EACH ROW EXECUTE FUNCTION ledger_stays();

CREATE FUNCTION ledger_month_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK}, NEW.authority_id::int);
    PERFORM 1 FROM ledger_monthclose WHERE authority_id = NEW.authority_id AND state = 'closed'
        AND month = date_trunc('month', NEW."on")::date;
    IF FOUND THEN
        RAISE EXCEPTION 'the month of % is closed', NEW."on" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_month_is_open BEFORE INSERT ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_month_is_open();

CREATE FUNCTION ledger_month_closes_alone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NEW.state = 'closed' THEN PERFORM pg_advisory_xact_lock({LOCK}, NEW.authority_id::int); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_month_closes_alone BEFORE INSERT OR UPDATE ON ledger_monthclose
    FOR EACH ROW EXECUTE FUNCTION ledger_month_closes_alone();

CREATE FUNCTION ledger_figure_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM 1 FROM ledger_monthclose WHERE id = OLD.close_id AND state = 'prepared';
    IF TG_OP = 'UPDATE' OR NOT FOUND THEN
        RAISE EXCEPTION 'the figures of a month stay as everyone saw them' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER ledger_figure_stays BEFORE UPDATE OR DELETE ON ledger_closefigure
    FOR EACH ROW EXECUTE FUNCTION ledger_figure_stays();

CREATE FUNCTION ledger_item_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    owed bigint;
    taken bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (to_jsonb(NEW) - 'is_live') IS DISTINCT FROM (to_jsonb(OLD) - 'is_live') OR NOT OLD.is_live THEN
            RAISE EXCEPTION 'an item of a payment only ends' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    SELECT net_pence + vat_pence INTO owed FROM invoices_payable WHERE id = NEW.payable_id FOR UPDATE;
    SELECT coalesce(sum(pence), 0) INTO taken FROM ledger_paymentitem WHERE payable_id = NEW.payable_id AND is_live;
    IF (owed > 0 AND NEW.pence <> owed) OR (owed <= 0 AND (NEW.pence > 0 OR NEW.pence + taken < owed)) THEN
        RAISE EXCEPTION 'an item is not what its payable is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_item_fits BEFORE INSERT OR UPDATE ON ledger_paymentitem
    FOR EACH ROW EXECUTE FUNCTION ledger_item_fits();

CREATE FUNCTION ledger_three_people() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM 1 FROM ledger_paymentitem i JOIN ledger_payment p ON p.id = i.payment_id
        WHERE p.run_id = NEW.id AND i.is_live AND i.released_by_id = NEW.decided_by_id;
    IF FOUND AND NEW.state NOT IN ('refused', 'withdrawn') THEN
        RAISE EXCEPTION 'nobody approves a run with what they released' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_three_people BEFORE UPDATE ON ledger_paymentrun
    FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION ledger_three_people();
"""

UNMAKE = """
DROP TRIGGER ledger_three_people ON ledger_paymentrun;
DROP TRIGGER ledger_item_fits ON ledger_paymentitem;
DROP TRIGGER ledger_figure_stays ON ledger_closefigure;
DROP TRIGGER ledger_month_closes_alone ON ledger_monthclose;
DROP TRIGGER ledger_month_is_open ON ledger_journalentry;
DROP TRIGGER ledger_file_stays ON ledger_runfile;
DROP TRIGGER ledger_posting_stays ON ledger_posting;
DROP TRIGGER ledger_entry_stays ON ledger_journalentry;
DROP TRIGGER ledger_posting_balances ON ledger_posting;
DROP TRIGGER ledger_entry_balances ON ledger_journalentry;
DROP FUNCTION ledger_three_people();
DROP FUNCTION ledger_item_fits();
DROP FUNCTION ledger_figure_stays();
DROP FUNCTION ledger_month_closes_alone();
DROP FUNCTION ledger_month_is_open();
DROP FUNCTION ledger_stays();
DROP FUNCTION ledger_entry_balances();
"""


class Migration(migrations.Migration):
    """Triggers on the books."""

    dependencies = [("ledger", "0001_initial")]  # noqa: RUF012  # as Django wants it
    operations = [migrations.RunSQL(MAKE, UNMAKE)]  # noqa: RUF012  # as Django wants it
