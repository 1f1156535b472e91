"""The forum of concerns: meetings, and what was agreed about each concern."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    """Two tables more; row security follows their declaration."""

    dependencies: ClassVar = [
        ("concerns", "0001_initial"),
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Forum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="planned", max_length=20)),
                ("version", models.PositiveIntegerField(default=1)),
                ("words", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("consortium", models.ForeignKey(on_delete=PROTECT, to="organisations.consortium")),
                ("made_by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(("state__in", ["held", "planned"])), name="forum_state_is_known"),
                    models.UniqueConstraint(fields=("consortium", "held_on"), name="one_forum_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForumItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=1000)),
                ("due_on", models.DateField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "concern",
                    models.ForeignKey(on_delete=PROTECT, related_name="forum_items", to="concerns.concern"),
                ),
                ("consortium", models.ForeignKey(on_delete=PROTECT, to="organisations.consortium")),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="concerns.forum"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="organisations.authority"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("forum", "concern"), name="a_concern_once_in_a_forum"),
                    models.CheckConstraint(condition=Q(("words", ""), _negated=True), name="a_forum_item_says_what"),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("due_on__isnull", True), ("owner__isnull", True)),
                            Q(("due_on__isnull", False), ("owner__isnull", False)),
                            _connector="OR",
                        ),
                        name="who_does_it_knows_by_when",
                    ),
                ],
            },
        ),
    ]  # fmt: skip
