"""The child's journey and the alerts, through HTTP: who sees which stages, every figure opens, and each alert by its rule."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from rightplace.desks.commissioning.lived import lived_figure
from rightplace.desks.components.courses import Dot, course, funnel_plot
from rightplace.desks.components.svg import Figure
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.placements.models import Placement
from rightplace.journey.reviews.models import Review
from rightplace.oversight.performance.alerts import alerts
from rightplace.oversight.performance.dashboards import journey
from rightplace.oversight.performance.queries import indicators, opened
from rightplace.oversight.performance.summaries import freeze_month
from rightplace.register.children.models import Child, LegalStatus
from tests import make
from tests.cast import Cast
from tests.visit import signed_in

DAY = timedelta(days=1)
JOURNEY = "/performance/journey/"


def stages(page: str) -> list[str]:
    return re.findall(r'<h2 class="govuk-heading-l">([^<]+)</h2>', page)


def test_each_role_sees_the_stages_of_its_work_and_every_figure_opens(cast: Cast) -> None:
    director = signed_in(cast.dev)
    whole = director.get(JOURNEY).content.decode()
    assert stages(whole) == [
        "Referral",
        "Search",
        "Offers",
        "Decision",
        "Start",
        "Stability",
        "Outcomes",
        "Money",
    ]
    broker = signed_in(cast.bola).get(JOURNEY).content.decode()
    assert stages(broker) == ["Referral", "Search", "Offers", "Decision", "Start", "Stability"]
    links = sorted(set(re.findall(r'href="(/performance/[a-z_0-9]+/\\?[^"]+)"', whole)))
    assert len(links) > 25
    for url in links[:: len(links) // 4]:
        opened = director.get(url.replace("&amp;", "&"))
        assert opened.status_code == 200
        assert "What it means" in opened.content.decode()
        assert "Select a valid choice" not in opened.content.decode()
    yesterday = director.get(
        f"/performance/entries/?on={timezone.localdate() - DAY}&span=month"
    ).content.decode()
    assert "Select a valid choice" not in yesterday and "Month to" in yesterday


def test_the_journey_leaves_as_pdf_and_spreadsheet_by_week_and_by_month(cast: Cast) -> None:
    director = signed_in(cast.dev)
    assert director.get(f"{JOURNEY}?download=pdf").content.startswith(b"%PDF")
    rows = director.get(f"{JOURNEY}?by=week&download=csv").content.decode()
    assert "Referral,Children referred,This week" in rows
    assert signed_in(cast.sam).get(JOURNEY).status_code == 403


def placed(cast: Cast, moved_on: int) -> Child:
    """A child of the authority who moved that many days ago, after half a year in another home."""
    authority, today = cast.dev.authority_id, timezone.localdate()
    child = Child.objects.create(
        authority_id=authority, local_number="twice", sex="M", born_on=today - 4000 * DAY
    )
    LegalStatus.objects.create(
        authority_id=authority, child=child, code="C2", period=(today - 200 * DAY, None)
    )
    for state, first, last, urn in (
        ("ended", today - 200 * DAY, today - moved_on * DAY, "1"), ("started", today - moved_on * DAY, None, "2"),
    ):  # fmt: skip
        Placement.objects.create(
            authority_id=authority, child=child, state=state, period=(first, last), place_code="U6", urn=urn
        )
    return child


def test_a_child_who_moved_a_week_ago_is_told_of_with_the_reason_and_one_who_is_settled_is_not(
    cast: Cast,
) -> None:
    today = timezone.localdate()
    placed(cast, 7)
    told = [one for one in alerts(cast.dev, today) if one.kind == "third_placement" and "twice" in one.about]
    assert [one.why for one in told] == ["2 placements within a year; lives there for less than six months"]
    later = [
        one
        for one in alerts(cast.dev, today + 180 * DAY)
        if one.kind == "third_placement" and "twice" in one.about
    ]
    assert later == []
    assert (
        "Child twice" in signed_in(cast.dev).get("/performance/alerts/?kind=third_placement").content.decode()
    )


@pytest.mark.parametrize(("days", "is_told"), [(-1, True), (21, True), (22, False)])
def test_a_review_is_told_of_from_three_weeks_before_its_day(cast: Cast, days: int, is_told: bool) -> None:
    today = timezone.localdate()
    child = placed(cast, 7)
    Review.objects.create(
        authority_id=cast.dev.authority_id, child=child, looked_after_since=today - 200 * DAY, number=1,
        due_on=today + days * DAY, why="-",
    )  # fmt: skip
    told = [one for one in alerts(cast.dev, today) if one.kind == "review" and "twice" in one.about]
    assert bool(told) is is_told
    assert not [one for one in alerts(cast.brenda, today) if "twice" in one.about]


def test_a_line_is_broken_where_there_was_nothing_to_count_and_its_table_says_so() -> None:
    drawn = course([0.5, None, 0.2, 0.8], ["a", "b", "c", "d"], "Share")
    assert drawn.drawing.count("<polyline") == 1
    assert [row[1] for row in drawn.rows] == ["0.5", "nothing to count", "0.2", "0.8"]


def test_a_small_authority_is_within_the_limits_where_a_large_one_is_outside() -> None:
    drawn = funnel_plot(
        [Dot("Few", 10, 0.3), Dot("Many", 2000, 0.14), Dot("Usual", 50_000, 0.1, is_own=True)], "Shares"
    )
    assert {row[0]: row[3] for row in drawn.rows} == {
        "Few": "outside the inner limits", "Many": "outside the outer limits", "Usual": "within the limits",
    }  # fmt: skip


def test_the_journey_shows_where_children_live_in_the_region_and_tells_of_those_beyond_it(cast: Cast) -> None:
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    on = placement.period.lower

    def lived(postcode: str) -> Figure:
        Placement.objects.filter(pk=placement.pk).update(place_postcode=postcode)
        with acting_as(cast.dev):
            figure = lived_figure(cast.croydon.pk, cast.croydon.gss_code, on)
        assert figure is not None
        return figure

    assert list(lived("SE13 5AB").rows) == [("Lewisham", "1 child")]
    far = lived("LS1 4AP")
    assert list(far.rows) == [("Leeds", "1 child")]
    assert "1 child outside London." in far.note
    assert list(lived("").rows) == [("Not known", "1 child")]
    with acting_as(cast.dev):
        assert lived_figure(cast.croydon.pk, cast.croydon.gss_code, on - timedelta(days=1)) is None


def test_the_journey_of_today_shows_the_last_frozen_month_beside_what_is_counted_now(cast: Cast) -> None:
    month_end = timezone.localdate().replace(day=1) - DAY
    child = Child.objects.filter(authority=cast.croydon).first()
    LegalStatus.objects.filter(child=child).delete()
    assert freeze_month(cast.croydon.pk, month_end, timezone.now()) > 0
    LegalStatus.objects.create(
        authority=cast.croydon, child=child, code="C2", period=(month_end - 40 * DAY, None)
    )
    looked_after = [
        one for stage in journey(cast.dev, timezone.localdate()).stages for one in (*stage.happened, *stage.stands)
        if one.indicator.code == "looked_after_rate_local"
    ]  # fmt: skip
    (stood,) = looked_after
    assert stood.frozen is not None
    assert stood.now.numerator == stood.frozen.numerator + 1
    listed = next(
        row
        for row in indicators(cast.dev, timezone.localdate())
        if row.indicator.code == "looked_after_rate_local"
    )
    detail = opened(cast.dev, "looked_after_rate_local", timezone.localdate())
    assert detail is not None
    for row in (listed, detail.row):
        assert row.frozen is not None
        assert (row.frozen_on, row.frozen.numerator) == (month_end, stood.frozen.numerator)
    page = signed_in(cast.dev).get("/performance/looked_after_rate_local/").content.decode()
    assert f"Frozen at {month_end:%-d %b %Y}" in page


def test_each_figure_of_an_indicator_leads_to_its_list_and_each_child_of_it_to_the_record(cast: Cast) -> None:
    child = Child.objects.filter(authority=cast.croydon).order_by("pk").first()
    assert child is not None
    LegalStatus.objects.filter(child=child).delete()
    LegalStatus.objects.create(
        authority=cast.croydon, child=child, code="C2", period=(timezone.localdate() - 9 * DAY, None)
    )
    page = "/performance/entries/"
    director, analyst = signed_in(cast.dev), signed_in(cast.ana)
    whole = director.get(page).content.decode()
    record = f'href="/social-work/children/{child.pk}/"'
    assert "?span=year#behind" in whole and "change=came#behind" in whole
    assert record in whole
    assert record in director.get(f"{page}?change=came").content.decode()
    assert record not in director.get(f"{page}?change=went").content.decode()
    seen = analyst.get(page).content.decode()
    assert child.local_number in seen and record not in seen
    assert "#behind" not in signed_in(cast.cora).get(page).content.decode()
