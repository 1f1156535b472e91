"""What follows from a review goes on in the stage that does it, whoever began it; people of that stage decide as always."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.models import Query
from rightplace.journey.placements.models import Move
from rightplace.journey.reviews import actions, following
from rightplace.journey.reviews.actions import ScoreGiven
from rightplace.journey.reviews.models import FollowUp, Review
from tests.cast import Cast
from tests.journey.reviews.test_reviews import named, sent

DAY = timedelta(days=1)


def scored(cast: Cast, half_points: int) -> tuple[Contract, Review, datetime]:
    """A review of a contract whose fee follows its outcomes, scored by the reviewing officer."""
    contract, review, now = sent(cast)
    named(cast)
    actions.keep_fee_rule(
        by=cast.moses, now=now, contract_id=contract.pk, version=1, up_from=7_500, down_below=4_000, change=200, in_a_row=1,
        clause="clause 9",
    ).done()  # fmt: skip
    given = [ScoreGiven(one.pk, half_points, "Seen") for one in contract.versions.last().outcomes.all()]
    actions.score_outcomes(by=cast.ida, now=now, review_id=review.pk, scores=given).done()
    return contract, review, now


def begun(cast: Cast, contract: Contract, review: Review, now: datetime, kind: str) -> object:
    return following.begin_follow_up(
        by=cast.ida, now=now, placement_id=contract.placement_id, review_id=review.pk, kind=kind, words="As the review says.",
        owner_id=cast.cora.user_id, due_on=now.date() + 30 * DAY,
    )  # fmt: skip


def core_fee(contract: Contract) -> tuple[int, date]:
    version = contract.versions.order_by("-number").first()
    return version.lines.filter(kind="core_fee").order_by("id").first().amount_pence, version.in_force_from


@pytest.mark.parametrize(
    ("half_points", "kind", "wrong", "times"), [(2, "fee_up", "fee_down", 102), (0, "fee_down", "fee_up", 98)]
)
def test_a_fee_by_the_rule_becomes_a_variation_of_the_contract_from_its_day(
    cast: Cast, half_points: int, kind: str, wrong: str, times: int
) -> None:
    contract, review, now = scored(cast, half_points)
    before, _ = core_fee(contract)
    assert [one.code for one in begun(cast, contract, review, now, wrong).problems] == ["rule"]
    row = begun(cast, contract, review, now, kind).done()
    row.refresh_from_db()
    contract.refresh_from_db()
    assert (contract.state, row.link) == ("varying", f"/contracts/{contract.pk}/")
    assert core_fee(contract) == (before * times // 100, now.date() + 30 * DAY)
    assert "clause 9" in contract.versions.order_by("-number").first().reason


def test_without_a_rule_nothing_is_varied_and_the_owner_agrees_it(cast: Cast) -> None:
    contract, review, now = sent(cast)
    begun(cast, contract, review, now, "fee_up").done()
    contract.refresh_from_db()
    assert contract.state == "in_force"
    assert FollowUp.objects.get().link == f"/contracts/{contract.pk}/"


def test_notice_begins_as_a_move_to_be_discussed_and_a_second_one_goes_on_with_it(cast: Cast) -> None:
    contract, review, now = sent(cast)
    for _ in range(2):
        begun(cast, contract, review, now, "notice").done()
    move = Move.objects.get(placement=contract.placement)
    assert (move.state, move.reasons) == ("proposed", "As the review says.")
    assert set(FollowUp.objects.values_list("link", flat=True)) == {f"/moves/{move.pk}/"}


def test_a_dispute_is_asked_of_the_provider_in_words_that_name_nobody(cast: Cast) -> None:
    contract, review, now = sent(cast)
    for _ in range(2):
        begun(cast, contract, review, now, "dispute").done()
    query = Query.objects.get(contract=contract)
    assert query.subject == f"Disputed: {contract.reference}"
    words = "\n".join(query.messages.values_list("words", flat=True))
    assert query.messages.count() == 2
    assert cast.amber.last_name not in words and "As the review says" not in words
    assert set(FollowUp.objects.values_list("link", flat=True)) == {f"/finance/queries/{query.pk}/"}
