"""One client that floods is refused, cheaply and by itself; everybody else goes on as before."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from rightplace.site.floods import Buckets, FloodMiddleware, client_of
from tests.figures import figure

FACTORY = RequestFactory()
MOST_SECONDS_OF_A_REFUSAL = 0.0005


def _asked(session: str = "", **headers: str) -> HttpRequest:
    request = FACTORY.get("/", **headers)
    if session:
        request.COOKIES["sessionid"] = session
    return request


def test_a_bucket_refuses_when_it_is_empty_and_fills_again() -> None:
    buckets = Buckets(rate=10, burst=20)
    assert [buckets.take("a", 0.0) for _ in range(25)].count(True) == 20
    assert not buckets.take("a", 0.05)
    assert buckets.take("a", 0.2)
    assert buckets.take("b", 0.0)


def test_it_remembers_so_many_clients_and_no_more() -> None:
    buckets = Buckets(rate=1, burst=2)
    for number in range(10_050):
        buckets.take(str(number), 0.0)
    assert len(buckets._held) == 10_000


@override_settings(REQUESTS_A_SECOND=30)
def test_refusing_costs_a_fraction_of_serving() -> None:
    """What the test itself takes to make a request up is no part of it: that is several times what refusing one takes."""
    middleware, flood, seconds = FloodMiddleware(lambda request: HttpResponse("page")), _asked("flood"), []
    for _ in range(2_000):
        began = time.perf_counter()
        is_refused = middleware(flood).status_code == 429
        seconds.append(time.perf_counter() - began if is_refused else 0.0)
    middle = sorted(seconds)[1_000]
    figure(27, "refusing one request, in millionths of a second (the middle one)", middle * 1e6)
    assert 0 < middle < MOST_SECONDS_OF_A_REFUSAL


@override_settings(REQUESTS_A_SECOND=30)
def test_the_refusal_says_what_to_do() -> None:
    middleware = FloodMiddleware(lambda request: HttpResponse("page"))
    answers = [middleware(_asked("flood")) for _ in range(600)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "5"
    assert b"Wait a few seconds" in answers[-1].content


@override_settings(REQUESTS_A_SECOND=30)
def test_a_browser_gets_a_page_that_says_so_without_touching_the_database() -> None:
    middleware = FloodMiddleware(lambda request: HttpResponse("page"))
    answer = [middleware(_asked("flood", HTTP_ACCEPT="text/html,*/*")) for _ in range(600)][-1]
    assert (answer.status_code, answer["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert b"Too many pages at once" in answer.content
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@override_settings(REQUESTS_A_SECOND=30)
def test_a_client_of_the_api_is_told_by_a_problem_document() -> None:
    middleware = FloodMiddleware(lambda request: HttpResponse("page"))
    answers = [
        middleware(FACTORY.get("/api/v1/homes", HTTP_AUTHORIZATION="Bearer x")) for _ in range(600)
    ]
    assert (answers[-1].status_code, answers[-1]["Content-Type"]) == (429, "application/problem+json")
    assert answers[-1]["Retry-After"] == "5"
    assert b"Wait as many seconds as Retry-After says." in answers[-1].content


def test_a_client_is_its_session_its_token_or_its_address() -> None:
    names = {
        client_of(one) for one in (_asked("a"), _asked("b"), _asked(HTTP_AUTHORIZATION="Bearer x"), _asked())
    }
    assert len(names) == 4
    assert "a" not in names


@override_settings(REQUESTS_A_SECOND=0)
def test_it_can_be_switched_off_where_a_proxy_does_it() -> None:
    middleware = FloodMiddleware(lambda request: HttpResponse("page"))
    assert {middleware(_asked("flood")).status_code for _ in range(500)} == {200}
