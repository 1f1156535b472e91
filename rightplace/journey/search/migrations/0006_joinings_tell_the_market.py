"""Whoever joins or leaves a framework changes which homes are on one for it: the market in memory is told."""

from importlib import import_module

from django.db import migrations

before = import_module("rightplace.journey.search.migrations.0003_market_changes")
JOINING = ("frameworks_joining", "routes", "0", "NULL")


class Migration(migrations.Migration):
    dependencies = [("search", "0005_counted_together"), ("frameworks", "0002_terms_members_and_prices")]
    operations = [migrations.RunSQL(before.watch(*JOINING), before.unwatch("frameworks_joining", "routes"))]
