"""Of a month of which a part was invoiced one line is settled and another open: no two charges for one night."""

from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("payments", "0003_absences_and_deliveries")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="scheduleline", name="one_charge_a_line_and_month"),
        migrations.AddConstraint(
            model_name="scheduleline",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_difference", False), ("state", "due")),
                expressions=[
                    (
                        models.Func(
                            models.F("contract_line_id"),
                            models.F("contract_line_id"),
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    ("period", "&&"),
                ],
                name="one_charge_a_line_and_night",
            ),
        ),
    ]
