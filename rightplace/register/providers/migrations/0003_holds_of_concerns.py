"""Holds say whether a concern placed them: such a hold ends with the concern, by two people."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("providers", "0002_payees")]

    operations: ClassVar = [
        migrations.AddField("hold", "is_of_concern", models.BooleanField(db_default=False, default=False))
    ]
