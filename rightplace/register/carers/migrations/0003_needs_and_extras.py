"""Needs in the terms of approval and in the carers' own words, and what a placement costs beside the fee."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


def needs() -> ArrayField:
    """A list of needs, empty at first."""
    return ArrayField(models.CharField(max_length=40), default=list, db_default=[])


class Migration(migrations.Migration):
    dependencies = [("carers", "0002_skill_levels")]
    operations = [
        migrations.AddField("household", "needs_declined", needs()),
        migrations.AddField("household", "transport_weekly_pence", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("household", "education_weekly_pence", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("approval", "needs_only", needs()),
        migrations.AddField("approval", "needs_barred", needs()),
    ]
