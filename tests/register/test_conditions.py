"""Conditions of registration: recorded from the certificate for all, read by matching on their days, ended and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rightplace.core.matching.profile import Terms
from rightplace.foundation.audit.models import AuditEntry
from rightplace.register.providers import queries
from rightplace.register.providers.conditions import ConditionGiven, end_condition, record_condition
from rightplace.register.providers.models import Condition
from tests.cast import NOW, TODAY, Cast
from tests.visit import send, signed_in

ONLY_AUTISM = ConditionGiven(
    "Children with autism only, none who set fires, from 10 years", TODAY, min_age=10, max_places=2,
    needs_only=frozenset({"autism"}), needs_barred=frozenset({"fire_setting"}),
)  # fmt: skip


def record(cast: Cast, given: ConditionGiven = ONLY_AUTISM) -> Condition:
    who = {"by": cast.cora, "now": NOW, "setting_id": cast.acorn_house.pk}
    return record_condition(**who, given=given).done()


def terms(cast: Cast, days: int = 0) -> Terms:
    return queries.market(TODAY + timedelta(days=days), [cast.acorn_house.pk])[0].option.terms


def test_a_condition_binds_matching_from_its_first_day_until_it_is_ended(cast: Cast) -> None:
    before = terms(cast)
    row = record(cast, replace(ONLY_AUTISM, starts_on=TODAY + timedelta(days=3)))
    assert terms(cast, 2) == before
    bound = terms(cast, 3)
    assert (bound.youngest, bound.places) == (10, 2)
    assert (bound.needs_only, bound.needs_barred) == ({"autism"}, {"fire_setting"})
    later = NOW + timedelta(days=5)
    end_condition(by=cast.cora, now=later, condition_id=row.pk, version=row.version).done()
    assert terms(cast, 4).needs_only == {"autism"}
    assert terms(cast, 5) == before
    assert list(AuditEntry.objects.filter(verb__contains="condition").values_list("verb", flat=True)) == [
        "record_condition", "end_condition",
    ]  # fmt: skip


def test_every_fault_of_a_condition_is_told_at_once(cast: Cast) -> None:
    both = frozenset({"autism"})
    given = ConditionGiven(
        " ", TODAY, min_age=12, max_age=3, max_places=900, needs_only=both, needs_barred=both
    )
    who = {"now": NOW, "setting_id": cast.acorn_house.pk}
    refused = record_condition(by=cast.cora, **who, given=given).problems
    assert [one.code for one in refused] == ["no_words", "ages", "places", "not_valid"]
    assert record_condition(by=cast.bola, **who, given=ONLY_AUTISM).problems[0].code == "not_yours"


def test_two_conditions_never_name_the_only_needs_at_once(cast: Cast) -> None:
    first = record(cast)
    who = {"by": cast.cora, "now": NOW, "setting_id": cast.acorn_house.pk}
    other = replace(ONLY_AUTISM, needs_only=frozenset({"attachment"}))
    assert record_condition(**who, given=other).problems[0].code == "second_only"
    end_condition(by=cast.cora, now=NOW, condition_id=first.pk, version=first.version).done()
    record(cast, other)
    assert terms(cast).needs_only == {"attachment"}


def test_a_commissioner_records_and_ends_a_condition_on_its_page(cast: Cast) -> None:
    cora, url = signed_in(cast.cora), f"/commissioning/homes/{cast.acorn_house.pk}/conditions/"
    assert "No condition is recorded" in cora.get(url).content.decode()
    day = {
        "starts_on_day": str(TODAY.day),
        "starts_on_month": str(TODAY.month),
        "starts_on_year": str(TODAY.year),
    }
    assert send(cora, url, **day).status_code == 422
    assert (
        send(cora, url, **day, words="No child who sets fires", needs_barred=["fire_setting"]).status_code
        == 303
    )
    row = Condition.objects.get()
    assert row.recorded_by == cast.croydon
    assert "not fire-setting" in cora.get(f"/commissioning/homes/{cast.acorn_house.pk}/").content.decode()
    assert send(cora, f"{url}{row.pk}/end/", version=row.version + 1).status_code == 409
    assert send(cora, f"{url}{row.pk}/end/", version=row.version).status_code == 303
    assert signed_in(cast.bola).get(url).status_code == 403
