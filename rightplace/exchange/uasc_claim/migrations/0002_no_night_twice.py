"""A claim never exceeds the nights: they are those between its days, and no night of a grant is claimed twice for a person."""

from django.db import migrations

GRANTS = ("uasc", "leaving_care")
MAKE = "ALTER TABLE uasc_claim_grantclaimline ADD CONSTRAINT never_more_than_the_nights CHECK (nights = ends_on - starts_on);" + "".join(
    f"""
ALTER TABLE uasc_claim_grantclaimline ADD CONSTRAINT no_night_of_{grant}_claimed_twice EXCLUDE USING gist (
    int8range(child_id, child_id, '[]') WITH &&, daterange(starts_on, ends_on) WITH &&
) WHERE ("grant" = '{grant}' AND refused_reason = '');"""
    for grant in GRANTS
)
UNDO = "ALTER TABLE uasc_claim_grantclaimline DROP CONSTRAINT never_more_than_the_nights;" + "".join(
    f"ALTER TABLE uasc_claim_grantclaimline DROP CONSTRAINT no_night_of_{grant}_claimed_twice;" for grant in GRANTS
)


class Migration(migrations.Migration):
    dependencies = [("uasc_claim", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, UNDO)]
