"""The chain of hashes, made and guarded by the database."""

from django.db import migrations

MAKE = """
CREATE OR REPLACE FUNCTION audit_entry_content(entry audit_auditentry) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT convert_to(jsonb_build_array(
        entry.authority_id, entry.provider_id, entry.number, extract(epoch FROM entry.at), entry.is_look, entry.verb, entry.words,
        entry.actor_id, entry.actor_name, entry.actor_role, entry.subject, entry.subject_id, entry.child_id, entry.details,
        encode(entry.previous_hash, 'hex'))::text, 'UTF8')
$$;

CREATE OR REPLACE FUNCTION audit_chain_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    head audit_auditchain;
BEGIN
    INSERT INTO audit_auditchain (authority_id, number, hash) VALUES (NEW.authority_id, 0, ''::bytea) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_auditchain WHERE authority_id = NEW.authority_id FOR UPDATE;
    NEW.number := head.number + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := sha256(audit_entry_content(NEW));
    UPDATE audit_auditchain SET number = NEW.number, hash = NEW.hash WHERE authority_id = NEW.authority_id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_chain_entry BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_chain_entry();
CREATE TRIGGER audit_keep_rows BEFORE UPDATE OR DELETE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_keep_table BEFORE TRUNCATE ON audit_auditentry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

UNMAKE = """
DROP TRIGGER audit_keep_table ON audit_auditentry;
DROP TRIGGER audit_keep_rows ON audit_auditentry;
DROP TRIGGER audit_chain_entry ON audit_auditentry;
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_chain_entry();
DROP FUNCTION audit_entry_content(audit_auditentry);
"""


class Migration(migrations.Migration):
    """Triggers on the audit table."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
