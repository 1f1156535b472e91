"""An index that holds all that prices of one kind of home are compared by."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """By whose, kind and end, with the need behind each price."""

    dependencies: ClassVar = [("prices", "0002_indexes_that_answer_alone")]
    operations: ClassVar = [
        migrations.AddIndex(
            "agreedprice",
            models.Index(
                fields=["authority", "home_kind", "ends_on"],
                include=["provider", "starts_on", "weekly_pence", "need_points", "age", "is_alone", "band"],
                name="prices_to_compare",
            ),
        )
    ]
