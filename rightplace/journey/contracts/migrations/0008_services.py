"""A contract is of a placement or of a service for a child."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A contract may be of a service."""

    dependencies = [
        ("contracts", "0007_blocks"),
        ("packages", "0002_initial"),
        ("placements", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contract",
            name="placement",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="contract", to="placements.placement"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="package",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="contract", to="packages.package"
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                name="contract_is_of_a_placement_or_a_service",
                condition=models.Q(("package__isnull", True), ("placement__isnull", False))
                | models.Q(("package__isnull", False), ("placement__isnull", True)),
            ),
        ),
    ]
