"""Ruling a home out of one search: with a reason, told to who need not answer, kept when searching again, undone by asking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.journey.search import actions, widening
from rightplace.journey.search.left_out import counted_reasons, reasons_of
from rightplace.journey.search.models import Candidate, ProposalMark, Search
from rightplace.journey.search.reasons import RULED_OUT
from rightplace.journey.search.ruling_out import rule_out_home
from tests import make
from tests.cast import NOW, Cast
from tests.visit import send, signed_in

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def search(cast: Cast) -> Search:
    """A search in which everybody has been asked."""
    return make.market_open(cast)


def seen(cast: Cast, row: Search) -> dict[str, object]:
    row.refresh_from_db()
    return {"by": cast.bola, "now": LATER, "search_id": row.pk, "version": row.version}


def home(cast: Cast, row: Search) -> Candidate:
    """Acorn House as it was weighed."""
    return Candidate.objects.get(search=row, setting=cast.acorn_house)


def ruled_out(cast: Cast, row: Search, code: str = "who_lives_there") -> Candidate:
    one = home(cast, row)
    rule_out_home(**seen(cast, row), candidate_id=one.pk, reason_code=code, reason="Her cousin").done()
    return home(cast, row)


def test_a_home_ruled_out_is_left_out_and_need_not_answer(cast: Cast, search: Search) -> None:
    Notice.objects.all().delete()
    one = ruled_out(cast, search)
    assert (one.is_eligible, one.rank) == (False, None)
    assert "Who lives there already. Her cousin" in one.exclusions.get().words
    assert make.invitation_to(search, cast.acorn_house).state == "closed"
    assert Notice.objects.filter(provider=cast.oakhouse).count() == 1
    assert ProposalMark.objects.get(kind="barred").setting == cast.acorn_house
    assert AuditEntry.objects.filter(verb="rule_out_home").count() == 1
    search.refresh_from_db()
    assert RULED_OUT in [one.code for one in reasons_of(search)]
    assert reasons_of(search) == counted_reasons(search.pk)


def test_a_reason_is_needed_and_only_a_broker_may(cast: Cast, search: Search) -> None:
    one = home(cast, search)
    told = {**seen(cast, search), "candidate_id": one.pk}
    assert rule_out_home(**told, reason_code="").problems[0].code == "no_reason"
    assert rule_out_home(**told, reason_code="other", reason=" ").problems[0].field == "reason"
    assert rule_out_home(**{**told, "by": cast.fern}, reason_code="price").problems[0].code == "not_yours"
    assert rule_out_home(**{**told, "by": cast.brenda}, reason_code="price").problems[0].code == "missing"
    ruled_out(cast, search)
    again = rule_out_home(**seen(cast, search), candidate_id=one.pk, reason_code="price")
    assert again.problems[0].code == "left_out"


def test_a_home_that_has_made_an_offer_is_not_ruled_out(cast: Cast, search: Search) -> None:
    search.invitations.filter(setting=cast.acorn_house).update(state="offered")
    refused = rule_out_home(**seen(cast, search), candidate_id=home(cast, search).pk, reason_code="price")
    assert [one.code for one in refused.problems] == ["offered"]


def test_searching_again_leaves_it_out_and_does_not_ask_it(cast: Cast, search: Search) -> None:
    ruled_out(cast, search)
    actions.close_search(**seen(cast, search)).done()
    actions.reopen_search(**seen(cast, search), closes_at=NOW + timedelta(days=9)).done()
    one = home(cast, search)
    assert [e.code for e in one.exclusions.all()] == [RULED_OUT]
    assert one.rank_without_cost is None
    assert make.invitation_to(search, cast.acorn_house).state == "closed"
    assert make.invitation_to(search, cast.harbour_agency).state == "sent"


def test_a_home_ruled_out_is_asked_after_all_with_a_reason(cast: Cast, search: Search) -> None:
    one = ruled_out(cast, search)
    Notice.objects.all().delete()
    widening.widen_search(**seen(cast, search), candidate_id=one.pk, reason="The cousin has moved").done()
    assert home(cast, search).is_eligible
    assert make.invitation_to(search, cast.acorn_house).state == "sent"
    assert Notice.objects.filter(provider=cast.oakhouse).exists()
    assert not ProposalMark.objects.filter(undone_at__isnull=True).exists()


def test_a_broker_rules_a_home_out_on_its_page(cast: Cast, search: Search) -> None:
    bola, at = signed_in(cast.bola), f"/brokerage/searches/{search.pk}/options/{home(cast, search).pk}/"
    assert "Rule this home out of the search" in bola.get(at).content.decode()
    assert send(bola, f"{at}rule-out/", version=search.version).status_code == 422
    stale = send(bola, f"{at}rule-out/", version=99, reason_code="price")
    assert stale.status_code == 409
    search.refresh_from_db()
    assert send(bola, f"{at}rule-out/", version=search.version, reason_code="price").status_code == 303
    page = bola.get(at).content.decode()
    assert "Ruled out for this request: The price." in page and "Ask this home all the same" in page
