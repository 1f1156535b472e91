"""Public statistics files are taken in as printed: London and neighbours come out as the file says, kept-back cells stay so.

`published/placement_stability_london_2025.csv` is the rows of London, its boroughs, England and the neighbours of Barking and
Dagenham, year to 31 March 2025, of Children looked after in England including adoptions, placement stability (Department for
Education, Open Government Licence v3).
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from rightplace.core.indicators.public_files import PrintedFigure, printed_figures
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.reference.authorities import authorities, statistical_neighbours
from rightplace.foundation.reference.published import Published, published
from rightplace.oversight.performance.models import PublishedFigure
from rightplace.oversight.performance.publishing import Printed, import_published, printed_beside
from tests.cast import Cast

FILE = Path(__file__).parent / "published" / "placement_stability_london_2025.csv"
LONDON, BARKING = "E12000007", "E09000002"
MANY, LONG = "three_or_more_placements", "long_term_stability"


@pytest.fixture(scope="module")
def printed() -> dict[tuple[str, str], PrintedFigure]:
    """The figures of the file by indicator and area."""
    return {(one.indicator, one.area): one for one in printed_figures(FILE.read_bytes())}


def test_london_is_made_of_its_boroughs_as_it_is_printed(
    printed: dict[tuple[str, str], PrintedFigure],
) -> None:
    boroughs = [code for code, facts in authorities().items() if facts.region == "London"]
    for code, count, of, share in ((MANY, 950, 9290, 10), (LONG, 1700, 2490, 68)):
        assert (printed[code, LONDON].count, printed[code, LONDON].of, printed[code, LONDON].figure) == (
            count,
            of,
            share,
        )
        known = [
            row
            for area in boroughs
            if (row := printed.get((code, area))) and row.count is not None and row.of is not None
        ]
        made = sum(row.count or 0 for row in known) / sum(row.of or 0 for row in known)
        assert round(100 * made) == share


@pytest.mark.parametrize("indicator", [MANY, LONG])
def test_the_mean_of_neighbours_is_that_of_their_rows_in_the_public_file_and_a_cell_kept_back_does_not_count(
    indicator: str,
) -> None:
    """The Department's comparison tool prints the plain mean of the ten; no file that is published prints it itself."""
    named = {
        MANY: "With 3 or more placements during the year",
        LONG: "Living with the same carer for at least 2 years",
    }[indicator]
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        told = {
            row["new_la_code"]: row["children_percent"]
            for row in csv.DictReader(file)
            if row["placement_stability"] == named
        }
    neighbours = statistical_neighbours(BARKING, 2025)
    shares = [float(told[area]) for area in neighbours if told[area].replace(".", "").isdecimal()]
    assert len(neighbours) == 10
    assert Printed({}).average(indicator, neighbours, 2025) == pytest.approx(sum(shares) / len(shares))
    one = {(indicator, neighbours[0], 2025): replace(_row(indicator, neighbours[0]), figure=None, mark="c")}
    assert Printed(one).average(indicator, neighbours, 2025) == pytest.approx(sum(shares[1:]) / 9)


def _row(indicator: str, area: str) -> Published:
    row = published(indicator, area, 2025)
    assert row is not None
    return row


def test_what_the_publisher_keeps_back_stays_kept_back(printed: dict[tuple[str, str], PrintedFigure]) -> None:
    marked = {key: one for key, one in printed.items() if one.mark}
    assert {one.mark for one in marked.values()} == {"c", "z"}
    assert all(one.figure is None and one.count is None for one in marked.values())


def test_the_file_says_the_same_as_the_figures_that_come_with_the_product(
    printed: dict[tuple[str, str], PrintedFigure],
) -> None:
    for (code, area), one in printed.items():
        ours = published(code, area, 2025)
        assert ours is None or (ours.count, ours.of, ours.figure, ours.mark) == (
            one.count,
            one.of,
            one.figure,
            one.mark,
        )
    assert published(MANY, LONDON, 2025) is not None


def test_an_import_stands_before_what_comes_with_the_product(cast: Cast) -> None:
    done = import_published(
        by=system_actor(), now=timezone.now(), content=gzip.compress(FILE.read_bytes()), source=FILE.name
    )
    assert done.value is not None
    assert done.value.years == (2025,)
    beside = printed_beside(BARKING)
    assert beside.beside(MANY, BARKING, 2025)["neighbours"] == pytest.approx(10.8)
    assert beside.beside(LONG, BARKING, 2025)["neighbours"] == pytest.approx(67.4)
    PublishedFigure.objects.filter(indicator=MANY, area=LONDON).update(figure=11.0)
    assert printed_beside(BARKING).beside(MANY, BARKING, 2025)["region"] == 11.0
    again = import_published(
        by=system_actor(), now=timezone.now(), content=FILE.read_bytes(), source=FILE.name
    )
    assert again.is_done
    assert printed_beside(BARKING).beside(MANY, BARKING, 2025)["region"] == 10.0


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"\x1f\x8b broken", "naïve".encode("cp1252")])
def test_a_file_of_another_kind_is_refused_and_nothing_is_taken_in(cast: Cast, content: bytes) -> None:
    done = import_published(by=system_actor(), now=timezone.now(), content=content, source="x.csv")
    assert [one.code for one in done.problems] == ["layout"]
    assert not PublishedFigure.objects.exists()
