"""The content of an entry, as before, in a function that PostgreSQL can work into the query: proving is several times as fast.

The hashes stay the same: only what the function promises has changed (extract of a moment is stable, not immutable).
"""

from django.db import migrations

MAKE = """
CREATE OR REPLACE FUNCTION audit_entry_content(entry audit_auditentry) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT convert_to(jsonb_build_array(
        entry.authority_id, entry.provider_id, entry.number, extract(epoch FROM entry.at), entry.is_look, entry.verb, entry.words,
        entry.actor_id, entry.actor_name, entry.actor_role, entry.subject, entry.subject_id, entry.child_id, entry.details,
        encode(entry.previous_hash, 'hex'))::text, 'UTF8')
$$;
"""


class Migration(migrations.Migration):
    """The function again."""

    dependencies = [("audit", "0002_chain")]
    operations = [migrations.RunSQL(MAKE, migrations.RunSQL.noop)]
