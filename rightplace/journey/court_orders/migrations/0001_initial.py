"""Places that are not registered and that a court orders."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

PROTECT = django.db.models.deletion.PROTECT


def key() -> models.BigAutoField:
    """The row's number."""
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """Two tables; row security follows their declaration."""

    initial = True
    dependencies: ClassVar = [
        ("organisations", "0001_initial"),
        ("providers", "0004_extras_and_needs_declined"),
        ("requests", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="CourtPlace",
            fields=[
                ("id", key()),
                ("place", models.CharField(max_length=200)),
                ("court", models.CharField(max_length=160)),
                ("order_number", models.CharField(max_length=60)),
                ("ordered_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("why", models.TextField()),
                ("state", models.CharField(default="asked", max_length=20)),
                ("version", models.PositiveIntegerField(default=1)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.TextField(blank=True)),
                ("told_on", models.DateField(null=True)),
                ("told_reference", models.CharField(blank=True, max_length=120)),
                ("ended_on", models.DateField(null=True)),
                ("ended_words", models.CharField(blank=True, max_length=500)),
                ("asked_by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("authority", models.ForeignKey(on_delete=PROTECT, to="organisations.authority")),
                (
                    "decided_by",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "request",
                    models.ForeignKey(on_delete=PROTECT, related_name="court_places", to="requests.placementrequest"),
                ),
                (
                    "setting",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="providers.setting"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["authority", "state", "ordered_on", "id"], name="court_places_by_state")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("state__in", ["agreed", "asked", "ended", "refused"])),
                        name="court_place_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(("ends_on__gt", F("ordered_on"))), name="a_court_order_ends_after_it_was_made"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("decided_by__isnull", True), Q(("decided_by", F("asked_by")), _negated=True), _connector="OR"
                        ),
                        name="nobody_agrees_to_a_court_place_alone",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("state", "agreed"), _negated=True),
                            Q(("decided_by__isnull", False), Q(("decision", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="an_agreed_court_place_says_by_whom",
                    ),
                    models.UniqueConstraint(
                        condition=Q(("state__in", ["asked", "agreed"])), fields=("request",),
                        name="one_court_place_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourtPlaceReview",
            fields=[
                ("id", key()),
                ("reviewed_on", models.DateField()),
                ("safe_words", models.TextField()),
                ("search_words", models.TextField()),
                ("at", models.DateTimeField()),
                ("authority", models.ForeignKey(on_delete=PROTECT, to="organisations.authority")),
                ("by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "court_place",
                    models.ForeignKey(on_delete=PROTECT, related_name="reviews", to="court_orders.courtplace"),
                ),
            ],
            options={
                "ordering": ["reviewed_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(Q(("safe_words", ""), _negated=True), Q(("search_words", ""), _negated=True)),
                        name="a_court_place_review_says_both",
                    )
                ],
            },
        ),
    ]  # fmt: skip
