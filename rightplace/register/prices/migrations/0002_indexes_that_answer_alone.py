"""Indexes that hold all that a list of a million prices is counted, paged and added up by."""

from typing import ClassVar

from django.db import migrations, models


def held(name: str, fields: list[str], include: list[str]) -> migrations.AddIndex:
    """An index of prices with the columns that it carries along."""
    return migrations.AddIndex("agreedprice", models.Index(fields=fields, include=include, name=name))


class Migration(migrations.Migration):
    """The same indexes with more in them, and one by the end of a price."""

    dependencies: ClassVar = [("prices", "0001_initial")]
    operations: ClassVar = [
        *(migrations.RemoveIndex("agreedprice", name) for name in ("prices_by_start", "prices_by_amount", "prices_of_a_kind")),
        held("prices_by_start", ["authority", "-starts_on", "-id"], ["provider", "home_kind", "route"]),
        held("prices_by_amount", ["authority", "weekly_pence", "id"], ["provider", "home_kind", "route"]),
        held("prices_of_a_kind", ["authority", "home_kind", "-starts_on", "-id"], ["provider", "route"]),
        held("prices_by_end", ["authority", "ends_on"], ["provider", "starts_on", "home_kind", "route", "weekly_pence"]),
    ]
