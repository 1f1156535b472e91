"""Reminders of evidence that ends; and whose turn it is where two members want one bed."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column and a table more; row security follows the declaration."""

    dependencies: ClassVar = [
        ("buying", "0001_initial"),
        ("organisations", "0001_initial"),
        ("providers", "0004_extras_and_needs_declined"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.AddField("evidence", "reminded_days", models.PositiveSmallIntegerField(null=True)),
        migrations.CreateModel(
            name="BedTurn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seen_by",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("why", models.CharField(max_length=300)),
                ("decided_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("is_over", models.BooleanField(default=False)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authority"
                    ),
                ),
                (
                    "consortium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="organisations.consortium"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "setting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="providers.setting"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_over", False)), fields=("consortium", "setting"),
                        name="one_turn_for_a_bed_at_a_time",
                    ),
                    models.CheckConstraint(condition=~models.Q(("why", "")), name="a_bed_turn_says_why"),
                ],
            },
        ),
    ]  # fmt: skip
