"""A placement fills or frees a bed: the home is told as changed to whoever keeps the market in memory.

A setting is shared, so its row names no authority; a household is the authority's own.
"""

from importlib import import_module

from django.db import migrations

watching = import_module("rightplace.journey.search.migrations.0003_market_changes")
TABLE = "placements_placement"


class Migration(migrations.Migration):
    dependencies = [("placements", "0002_moves"), ("search", "0003_market_changes")]
    operations = [
        migrations.RunSQL(
            watching.watch(TABLE, "setting", "setting_id", "NULL")
            + watching.watch(TABLE, "household", "household_id", "authority_id"),
            watching.unwatch(TABLE, "setting") + watching.unwatch(TABLE, "household"),
        )
    ]
