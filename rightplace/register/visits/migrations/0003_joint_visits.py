"""Joint visits: the visit of one authority is linked to that of another, which writes up for both."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One column more: the visit that this one joined, once for each authority."""

    dependencies: ClassVar = [("visits", "0002_files")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="visit",
            name="joined",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="companions", to="visits.visit"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=~Q(state="not_done"),
                fields=("authority", "joined"),
                name="an_authority_joins_a_visit_once",
            ),
        ),
    ]
