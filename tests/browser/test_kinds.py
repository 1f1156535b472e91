"""Every kind in a real browser: asked for by the page that its terms make, what is known kept; a secure home asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from rightplace.journey.packages.models import Package
from rightplace.journey.pathways.models import Particular
from rightplace.register.children.models import Child
from rightplace.register.services.queries import packaged_kinds
from tests import make
from tests.browser.test_main_job import Desk
from tests.cast import Cast, make_cast

KINDS = sorted((one for one in packaged_kinds() if not one.is_home), key=lambda one: one.code)


@pytest.fixture
def cast(live_server: object, transactional_db: None) -> Cast:
    """The cast, in a database that a server reads."""
    return make_cast()


def _day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def test_every_kind_is_asked_for_and_what_is_known_is_kept(
    chromium: Browser, live_server: object, cast: Cast
) -> None:
    today, child = timezone.localdate(), cast.amber.pk
    desk = Desk(chromium, str(live_server), cast.sadia)
    for kind in KINDS:
        # Somebody of the kind's youngest age, and old enough to be a day past it.
        Child.objects.filter(pk=child).update(born_on=date(today.year - max(kind.min_age, 1), 1, 1))
        words = {f"part_{number}": "As in the plan." for number in range(len(kind.form_parts))}
        desk.opens(f"/packages/kinds/{kind.code}/").fills(child=child, **words, **_day("needed_by", today))
        desk.page.get_by_role("button", name="Ask for it").click()
        desk.page.get_by_text("It is asked for.").wait_for()
    assert not desk.faults
    assert Package.objects.count() == len(KINDS)
    plan = Package.objects.get(kind_code="ehc_plan")
    desk.opens(f"/packages/{plan.pk}/known/").fills(particular_1="Learning", particular_6="5200").looks(
        "kept"
    )
    desk.page.get_by_role("button", name="Keep this").click()
    desk.page.get_by_text("It is kept.").wait_for()
    assert Particular.objects.get(package=plan, words="Element 3 (top-up)").weekly_pence == 10_000
    desk.opens(f"/packages/{plan.pk}/").looks("kind-of-service")


def test_a_secure_home_is_asked_for_with_its_criteria(
    chromium: Browser, live_server: object, cast: Cast
) -> None:
    row = make.request_draft(cast, needed_by=timezone.localdate() + timedelta(days=21))
    sadia = Desk(chromium, str(live_server), cast.sadia)
    sadia.opens(f"/social-work/requests/{row.pk}/steps/home/")
    words = sadia.page.locator("[name=secure_words]")
    assert not words.is_visible()
    sadia.fills(
        is_secure_needed="yes", secure_words="Runs away and comes to harm; a home near family by May."
    )
    assert words.is_visible()
    sadia.looks("secure-home").presses("Save and continue")
    row.refresh_from_db()
    assert row.is_secure_needed
    assert not sadia.faults


def test_a_commissioner_adds_a_wilderness_programme_and_a_broker_brokers_it_the_same_minute(
    chromium: Browser, live_server: object, cast: Cast
) -> None:
    today, name, address = timezone.localdate(), "Therapeutic wilderness programme", str(live_server)
    cora = Desk(chromium, address, cast.cora).opens("/service-kinds/new/")
    cora.fills(
        name=name, group="Edge of care", min_age="11", max_age="17", price_units="session",
        form_parts="What draws the child outdoors?", musts="A mountain leader with each group", questions="What changed?",
        **_day("starts_on", today),
    ).presses("Add the kind").looks("kind-added")  # fmt: skip
    cora.opens("/service-directory/new/").fills(
        name="North Downs Wild", kind_code="therapeutic_wilderness_programme", min_age="10", max_age="17", postcode="CR0 1AA",
    ).presses("Add the service")  # fmt: skip
    sadia = Desk(chromium, address, cast.sadia).opens("/packages/kinds/therapeutic_wilderness_programme/")
    sadia.fills(child=cast.amber.pk, part_0="Climbing.", **_day("needed_by", today)).presses("Ask for it")
    sadia.page.get_by_text("It is asked for.").wait_for()
    row = Package.objects.get()
    bola = Desk(chromium, address, cast.bola).opens(f"/packages/{row.pk}/offer/")
    bola.fills(amount_pence="250", must_0="on", **_day("starts_on", today)).looks("offer-of-a-new-kind")
    bola.presses("Record an offer").page.get_by_text("£250.00 a session").first.wait_for()
    sadia.opens(f"/packages/{row.pk}/choose/").fills(offer_id=row.offers.get().pk, reason="She loves hills.")
    sadia.presses("Choose an offer").page.get_by_text("Waits for permission").first.wait_for()
    for desk in (cora, sadia, bola):
        assert not desk.faults
