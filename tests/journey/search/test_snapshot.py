"""The market in memory: right after every change, whoever made it, and never with what another authority may not see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from rightplace.core.matching.market import Market
from rightplace.core.matching.profile import Option
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.journey.placements.models import Placement
from rightplace.journey.search.models import MarketChange
from rightplace.journey.search.snapshot import forget, market_for
from rightplace.register.carers.models import Approval, Household
from rightplace.register.frameworks.models import Joining, LotMember
from rightplace.register.providers.models import Hold, Setting
from tests import make
from tests.cast import NOW, TODAY, Cast


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing kept from before."""
    forget()
    yield
    forget()


def seen(actor: Actor, on: date = TODAY) -> Market:
    with acting_as(actor):
        return market_for(actor.authority_id, on)


def option(market: Market, key: str) -> Option:
    return market.options[market.row_of_key[key]]


def agrees(actor: Actor, market: Market, on: date = TODAY) -> bool:
    """Whether a market that was kept says the same as one that is read anew, in its columns and in its options."""
    forget()
    anew = seen(actor, on)
    rows = [market.row_of_key[key] for key in anew.row_of_key if key in market.row_of_key]
    same_options = {one.key: one for one in market.options} == {one.key: one for one in anew.options}
    same_columns = all(
        getattr(market, name)[rows].tolist() == getattr(anew, name).tolist()
        for name in ("places_free", "framework", "kind")
    )
    return len(market) == len(anew) and same_options and same_columns


def test_it_holds_own_carers_and_every_home_with_its_framework(cast: Cast) -> None:
    market = seen(cast.bola)
    assert {one.name for one in market.options} == {
        "The Adams family", "The Brown family", "Acorn House", "Beech House", "Harbour Fostering",
    }  # fmt: skip
    assert option(market, f"setting:{cast.acorn_house.pk}").is_on_framework is True
    assert option(market, f"household:{cast.adams.pk}").is_on_framework is None
    # Made by a quicker way than usual: made again as usual it is the same.
    assert [replace(one) for one in market.options] == list(market.options)
    assert agrees(cast.bola, market)


def test_own_carers_are_seen_by_their_authority_alone(cast: Cast) -> None:
    seen(cast.bola)
    assert not any(one.is_own for one in seen(cast.brenda).options)
    with acting_as(cast.brenda), pytest.raises(ValueError, match="own authority"):
        market_for(cast.croydon.pk, TODAY)


@pytest.mark.django_db(transaction=True)
def test_every_change_is_seen_by_the_next_reader_and_nothing_else_is_read_again(cast: Cast) -> None:
    """In one test, as emptying the database after what was committed takes long."""
    key, own = f"setting:{cast.acorn_house.pk}", f"household:{cast.adams.pk}"
    assert option(seen(cast.bola), key).places_free == 4
    _reads_no_home_again(cast)
    _of_homes_and_carers(cast, key, own)
    _what_is_undone_is_not_kept(cast, key)
    _what_comes_and_goes(cast)
    _a_placement_fills_a_bed_for_all(cast, key)
    _a_concern_is_seen_where_it_is_shared(cast, key)
    assert agrees(cast.bola, seen(cast.bola))
    for actor in (cast.brenda, cast.priya):
        with acting_as(actor):
            assert not MarketChange.objects.filter(kind="household").exists()
    with acting_as(cast.bola):
        assert MarketChange.objects.filter(kind="household", key=cast.adams.pk).exists()


def _reads_no_home_again(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        seen(cast.bola)
    assert not [q for q in queries if "providers_setting" in q["sql"] or "carers_household" in q["sql"]]


def _of_homes_and_carers(cast: Cast, key: str, own: str) -> None:
    Setting.objects.filter(pk=cast.acorn_house.pk).update(places=2)
    assert option(seen(cast.bola), key).places_free == 2
    Setting.objects.filter(pk=cast.acorn_house.pk).update(places=4)
    Household.objects.filter(pk=cast.adams.pk).update(status="on_hold")
    assert "on hold" in option(seen(cast.bola), own).suspended
    Approval.objects.filter(household=cast.adams).update(places=1)
    assert option(seen(cast.bola), own).places_free == 1
    framework = LotMember.objects.filter(provider=cast.oakhouse).earliest("pk").lot.framework
    others = Joining.objects.create(framework=framework, member=cast.sutton, joined_on=TODAY)
    assert option(seen(cast.bola), key).is_on_framework is False
    others.delete()
    assert option(seen(cast.bola), key).is_on_framework is True
    LotMember.objects.filter(provider=cast.oakhouse).update(ends_on=TODAY)
    assert option(seen(cast.bola), key).is_on_framework is False


def _what_is_undone_is_not_kept(cast: Cast, key: str) -> None:
    with transaction.atomic():
        Setting.objects.filter(pk=cast.acorn_house.pk).update(places=1)
        assert option(seen(cast.bola), key).places_free == 1
        transaction.set_rollback(True)
    assert option(seen(cast.bola), key).places_free == 4


def _what_comes_and_goes(cast: Cast) -> None:
    new = Setting.objects.get(pk=cast.acorn_house.pk)
    new.pk, new.urn = None, "2500009"
    new.save()
    market = seen(cast.bola)
    assert f"setting:{new.pk}" in market.row_of_key and agrees(cast.bola, market)
    Household.objects.filter(pk=cast.brown.pk).update(status="left")
    Setting.objects.filter(pk=new.pk).update(closed_on=TODAY, provider=cast.harbour)
    market = seen(cast.bola)
    assert not {f"household:{cast.brown.pk}", f"setting:{new.pk}"} & set(market.row_of_key)
    assert agrees(cast.bola, market)
    _one_comes_as_another_goes(cast, new)


def _one_comes_as_another_goes(cast: Cast, home: Setting) -> None:
    """The number of rows stays, and their frameworks move with them."""
    household = Household.objects.get(pk=cast.brown.pk)
    Household.objects.filter(pk=household.pk).update(status="approved")
    Setting.objects.filter(pk=cast.beech_house.pk).update(closed_on=TODAY)
    market = seen(cast.bola)
    assert f"household:{household.pk}" in market.row_of_key and agrees(cast.bola, market)
    assert option(market, f"household:{household.pk}").is_on_framework is None
    Setting.objects.filter(pk=home.pk).update(closed_on=None, kind="foster")
    assert option(seen(cast.bola), f"setting:{home.pk}").is_on_framework is True


def _a_placement_fills_a_bed_for_all(cast: Cast, key: str) -> None:
    start, end, before = TODAY + timedelta(days=3), TODAY + timedelta(days=33), seen(cast.brenda)
    assert option(before, key).places_free == 4
    placed(cast, DateRange(start, end))
    for actor, children in ((cast.bola, 1), (cast.brenda, 0)):
        home = option(seen(actor), key)
        assert (home.places_free, home.frees_on, len(home.children_there)) == (3, end, children)
        later = seen(actor, end + timedelta(days=5))
        assert option(later, key).places_free == 4 and agrees(actor, later, end + timedelta(days=5))


def _a_concern_is_seen_where_it_is_shared(cast: Cast, key: str) -> None:
    Hold.objects.create(
        setting=cast.acorn_house,
        kind="concern",
        reason="Under review.",
        raised_by=cast.croydon,
        starts_on=TODAY,
    )
    assert option(seen(cast.brenda), key).concern == "Under review"
    SharingAgreement.objects.filter(authority=cast.croydon).update(ended_at=NOW)
    assert option(seen(cast.brenda), key).concern == ""
    assert option(seen(cast.bola), key).concern == "Under review"


def placed(cast: Cast, period: DateRange) -> Placement:
    return Placement.objects.create(
        authority=cast.croydon,
        child=cast.amber,
        setting=cast.acorn_house,
        state="planned",
        period=period,
        place_code="K2",
    )


def test_in_one_transaction_a_search_sees_what_was_just_changed(cast: Cast) -> None:
    Setting.objects.filter(pk=cast.acorn_house.pk).update(places=0)
    search = make.market_open(cast)
    reasons = search.candidates.get(setting=cast.acorn_house).exclusions.values_list("code", flat=True)
    assert "no_place" in list(reasons)
