"""The brokers' home, the list of requests, and the quality check through its pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rightplace.desks.brokerage.quality_check import key_of, marked
from rightplace.journey.requests import actions, queries
from rightplace.journey.requests.disclosed import FlaggedWords
from rightplace.journey.requests.models import PlacementRequest
from tests import make
from tests.cast import Cast
from tests.visit import send, signed_in

CHECK = "/brokerage/requests/{}/check/"


def soon() -> dict:
    return {"now": timezone.now(), "needed_by": timezone.localdate() + timedelta(days=30)}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def telling(cast: Cast) -> PlacementRequest:
    """A request whose free text names the child, a friend, and has a word that only looks like a name."""
    row = make.request_draft(cast, **soon())
    about = "Amber is close to Tyrone. Grace is what she says before she eats."
    row = actions.save_request(
        by=cast.sadia, now=timezone.now(), request_id=row.pk, version=row.version, changes={"about": about}
    ).done()
    return actions.submit_request(
        by=cast.sadia, now=timezone.now(), request_id=row.pk, version=row.version
    ).done()


def test_the_home_shows_what_waits_with_the_clock_of_the_check(cast: Cast) -> None:
    row = make.request_submitted(cast, **soon())
    ready = make.request_ready(cast, **soon())
    page = text(signed_in(cast.bola).get("/brokerage/"))
    assert CHECK.format(row.pk) in page
    assert f"/brokerage/requests/{ready.pk}/search/" in page
    assert "2 working days left" in page


def test_the_check_shows_the_request_beside_what_a_provider_will_see(
    cast: Cast, telling: PlacementRequest
) -> None:
    page = text(signed_in(cast.bola).get(CHECK.format(telling.pk)))
    full, provider = page.split("Exactly what a provider will see")
    assert '<mark class="rp-flag">Amber</mark>' in full
    assert '<mark class="rp-flag rp-flag--maybe">Tyrone</mark>' in full
    provider = provider.split("Your verdict")[0]
    for words in ("Amber", "Fairweather", "Tyrone", "Shirley Vale", "CR0 4XX", "2012"):
        assert words not in provider
    assert "aged 14" in provider
    assert "This child may be recognised" in page


def test_choices_are_shown_before_anything_is_decided(cast: Cast, telling: PlacementRequest) -> None:
    choices = {key_of("Tyrone"): "mask", key_of("Grace"): "keep", "verdict": "look"}
    answer = send(signed_in(cast.bola), CHECK.format(telling.pk), telling.version, **choices)
    provider = text(answer).split("Exactly what a provider will see")[1]
    assert "Grace is what she says" in provider
    assert "Tyrone" not in provider.split("Your verdict")[0]
    telling.refresh_from_db()
    assert telling.state == "submitted"


def test_a_request_passes_once_each_word_is_judged_and_leaves_as_was_shown(
    cast: Cast, telling: PlacementRequest
) -> None:
    client = signed_in(cast.bola)
    unjudged = send(client, CHECK.format(telling.pk), telling.version, verdict="pass")
    assert unjudged.status_code == 422
    assert "Say whether “Tyrone” is to be masked or may stay." in text(unjudged)
    choices = {key_of("Tyrone"): "mask", key_of("Grace"): "keep", "verdict": "pass"}
    assert send(client, CHECK.format(telling.pk), telling.version, **choices).status_code == 303
    telling.refresh_from_db()
    assert telling.state == "ready"
    assert (
        queries.disclosed(telling.pk)["about"]
        == "[removed] is close to [removed]. Grace is what she says before she eats."
    )


def test_a_request_is_returned_with_comments_at_its_parts(cast: Cast, telling: PlacementRequest) -> None:
    client = signed_in(cast.bola)
    assert send(client, CHECK.format(telling.pk), telling.version, verdict="return").status_code == 422
    comments = {
        "comment_needs": "When was the last time?",
        "comment_all": "Nearly there.",
        "verdict": "return",
    }
    assert send(client, CHECK.format(telling.pk), telling.version, **comments).status_code == 303
    assert list(telling.comments.values_list("field", "words")) == [
        ("needs", "When was the last time?"),
        ("", "Nearly there."),
    ]
    step = text(signed_in(cast.sadia).get(f"/social-work/requests/{telling.pk}/steps/needs/"))
    assert "When was the last time?" in step
    assert "The broker has a comment" in step
    page = text(signed_in(cast.sadia).get(f"/social-work/requests/{telling.pk}/"))
    assert f'href="/social-work/requests/{telling.pk}/steps/needs/">Needs and risks</a></strong>' in page
    assert "<strong>The request as a whole</strong>" in page


def test_two_brokers_who_decide_at_once_have_one_verdict_and_the_second_is_told(
    cast: Cast, telling: PlacementRequest
) -> None:
    seen = telling.version
    client = signed_in(cast.bola)
    send(client, CHECK.format(telling.pk), seen, verdict="return", comment_all="More, please.")
    late = send(client, CHECK.format(telling.pk), seen, verdict="return", comment_all="Less, please.")
    assert late.status_code == 409
    assert telling.comments.count() == 1


def test_a_check_that_is_no_longer_open_leads_to_the_request(cast: Cast) -> None:
    row = make.request_ready(cast, **soon())
    answer = signed_in(cast.bola).get(CHECK.format(row.pk))
    assert answer["Location"] == f"/brokerage/requests/{row.pk}/"
    assert "Open the search" in text(signed_in(cast.bola).get(answer["Location"]))


def test_only_brokers_of_the_authority_reach_a_check(cast: Cast, telling: PlacementRequest) -> None:
    url = CHECK.format(telling.pk)
    assert signed_in(cast.brenda).get(url).status_code == 404
    assert signed_in(cast.brenda).get(f"/brokerage/requests/{telling.pk}/").status_code == 404
    for actor in (cast.sadia, cast.moses, cast.fern, cast.priya, cast.fin):
        assert signed_in(actor).get(url).status_code == 403
        assert send(signed_in(actor), url, telling.version, verdict="pass").status_code == 403


def test_the_list_hides_drafts_and_leads_to_the_check(cast: Cast) -> None:
    draft = make.request_draft(cast, **soon())
    sent = make.request_submitted(cast, **soon())
    client = signed_in(cast.bola)
    page = text(client.get("/brokerage/requests/"))
    assert CHECK.format(sent.pk) in page
    assert draft.reference not in page
    assert len(text(client.get("/brokerage/requests/?download=csv")).splitlines()) == 2


def test_pages_ask_the_database_equally_often_however_much_there_is(cast: Cast) -> None:
    client = signed_in(cast.bola)
    counts = []
    for _ in range(2):
        row = make.request_submitted(cast, children=(cast.jude, cast.kiran), **soon())
        make.request_ready(cast, **soon())
        found = []
        for url in ("/brokerage/", "/brokerage/requests/", CHECK.format(row.pk)):
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1]


def test_marked_words_are_whole_words_and_scripts_stay_text() -> None:
    flagged = [FlaggedWords("Will", "May be a first name", (), (), False)]
    assert marked("Will is willing <b>", flagged) == (
        '<mark class="rp-flag rp-flag--maybe">Will</mark> is willing &lt;b&gt;'
    )
