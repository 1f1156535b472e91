"""The limits of the house style; a limit is raised only by a record in docs/decisions."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.rules import measures

LONGEST_FUNCTION = 60
MOST_FUNCTIONS = 35
MEDIAN_FUNCTION = 10
COMPLEXITY = 8
MODULE = 500
TEMPLATE = 120
EVERYWHERE = ["rightplace", "tools", "benchmarks", "tests"]


def test_no_function_is_longer_than_60_lines() -> None:
    too_long = [each for each in measures.all_functions() if each.lines > LONGEST_FUNCTION]
    assert too_long == []


def test_95_in_100_functions_have_fewer_than_35_lines() -> None:
    lengths = sorted(each.lines for each in measures.all_functions())
    assert lengths[len(lengths) * 95 // 100] < MOST_FUNCTIONS


def test_the_median_function_has_fewer_than_10_lines() -> None:
    assert median(each.lines for each in measures.all_functions()) < MEDIAN_FUNCTION


def test_no_function_has_more_than_8_ways_through_it() -> None:
    too_complex = [each for each in measures.all_functions() if each.complexity > COMPLEXITY]
    assert too_complex == []


def test_every_module_has_fewer_than_500_lines() -> None:
    assert [measures.name_of(path) for path in measures.modules(*EVERYWHERE) if _lines(path) >= MODULE] == []


def test_every_template_has_fewer_than_120_lines() -> None:
    assert [measures.name_of(path) for path in measures.templates() if _lines(path) >= TEMPLATE] == []


def test_every_module_says_what_it_is_for() -> None:
    paths = measures.modules("rightplace", "tools", "benchmarks")
    silent = [path for path in paths if not measures.read(path).is_told]
    assert [measures.name_of(path) for path in silent] == []


def test_no_class_is_named_after_nothing_in_the_field() -> None:
    paths = measures.modules("rightplace")
    found = {measures.name_of(path): measures.vague(measures.read(path).classes) for path in paths}
    assert {name: names for name, names in found.items() if names} == {}


def test_nothing_is_put_off_or_silenced_without_a_reason() -> None:
    paths = [path for path in measures.modules(*EVERYWHERE) if path.parent.name != "rules"]
    found = {measures.name_of(path): measures.silenced(path.read_text()) for path in paths}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_there_is_something_to_measure() -> None:
    assert len(measures.all_functions()) > 100
    assert measures.templates()


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())
