"""A month that all signed can be put right: a later statement takes its place, and the difference is charged."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A statement says which one it corrects; a month being corrected holds its nights no longer."""

    dependencies: ClassVar = [("blocks", "0002_statements_are_drawn")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="blocksettlement", name="corrects",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="corrections",
                to="blocks.blocksettlement",
            ),
        ),
        migrations.RemoveConstraint(model_name="blocksettlement", name="settlement_state_is_known"),
        migrations.AddConstraint(
            model_name="blocksettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=["agreed", "corrected", "correcting", "sent", "withdrawn"]),
                name="settlement_state_is_known",
            ),
        ),
        migrations.RemoveConstraint(model_name="blocksettlement", name="one_settlement_of_a_month"),
        migrations.AddConstraint(
            model_name="blocksettlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("withdrawn", "correcting", "corrected")), _negated=True),
                fields=("block", "month"), name="one_settlement_of_a_month",
            ),
        ),
    ]  # fmt: skip
