"""The portal: what waits, referrals and own homes, through HTTP; nothing of a child, nothing of another provider."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from rightplace.journey.search.models import Invitation
from tests import make
from tests.cast import Cast
from tests.visit import send, signed_in

IDENTIFYING = ("Amber", "Fairweather", "CR0 4XX", "Shirley Vale", "R-0000")


@pytest.fixture
def asked(cast: Cast) -> Invitation:
    """The referral as Acorn House was asked about it."""
    now = timezone.now()
    row = make.market_open(cast, now=now, needed_by=timezone.localdate(now) + timedelta(days=21))
    return make.invitation_to(row, cast.acorn_house)


@pytest.fixture
def priya(cast: Cast) -> Client:
    """Priya's browser."""
    return signed_in(cast.priya)


def models_in(value: object, depth: int = 0) -> list[models.Model]:
    """Every row of a table that a template was given, however deep."""
    if isinstance(value, models.Model):
        return [value]
    if depth < 4 and isinstance(value, dict):
        return [row for part in value.values() for row in models_in(part, depth + 1)]
    if depth < 4 and isinstance(value, list | tuple):
        return [row for part in value for row in models_in(part, depth + 1)]
    return []


def test_a_referral_is_a_cover_until_it_is_opened(priya: Client, asked: Invitation) -> None:
    url = f"/portal/referrals/{asked.pk}/"
    cover = priya.get(url).content.decode()
    assert "Open the referral" in cover
    assert "cut her arms" not in cover
    assert send(priya, f"{url}open/").status_code == 303
    page = priya.get(url).content.decode()
    assert "cut her arms" in page
    assert not any(word in page for word in IDENTIFYING)


def test_the_portals_templates_get_no_row_of_a_table(priya: Client, asked: Invitation, cast: Cast) -> None:
    send(priya, f"/portal/referrals/{asked.pk}/open/")
    home = f"/portal/homes/{cast.acorn_house.pk}/"
    for url in ("/portal/", "/portal/referrals/", f"/portal/referrals/{asked.pk}/", home):
        contexts = [part for context in priya.get(url).context for part in context.dicts]
        given = [value for part in contexts for name, value in part.items() if name not in {"user", "perms"}]
        found = [row for value in given for row in models_in(value)]
        assert found == [], url


def test_another_providers_referral_and_home_are_not_there(cast: Cast, asked: Invitation) -> None:
    quinn = signed_in(cast.quinn)
    referral, home = f"referrals/{asked.pk}/", f"homes/{cast.acorn_house.pk}/"
    for path in (referral, f"{referral}decline/", home, f"{home}edit/"):
        assert quinn.get(f"/portal/{path}").status_code == 404


def test_declining_needs_a_reason_and_can_be_taken_back(priya: Client, asked: Invitation) -> None:
    url = f"/portal/referrals/{asked.pk}/"
    send(priya, f"{url}open/")
    asked.refresh_from_db()
    assert send(priya, f"{url}decline/", version=asked.version).status_code == 422
    done = send(priya, f"{url}decline/", version=asked.version, reasons=["staffing"])
    asked.refresh_from_db()
    assert (done.status_code, asked.state) == (303, "declined")
    send(priya, f"{url}undo-decline/", version=asked.version)
    asked.refresh_from_db()
    assert asked.state == "seen"


def test_a_question_is_sent_and_shown_to_its_asker(priya: Client, asked: Invitation) -> None:
    url = f"/portal/referrals/{asked.pk}/"
    send(priya, f"{url}open/")
    assert send(priya, f"{url}ask/", words="Does she swim? <script>alert(1)</script>").status_code == 303
    page = priya.get(url).content.decode()
    assert "It waits for an answer" in page
    assert "<script>alert" not in page


def test_the_home_page_shows_what_waits_with_its_clock(priya: Client, asked: Invitation) -> None:
    page = priya.get("/portal/").content.decode()
    assert asked.reference in page
    assert "Homes without a fresh figure" in page


def test_free_places_are_kept_with_their_age(priya: Client, cast: Cast) -> None:
    url = f"/portal/homes/{cast.acorn_house.pk}/"
    assert send(priya, f"{url}vacancies/", version=1, vacancies="9").status_code == 422
    assert send(priya, f"{url}vacancies/", version=1, vacancies="2").status_code == 303
    page = priya.get(url).content.decode()
    assert "2 free places" in page
    assert "today" in page


def test_a_profile_is_kept(priya: Client, cast: Cast) -> None:
    url = f"/portal/homes/{cast.acorn_house.pk}/edit/"
    assert priya.get(url).status_code == 200
    done = send(
        priya, url, version=1, min_age="9", max_age="16", needs=["self_harm", "autism"], has_pets="yes"
    )
    cast.acorn_house.refresh_from_db()
    assert done.status_code == 303
    assert (cast.acorn_house.min_age, cast.acorn_house.has_pets) == (9, True)
