"""An alert is told to its owner, once for as long as it stands, and its words name nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rightplace.core.indicators.likely_move import likely_moves
from rightplace.foundation.notices.models import Notice
from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements.models import Placement
from rightplace.journey.reviews.models import Review
from rightplace.oversight.performance.alerts import KINDS, alerts
from rightplace.oversight.performance.reading import lived_of, stated
from rightplace.oversight.performance.spans import Span
from rightplace.oversight.performance.telling import OWNERS, tell_alerts, tell_every_alert
from rightplace.register.children.models import Child
from tests import make
from tests.cast import Cast
from tests.lived import lived
from tests.visit import signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def review_due(cast: Cast, days: int, number: int = 1) -> Review:
    """A review of Amber so many days from now."""
    today = timezone.localdate()
    Child.objects.filter(pk=cast.amber.pk).update(social_worker=cast.sadia.user_id)
    return Review.objects.create(
        authority=cast.croydon, child=cast.amber, looked_after_since=today - 200 * DAY, number=number,
        due_on=today + days * DAY, why="-",
    )  # fmt: skip


def notices_of(link: str) -> list[Notice]:
    """What was told with this address."""
    return list(Notice.objects.filter(link=link).order_by("pk"))


def test_a_review_that_falls_due_is_told_once_to_the_childs_social_worker_in_words_that_name_nobody(
    cast: Cast,
) -> None:
    review = review_due(cast, 20)
    now = timezone.now()
    tell_every_alert(now)
    assert tell_every_alert(now + DAY) == 0
    (notice,) = notices_of(f"/reviews/{review.pk}/")
    assert (notice.user_id, notice.role) == (cast.sadia.user_id, "")
    assert cast.amber.local_number not in notice.words and cast.amber.last_name not in notice.words
    assert signed_in(cast.sadia).get(notice.link).status_code == 200


def test_a_new_day_of_a_review_is_told_anew_and_so_is_what_stood_no_longer(cast: Cast) -> None:
    review, now = review_due(cast, 5), timezone.now()
    tell_alerts(cast.croydon.pk, now)
    Review.objects.filter(pk=review.pk).update(due_on=timezone.localdate() + 9 * DAY)
    tell_alerts(cast.croydon.pk, now)
    assert len(notices_of(f"/reviews/{review.pk}/")) == 2
    Review.objects.filter(pk=review.pk).update(due_on=timezone.localdate() + 90 * DAY)
    assert tell_alerts(cast.croydon.pk, now) == 0
    Review.objects.filter(pk=review.pk).update(due_on=timezone.localdate() + 9 * DAY)
    assert tell_alerts(cast.croydon.pk, now) == 1


def test_a_contract_that_ends_is_told_to_the_brokers_of_its_own_authority(cast: Cast) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    Contract.objects.filter(pk=contract.pk).update(ends_on=timezone.localdate() + 30 * DAY)
    tell_every_alert(timezone.now())
    (notice,) = [one for one in notices_of(f"/contracts/{contract.pk}/") if "ends on" in one.words]
    assert (notice.authority_id, notice.role) == (cast.croydon.pk, "broker")
    assert signed_in(cast.bola).get(notice.link).status_code == 200


def test_those_likely_to_move_are_the_same_when_only_those_near_it_are_read(cast: Cast) -> None:
    today, croydon = timezone.localdate(), cast.croydon
    lived(croydon, 60, until=today)
    Placement.objects.filter(authority=croydon, pk__in=range(0, 10**6, 7)).update(place_code="T0")
    everybody = Child.objects.filter(authority=croydon).values_list("pk", flat=True)
    told = 0
    for back in range(0, 700, 35):
        on = today - back * DAY
        year = Span("year", on).period
        whole = likely_moves(lived_of(croydon.pk, year.start, everybody), year, stated(on), ())
        found = [one.key for one in alerts(cast.ana, on) if one.kind == "third_placement"]
        assert sorted(found) == sorted(one.child for one in whole)
        told += len(found)
    assert told > 20


def test_every_kind_of_alert_has_an_owner() -> None:
    assert set(OWNERS) == set(KINDS)
