"""A block of beds is a kind of price."""

from __future__ import annotations

from django.db import migrations, models

KINDS = (
    "allowance", "block", "core_fee", "discount", "education", "fee", "one_off", "support", "therapy", "transport",
)  # fmt: skip


class Migration(migrations.Migration):
    """One more kind."""

    dependencies = [("offers", "0002_more_units")]

    operations = [
        migrations.RemoveConstraint(model_name="offerline", name="offerline_kind_is_known"),
        migrations.AddConstraint(
            model_name="offerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS)), name="offerline_kind_is_known"
            ),
        ),
    ]
