"""A home that is registered or closed on another day changes the figures of those who live or lived there, in every authority.

Whether a child lives in a home that is not registered is counted by the home's days (`core.indicators`, unregistered), and the
register of homes is everybody's: the groups of all its children are told of, by the same statement that changes the home.
"""

from django.db import migrations

TELL = """
CREATE FUNCTION performance_home_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO performance_groupchange (authority_id, "group")
    SELECT DISTINCT p.authority_id, p.child_id % 32
    FROM fresh JOIN gone USING (id) JOIN placements_placement p ON p.setting_id = fresh.id
    WHERE (fresh.registered_on, fresh.closed_on) IS DISTINCT FROM (gone.registered_on, gone.closed_on);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_performance_update AFTER UPDATE ON providers_setting
    REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION performance_home_changed();
"""
STOP = """
DROP TRIGGER tell_performance_update ON providers_setting;
DROP FUNCTION performance_home_changed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("performance", "0003_alerts_told"),
        ("providers", "0005_conditions_on_needs"),
        ("placements", "0001_initial"),
    ]
    operations = [migrations.RunSQL(TELL, STOP)]
