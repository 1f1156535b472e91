"""Pages of who a child can live with, children kept apart and terms of approval: entered once, shown, 404 to others."""

from __future__ import annotations

from django.urls import reverse

from rightplace.journey.requests.actions import start_request
from rightplace.register.carers.models import Approval
from rightplace.register.children.models import KeptApart, LivingWith
from tests.cast import NOW, Cast
from tests.visit import send, signed_in


def test_who_a_child_can_live_with_is_kept_on_the_file_and_fills_the_next_request(cast: Cast) -> None:
    client, url = signed_in(cast.sadia), f"/social-work/children/{cast.amber.pk}/living-with/"
    assert "Who can the child live with?" in client.get(url).content.decode()
    entries = {
        "companions": "solo",
        "not_with_sexes": ["M"],
        "risks_to_others": ["fire_setting"],
        "words": "Agreed in March",
    }
    assert send(client, url, version=cast.amber.version, **entries).status_code == 303
    row = LivingWith.objects.get()
    assert (row.needs, row.companions, row.not_with_sexes) == (["fire_setting"], "solo", ["M"])
    page = client.get(f"/social-work/children/{cast.amber.pk}/").content.decode()
    assert "Only child in the home" in page and "Fire-setting" in page and "Agreed in March" in page
    assert (
        start_request(by=cast.sadia, now=NOW, child_ids=(cast.amber.pk,)).done().living_companions == "solo"
    )
    assert send(client, url, version=cast.amber.version, **entries).status_code == 409
    assert signed_in(cast.bola).get(url).status_code == 403
    assert signed_in(cast.simon).get(url).status_code == 404


def test_children_are_kept_apart_by_their_number_and_may_live_together_again(cast: Cast) -> None:
    client, url = signed_in(cast.sadia), f"/social-work/children/{cast.amber.pk}/kept-apart/"
    wrong = send(client, url, version=cast.amber.version, other_number="no such", reason="x")
    assert wrong.status_code == 422 and "no child of your authority" in wrong.content.decode()
    reason = {"other_number": cast.jude.local_number, "reason": "They hurt each other."}
    assert send(client, url, version=cast.amber.version, **reason).status_code == 303
    page = client.get(url).content.decode()
    assert "They hurt each other." in page and str(cast.jude) in page
    assert str(cast.amber) in client.get(f"/social-work/children/{cast.jude.pk}/").content.decode()
    cast.amber.refresh_from_db()
    row = KeptApart.objects.get()
    assert send(client, f"{url}{row.pk}/end/", version=cast.amber.version).status_code == 303
    assert "Nobody is kept apart" in client.get(url).content.decode()


def test_a_fostering_officer_records_terms_of_approval_with_needs(cast: Cast) -> None:
    client, url = signed_in(cast.fern), reverse("brokerage:carer_terms", args=[cast.adams.pk])
    assert "Record the terms" in client.get(url).content.decode()
    entries = {
        "starts_on_day": "1", "starts_on_month": "12", "starts_on_year": "2026", "places": "1", "min_age": "5", "max_age": "12",
        "needs_barred": ["fire_setting"],
    }  # fmt: skip
    assert send(client, url, version=1, **entries).status_code == 303
    page = client.get(url).content.decode()
    assert "5 to 12" in page and "not fire-setting" in page
    assert Approval.objects.filter(household=cast.adams).count() == 2
    assert send(client, url, version=2, **{**entries, "places": "0"}).status_code == 422
    assert signed_in(cast.bola).get(url).status_code == 403
