"""What counts when homes are proposed for everyone: set with the policy; and why a home was ruled out."""

from django.db import migrations, models
from django.db.models import Q

NAME_THE_EARLIER = """
    UPDATE search_proposalmark SET reason_code = 'other',
        reason = CASE WHEN reason = '' THEN 'Recorded before a reason was asked for' ELSE reason END
    WHERE kind = 'barred' AND reason_code = '';
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0004_proposal_picture")]
    operations = [
        migrations.AddField("matchingpolicy", "beds_kept_back", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AddField("matchingpolicy", "split_penalty", models.PositiveSmallIntegerField(default=25, db_default=25)),
        migrations.AddField("matchingpolicy", "own_bonus", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AddField("matchingpolicy", "spares_scarce", models.BooleanField(default=True, db_default=True)),
        migrations.AddConstraint(
            "matchingpolicy", models.CheckConstraint(name="parting_has_a_price", condition=Q(split_penalty__gt=0))
        ),
        migrations.AddField("proposalmark", "reason_code", models.CharField(blank=True, default="", max_length=30)),
        migrations.AddField("proposal", "counted", models.JSONField(default=list)),
        migrations.RunSQL(NAME_THE_EARLIER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "proposalmark",
            models.CheckConstraint(name="ruling_out_has_a_reason", condition=~Q(kind="barred") | ~Q(reason_code="")),
        ),
    ]
