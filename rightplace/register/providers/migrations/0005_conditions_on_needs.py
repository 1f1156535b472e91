"""Conditions of registration on needs, by whom a condition was recorded, and its version."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0004_extras_and_needs_declined"), ("organisations", "0001_initial")]
    operations = [
        migrations.AddField(
            "condition", "needs_only", ArrayField(models.CharField(max_length=40), default=list, db_default=[])
        ),
        migrations.AddField(
            "condition", "needs_barred", ArrayField(models.CharField(max_length=40), default=list, db_default=[])
        ),
        migrations.AddField(
            "condition",
            "recorded_by",
            models.ForeignKey(
                "organisations.authority", django.db.models.deletion.PROTECT, null=True, related_name="+"
            ),
        ),
        migrations.AddField("condition", "version", models.PositiveIntegerField(default=1, db_default=1)),
    ]
