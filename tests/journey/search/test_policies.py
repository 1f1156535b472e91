"""The matching policy: set from a day on by the commissioner, kept with what was ranked by it, refused with sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rightplace.core.matching.policy import DEFAULT_POLICY, DEFAULT_WEIGHTS
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.search import policies
from rightplace.journey.search.models import MatchingPolicy
from rightplace.journey.search.policies import PolicyGiven, policy_on, set_policy, take_back_policy
from tests import make
from tests.cast import NOW, TODAY, Cast

GIVEN = PolicyGiven(
    {**DEFAULT_WEIGHTS, "distance": 40.0}, frozenset({"above_ceiling"}), TODAY, "Agreed by the board"
)


def policy_set(cast: Cast, given: PolicyGiven = GIVEN, seen: int = 0) -> MatchingPolicy:
    return set_policy(by=cast.cora, now=NOW, given=given, seen=seen).done()


def test_without_a_policy_of_its_own_an_authority_ranks_by_the_products(cast: Cast) -> None:
    assert policy_on(cast.croydon.pk, TODAY).policy == DEFAULT_POLICY


def test_a_policy_counts_from_its_day_and_for_its_authority_alone(cast: Cast) -> None:
    policy_set(cast, replace(GIVEN, starts_on=TODAY + timedelta(days=2)))
    assert policy_on(cast.croydon.pk, TODAY + timedelta(days=1)).row is None
    assert policy_on(cast.croydon.pk, TODAY + timedelta(days=2)).policy.weights["distance"] == 40
    assert policy_on(cast.sutton.pk, TODAY + timedelta(days=2)).row is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weights": {"needs": -1.0}}, "must not be below 0"),
        ({"weights": dict.fromkeys(DEFAULT_WEIGHTS, 0.0)}, "at least one criterion"),
        ({"weights": {"luck": 5.0}}, "no criterion called luck"),
        ({"must_codes": frozenset({"suspended"})}, "no hard criterion called suspended"),
        ({"starts_on": TODAY - timedelta(days=1)}, "today at the earliest"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_a_bad_policy_is_refused_with_a_sentence(cast: Cast, changes: dict[str, object], words: str) -> None:
    outcome = set_policy(by=cast.cora, now=NOW, given=replace(GIVEN, **changes))
    assert any(words in one.sentence for one in outcome.problems)
    assert not MatchingPolicy.objects.exists()


def test_the_same_policy_again_is_refused(cast: Cast) -> None:
    first = policy_set(cast)
    assert [p.code for p in set_policy(by=cast.cora, now=NOW, given=GIVEN, seen=first.pk).problems] == [
        "nothing_changed"
    ]


def test_somebody_quicker_is_not_overwritten(cast: Cast) -> None:
    policy_set(cast)
    again = set_policy(by=cast.cora, now=NOW, given=replace(GIVEN, weights={"needs": 1.0}), seen=0)
    assert [one.code for one in again.problems] == ["stale"]


def test_only_the_commissioner_sets_and_takes_back(cast: Cast) -> None:
    for actor in (cast.bola, cast.dev, cast.ana, cast.moses):
        assert [p.code for p in set_policy(by=actor, now=NOW, given=GIVEN).problems] == ["not_yours"]
    row = policy_set(cast, replace(GIVEN, starts_on=TODAY + timedelta(days=1)))
    refused = take_back_policy(by=cast.bola, now=NOW, policy_id=row.pk, version=row.version)
    assert [one.code for one in refused.problems] == ["not_yours"]


def test_a_planned_policy_is_taken_back_and_one_in_force_is_not(cast: Cast) -> None:
    row = policy_set(cast, replace(GIVEN, starts_on=TODAY + timedelta(days=1)))
    take_back_policy(by=cast.cora, now=NOW, policy_id=row.pk, version=row.version).done()
    assert policy_on(cast.croydon.pk, TODAY + timedelta(days=5)).row is None
    now_on = policy_set(cast, seen=row.pk)
    refused = take_back_policy(by=cast.cora, now=NOW, policy_id=now_on.pk, version=now_on.version)
    assert [one.code for one in refused.problems] == ["wrong_state"]


def test_each_is_audited_once_with_its_weights(cast: Cast) -> None:
    row = policy_set(cast)
    entries = AuditEntry.objects.filter(subject="matching_policy", subject_id=row.pk)
    assert [one.verb for one in entries] == ["set_policy"]
    assert entries[0].details["weights"]["distance"] == 40


def test_a_search_keeps_the_policy_it_was_ranked_by(cast: Cast) -> None:
    before = make.market_open(cast)
    row = policy_set(cast, replace(GIVEN, weights={"distance": 10.0}))
    after = make.market_open(cast, children=(cast.jude,))
    before.refresh_from_db()
    assert (before.policy_id, before.ranked_by["weights"]["needs"]) == (None, DEFAULT_WEIGHTS["needs"])
    assert (after.policy_id, after.ranked_by["weights"]) == (row.pk, {"distance": 10.0})
    codes = {
        one["code"] for one in after.candidates.filter(is_eligible=True).first().explanation if one["of"]
    }
    assert codes == {"distance"}


def test_another_authority_sees_no_row_of_it(cast: Cast) -> None:
    row = policy_set(cast)
    with acting_as(cast.brenda):
        assert not MatchingPolicy.objects.filter(pk=row.pk).exists()
    with acting_as(cast.cora):
        assert list(policies.policies(cast.cora)) == [row]
