"""Cost codes on the lines of a schedule; what was settled stays, and differences stand beside it."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

MONTHS = "UPDATE payments_scheduleline SET month = date_trunc('month', lower(period))::date"
STAYS = """
    CREATE FUNCTION settled_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.settled_at IS NOT NULL THEN
            RAISE EXCEPTION 'a settled line of a schedule is never edited; add a line of the difference';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER settled_line_stays BEFORE UPDATE ON payments_scheduleline
        FOR EACH ROW EXECUTE FUNCTION settled_line_stays();
"""
GONE = "DROP TRIGGER settled_line_stays ON payments_scheduleline; DROP FUNCTION settled_line_stays();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("contracts", "0002_dearer_variations"),
        ("organisations", "0001_initial"),
        ("payments", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CostCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("home_kind", models.CharField(blank=True, max_length=20)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("cost_centre", models.CharField(max_length=30)),
                ("subjective", models.CharField(max_length=30)),
                ("section_251_line", models.CharField(blank=True, max_length=30)),
                ("words", models.CharField(blank=True, max_length=120)),
                ("version", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=200)),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="organisations.authority"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "home_kind", "kind", "starts_on"), name="one_cost_code_a_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                        name="cost_code_ends_after_its_start",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="scheduleline", name="one_line_a_period"),
        migrations.AddField("scheduleline", "month", models.DateField(null=True)),
        migrations.RunSQL(MONTHS, migrations.RunSQL.noop),
        migrations.AlterField("scheduleline", "month", models.DateField()),
        migrations.AddField("scheduleline", "vat_pence", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField(
            "scheduleline",
            "cost_code",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="payments.costcode"),
        ),
        migrations.AddField("scheduleline", "is_difference", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("scheduleline", "reason", models.CharField(blank=True, max_length=300, db_default="")),
        migrations.AddField("scheduleline", "settled_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "scheduleline",
            models.UniqueConstraint(
                condition=models.Q(("is_difference", False), ("state", "due")),
                fields=("contract_line", "month"),
                name="one_charge_a_line_and_month",
            ),
        ),
        migrations.AddConstraint(
            "scheduleline",
            models.UniqueConstraint(
                condition=models.Q(("is_difference", True), ("settled_at__isnull", True), ("state", "due")),
                fields=("contract_line", "month"),
                name="one_open_difference_a_line_and_month",
            ),
        ),
        migrations.AddConstraint(
            "scheduleline",
            models.CheckConstraint(
                condition=models.Q(("state", "due"), ("settled_at__isnull", True), _connector="OR"),
                name="nothing_settled_is_superseded",
            ),
        ),
        migrations.AddConstraint(
            "scheduleline",
            models.CheckConstraint(
                condition=models.Q(("is_difference", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="a_difference_says_why",
            ),
        ),
        migrations.RunSQL(STAYS, GONE),
    ]
