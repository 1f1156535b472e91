"""The pages of the matching policy, of fairness and of market gaps, through HTTP."""

from __future__ import annotations

from typing import Any

from django.test import Client

from rightplace.core.matching.policy import DEFAULT_WEIGHTS
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.journey.search.models import MatchingPolicy
from rightplace.register.frameworks.models import LotMember
from tests import make
from tests.cast import LONG_AGO, TODAY, Cast
from tests.visit import send, signed_in

POLICY = "/commissioning/matching-policy/"
FROM = {"starts_on_day": "1", "starts_on_month": "12", "starts_on_year": "2099"}


def entries(**changes: Any) -> dict[str, Any]:
    return {
        **DEFAULT_WEIGHTS,
        "beds_kept_back": "1", "split_penalty": "25", "own_bonus": "0", "spares_scarce": "on",
        "must_codes": ["above_ceiling"],
        "reason": "Agreed by the board",
        **FROM,
        **changes,
    }


def test_everyone_who_works_with_rankings_reads_the_policy_and_only_the_commissioner_changes_it(
    cast: Cast,
) -> None:
    for actor in (cast.cora, cast.ana, cast.bola, cast.moses, cast.sadia, cast.dev):
        page = signed_in(actor).get(POLICY)
        assert page.status_code == 200
        assert ("Change the policy" in page.content.decode()) == (actor is cast.cora)
    assert signed_in(cast.bola).get(f"{POLICY}change/").status_code == 403
    assert signed_in(cast.priya).get(POLICY).status_code == 403


def test_a_policy_is_set_planned_shown_and_taken_back(cast: Cast) -> None:
    cora = signed_in(cast.cora)
    assert send(cora, f"{POLICY}change/", version=0, **entries(distance="30")).status_code == 303
    page = cora.get(POLICY).content.decode()
    assert "Planned from 1 Dec 2099" in page and "Near home, school and family: 15 to 30" in page
    row = MatchingPolicy.objects.get()
    assert (
        send(signed_in(cast.brenda), f"{POLICY}{row.pk}/take-back/", version=row.version).status_code == 403
    )
    assert send(cora, f"{POLICY}{row.pk}/take-back/", version=row.version).status_code == 303
    assert "taken back by Cora Bell" in cora.get(POLICY).content.decode()


def test_a_bad_policy_says_what_is_wrong_beside_what_was_typed(cast: Cast) -> None:
    cora = signed_in(cast.cora)
    page = send(cora, f"{POLICY}change/", version=0, **entries(needs="-3", grade="many"))
    assert page.status_code == 422
    page = send(cora, f"{POLICY}change/", version=0, **entries(needs="-3"))
    assert page.status_code == 422 and "must not be below 0" in page.content.decode()
    page = send(cora, f"{POLICY}change/", version=0, **entries(**dict.fromkeys(DEFAULT_WEIGHTS, "0")))
    assert "at least one criterion a weight above 0" in page.content.decode()


def test_somebody_quicker_is_answered_409(cast: Cast) -> None:
    cora = signed_in(cast.cora)
    send(cora, f"{POLICY}change/", version=0, **entries(distance="30"))
    assert send(cora, f"{POLICY}change/", version=0, **entries(distance="31")).status_code == 409


def test_a_search_says_by_what_it_was_ranked_and_what_is_nearly_possible(cast: Cast) -> None:
    LotMember.objects.filter(provider=cast.oakhouse).update(ends_on=TODAY)
    search = make.market_open(cast)
    bola = signed_in(cast.bola)
    page = bola.get(f"/brokerage/searches/{search.pk}/").content.decode()
    assert "Ranked by the product’s own policy" in page and "Nearly possible" in page
    assert "Possible with the provider on a framework, or a reason for a spot purchase." in page
    left = bola.get(f"/brokerage/searches/{search.pk}/left-out/").content.decode()
    assert "Nearly possible" in left
    out = search.candidates.get(setting=cast.acorn_house)
    assert "Possible with" in bola.get(f"/brokerage/searches/{search.pk}/options/{out.pk}/").content.decode()
    best = search.candidates.get(rank=1)
    shown = bola.get(f"/brokerage/searches/{search.pk}/options/{best.pk}/").content.decode()
    assert f"with cost left out: {best.rank_without_cost}" in shown


def test_a_referral_without_any_possible_home_shows_the_nearest_misses(cast: Cast) -> None:
    LotMember.objects.update(ends_on=TODAY)
    cast.adams.approvals.update(max_age=3)
    cast.brown.approvals.update(max_age=3)
    search = make.search_open(cast)
    assert not search.candidates.filter(is_eligible=True).exists()
    page = signed_in(cast.bola).get(f"/brokerage/searches/{search.pk}/").content.decode()
    assert "Nearly possible" in page and "Possible with" in page


def test_market_gaps_are_counted_sorted_filtered_and_downloaded(cast: Cast) -> None:
    LotMember.objects.filter(provider=cast.oakhouse).update(ends_on=TODAY)
    make.market_open(cast)
    cora = signed_in(cast.cora)
    url = "/commissioning/market-gaps/?first_year=2026&first_month=1&first_day=1"
    page = cora.get(url).content.decode()
    assert "A place on a framework" in page
    assert b"A place on a framework" in cora.get(f"{url}&download=csv").content
    assert b"A place on a framework" not in cora.get(f"{url}&kind=skill&download=csv").content
    sutton = signed_in(cast.brenda)
    assert sutton.get("/commissioning/market-gaps/").status_code == 403


def test_fairness_hides_small_numbers(cast: Cast) -> None:
    make.market_open(cast)
    page = fairness(signed_in(cast.cora))
    assert "fewer than 5" in page and "1 child asked for" in page
    assert "White" in page and "Amber" not in page


def test_fairness_for_the_consortium_counts_only_those_that_share_their_needs(cast: Cast) -> None:
    make.market_open(cast)
    conrad = signed_in(cast.conrad)
    assert "No child was asked for" in fairness(conrad, "/region/fairness/")
    SharingAgreement.objects.create(
        authority=cast.croydon, consortium_id=cast.croydon.consortium_id, kind="needs", starts_on=LONG_AGO,
        ends_on="2126-01-01", signed_by="The director", signed_on=LONG_AGO, recorded_by_id=cast.iggy.user_id,
    )  # fmt: skip
    assert "1 child asked for" in fairness(conrad, "/region/fairness/")


def fairness(client: Client, url: str = "/commissioning/fairness/") -> str:
    return client.get(f"{url}?first_year=2026&first_month=1&first_day=1").content.decode()
