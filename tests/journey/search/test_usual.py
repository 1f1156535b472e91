"""Cost is read against what the authority itself usually pays for such a need, where it knows at least five prices."""

from __future__ import annotations

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.foundation.reference.buying import band_of, need_bands
from rightplace.journey.requests.queries import referral_of
from rightplace.journey.search.models import Candidate
from rightplace.journey.search.usual import with_usual_prices
from rightplace.journey.search.weighing import explain
from rightplace.register.prices.models import AgreedPrice
from tests import make
from tests.cast import LONG_AGO, TODAY, Cast


def priced(cast: Cast, pence: list[int], band: str, first: int = 0) -> None:
    AgreedPrice.objects.bulk_create(
        AgreedPrice(
            authority=cast.croydon, provider=cast.oakhouse, contract_number=900 + first + at, home_kind="residential",
            route="spot", band=band, weekly_pence=one, starts_on=LONG_AGO,
        )
        for at, one in enumerate(pence)
    )  # fmt: skip


def test_prices_of_the_band_of_need_become_the_measure_by_kind_of_home(cast: Cast) -> None:
    asked = referral_of(make.request_ready(cast).pk)
    band = band_of(sum(need.severity for need in asked.needs), TODAY)
    priced(cast, [300_000, 310_000, 320_000, 330_000, 340_000], band)
    (found,) = with_usual_prices([asked], cast.croydon.pk, TODAY)
    assert found.usual_pence == {HomeKind.RESIDENTIAL.value: (330_001, 363_001)}
    assert with_usual_prices([asked], cast.sutton.pk, TODAY) == [asked]


def test_four_prices_or_another_need_say_nothing(cast: Cast) -> None:
    asked = referral_of(make.request_ready(cast).pk)
    priced(cast, [300_000] * 4, band_of(sum(need.severity for need in asked.needs), TODAY))
    (found,) = with_usual_prices([asked], cast.croydon.pk, TODAY)
    assert not found.usual_pence


def test_a_search_says_so_and_keeps_the_prices_that_it_was_ranked_by(cast: Cast) -> None:
    for place, band in enumerate(need_bands(TODAY)):
        priced(cast, [300_000] * 5, band.code, first=10 * place)
    row = make.market_open(cast)
    asked = referral_of(row.request_id)
    one = Candidate.objects.get(search=row, setting=cast.acorn_house)
    assert row.ranked_by["usual_pence"] == {"residential": [300_001, 330_001]}
    AgreedPrice.objects.all().delete()
    before = one.explanation
    explain(row, asked, [one])
    assert one.explanation == before
