"""Figures kept ready equal the full count at any time, whoever changes what, and months once frozen stay as they stood."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rightplace.core.indicators.sums import Sums
from rightplace.journey.placements.models import Placement
from rightplace.journey.reviews.models import Review
from rightplace.oversight.performance.dashboards import journey
from rightplace.oversight.performance.models import FrozenFigure, GroupChange, GroupFigure
from rightplace.oversight.performance.queries import indicators
from rightplace.oversight.performance.spans import Span, month_ends, spans_kept
from rightplace.oversight.performance.summaries import (
    EVERY,
    count_again,
    count_new_day,
    count_what_changed,
    counted,
    figures,
    freeze_month,
)
from rightplace.register.children.models import Child, LegalStatus, Sibling
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import Cast
from tests.make import NEEDED_BY

DAY = timedelta(days=1)


def full(authority_id: int) -> dict[tuple[str, Span], tuple[float, ...]]:
    """Everything counted from the record, without what is kept."""
    found = counted(authority_id, spans_kept(timezone.localdate()), None)
    return {key: rounded(sums) for key, sums in found.items()}


def kept(authority_id: int) -> dict[tuple[str, Span], tuple[float, ...]]:
    found = figures(authority_id, spans_kept(timezone.localdate()))
    return {key: rounded(sums) for key, sums in found.now.items()}


def rounded(sums: Sums) -> tuple[float, ...]:
    return sums.numerator, sums.denominator, round(sums.total, 6), round(sums.squares, 6)


def agrees(authority_id: int) -> bool:
    """Whether what is kept and what is counted are the same; a figure that is not there is nought."""
    ours, theirs = kept(authority_id), full(authority_id)
    nothing = rounded(Sums())
    return all(ours.get(key, nothing) == theirs.get(key, nothing) for key in {*ours, *theirs})


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast with Amber placed by the journey, looked after since, and all figures kept."""
    contract = make.placement_started(cast, make.contract_in_force(cast))
    LegalStatus.objects.get_or_create(
        authority_id=contract.authority_id, child_id=contract.child_id,
        defaults={"code": "C2", "period": (NEEDED_BY, None)},
    )  # fmt: skip
    count_again(cast.dev.authority_id, timezone.now(), EVERY)
    return cast


def child_of(authority: int) -> Child:
    """Another child of an authority, of whom nothing is known yet."""
    return Child.objects.create(
        authority_id=authority, local_number="new-1", sex="F", born_on=date(2012, 1, 1)
    )


def test_whatever_changes_is_in_the_figure_at_once_and_still_when_it_is_counted_again(cast: Cast) -> None:
    authority, today = cast.dev.authority_id, timezone.localdate()
    assert agrees(authority)
    assert not GroupChange.objects.filter(authority_id=authority).exists()
    jude = child_of(authority)
    changes = (
        lambda: LegalStatus.objects.create(authority_id=authority, child=jude, code="C2", period=(today - 400 * DAY, None)),
        lambda: Placement.objects.create(
            authority_id=authority, child=jude, state="started", period=(today - 400 * DAY, None), place_code="U6",
            miles=31.0, place_postcode="SE13 5AB",
        ),
        lambda: Sibling.objects.create(
            authority_id=authority, child_id=cast.amber.pk, sibling_id=jude.pk
        ),
        lambda: Review.objects.create(
            authority_id=authority, child=jude, looked_after_since=today - 400 * DAY, number=1, due_on=today - DAY, why="-"
        ),
        lambda: Placement.objects.filter(child=jude).update(miles=2.0),
        lambda: Child.objects.filter(pk=jude.pk).update(is_uasc=True),
        lambda: LegalStatus.objects.filter(child=jude).update(period=(today - 400 * DAY, today - 2 * DAY)),
        lambda: Review.objects.filter(child=jude).delete(),
    )  # fmt: skip
    for place, change in enumerate(changes):
        change()
        assert GroupChange.objects.filter(authority_id=authority).exists(), place
        assert agrees(authority), place
        if place % 2:
            count_what_changed(timezone.now())
            assert not GroupChange.objects.filter(authority_id=authority).exists()
            assert agrees(authority), place


def test_a_home_that_closes_or_is_registered_on_another_day_changes_the_figures_of_those_who_live_there(
    cast: Cast,
) -> None:
    authority, today = cast.dev.authority_id, timezone.localdate()
    jude = child_of(authority)
    home = Setting.objects.exclude(kind="foster").order_by("pk").first()
    assert home is not None
    LegalStatus.objects.create(authority_id=authority, child=jude, code="C2", period=(today - 50 * DAY, None))
    Placement.objects.create(
        authority_id=authority,
        child=jude,
        state="started",
        period=(today - 50 * DAY, None),
        setting=home,
        place_code="K2",
    )
    count_what_changed(timezone.now())
    before = kept(authority)
    Setting.objects.filter(pk=home.pk).update(name="Another name")
    assert not GroupChange.objects.filter(authority_id=authority).exists()
    Setting.objects.filter(pk=home.pk).update(closed_on=today - 10 * DAY)
    assert kept(authority) != before
    assert agrees(authority)
    count_what_changed(timezone.now())
    assert agrees(authority)


NEVER_ANOTHER = {
    "organisations_authority": "its code names it",
    "search_search": "a search stays with its request",
    "invoices_payable": "what is payable is settled before a payment is made of it, and stays",
    "invoices_invoice": "an invoice is received before anything of it is paid",
    "blocks_blockshare": "the shares of a month are written with its settlement, and stay",
}


def test_every_table_that_figures_are_counted_from_tells_of_its_changes(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        full(cast.dev.authority_id)
    read = {name for one in queries for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', one["sql"])}
    assert "placements_placement" in read
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'tell_performance_%'"
        )
        watched = {name for (name,) in cursor.fetchall()}
    assert read - watched == NEVER_ANOTHER.keys() - watched


def test_what_changed_is_counted_once_by_a_process_until_it_changes_again(cast: Cast) -> None:
    authority, today = cast.dev.authority_id, timezone.localdate()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            journey(cast.dev, today)
        return sum("SELECT" in one["sql"] and "set_config" not in one["sql"] for one in queries)

    ready = asked()
    jude = child_of(authority)
    assert asked() > ready
    assert asked() == ready
    LegalStatus.objects.create(authority_id=authority, child=jude, code="C2", period=(today - DAY, None))
    assert agrees(authority)
    assert asked() == ready
    LegalStatus.objects.filter(child=jude).update(code="J1")
    assert asked() > ready
    assert agrees(authority)


def test_the_group_that_keeps_the_spans_in_which_nothing_happened_is_counted_once_too(cast: Cast) -> None:
    """Spans whose every kept row is of a group that changed are known all the same."""
    authority, today = cast.dev.authority_id, timezone.localdate()
    GroupChange.objects.create(authority_id=authority, group=0)
    journey(cast.dev, today)
    with CaptureQueriesContext(connection) as queries:
        journey(cast.dev, today)
    assert len(queries) == 2
    assert agrees(authority)


def test_a_new_day_is_counted_once_and_never_mixed_with_the_day_before(cast: Cast) -> None:
    authority = cast.dev.authority_id
    tomorrow = timezone.now() + DAY
    assert count_new_day(tomorrow) >= 1
    assert count_new_day(tomorrow) == 0
    kept_days = set(
        GroupFigure.objects.filter(authority_id=authority, span="week").values_list("ends_on", flat=True)
    )
    assert timezone.localdate(tomorrow) in kept_days
    LegalStatus.objects.filter(child=cast.amber).update(code="J1")
    count_what_changed(tomorrow + DAY)
    assert (
        set(GroupFigure.objects.filter(authority_id=authority, span="week").values_list("ends_on", flat=True))
        == kept_days
    )
    assert agrees(authority)


def test_a_frozen_month_stays_while_the_live_figure_moves(cast: Cast) -> None:
    authority, month_end = cast.dev.authority_id, month_ends(timezone.localdate(), 2)[0]
    assert freeze_month(authority, month_end, timezone.now()) > 0
    assert freeze_month(authority, month_end, timezone.now()) == 0
    start = month_end - 40 * DAY
    LegalStatus.objects.create(
        authority_id=authority, child=child_of(authority), code="C2", period=(start, None)
    )
    row = next(one for one in indicators(cast.dev, month_end) if one.indicator.code == "looked_after_rate")
    assert row.frozen is not None
    assert row.now.numerator == row.frozen.numerator + 1
    assert (
        FrozenFigure.objects.filter(
            authority_id=authority, ends_on=month_end, code="looked_after_rate"
        ).count()
        == 1
    )


def test_a_page_asks_no_more_with_more_rows_and_at_most_eight_times(cast: Cast) -> None:
    authority, today = cast.dev.authority_id, timezone.localdate()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            journey(cast.dev, today)
        return sum("SELECT" in one["sql"] and "set_config" not in one["sql"] for one in queries)

    ready = asked()
    Child.objects.bulk_create(
        Child(authority_id=authority, local_number=f"more-{number}", sex="F", born_on=date(2012, 1, 1))
        for number in range(40)
    )
    assert asked() <= 8
    count_what_changed(timezone.now())
    assert asked() == ready <= 3
