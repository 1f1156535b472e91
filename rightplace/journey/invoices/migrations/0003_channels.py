"""Invoices that came on paper or by e-mail, and those that a provider's own system sends."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two more channels."""

    dependencies = [("invoices", "0002_credit_chasing")]

    operations = [
        migrations.RemoveConstraint(model_name="invoice", name="invoice_channel_is_known"),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ["api", "file", "paper", "portal", "self_billing", "xml"])
                ),
                name="invoice_channel_is_known",
            ),
        ),
    ]
