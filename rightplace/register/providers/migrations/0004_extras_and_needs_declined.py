"""What a home costs beside its fee, and the needs that it does not take, as its provider says."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0003_holds_of_concerns")]
    operations = [
        migrations.AddField("setting", "transport_weekly_pence", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("setting", "education_weekly_pence", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField(
            "setting", "needs_declined", ArrayField(models.CharField(max_length=40), default=list, db_default=[])
        ),
    ]
