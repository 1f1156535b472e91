"""The core reads no clock, network, environment or unseeded chance, and imports nothing else of ours."""

from __future__ import annotations

import ast

import pytest

from tests.rules.measures import modules, name_of

# `concurrent`: futures are drawn on both processors at once; which does which changes nothing.
# fmt: off
ALLOWED = {
    "__future__", "abc", "bisect", "calendar", "collections", "concurrent", "csv", "dataclasses", "datetime",
    "decimal", "enum", "fractions", "functools", "gzip", "hashlib", "heapq", "importlib", "io",
    "itertools", "json", "math", "numpy", "operator", "pathlib", "polars", "random", "re", "scipy",
    "statistics", "string", "textwrap", "tomllib", "types", "typing", "unicodedata", "zoneinfo",
}
# fmt: on
CHANCE = {"random", "np.random", "numpy.random"}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "fromtimestamp"}


def impurities(text: str) -> list[str]:
    """What in this text is not pure: an import from outside, a clock, chance without a seed."""
    nodes = list(ast.walk(ast.parse(text)))
    return [found for node in nodes if (found := _impurity(node))]


def _impurity(node: ast.AST) -> str:
    if isinstance(node, ast.Import):
        return ", ".join(alias.name for alias in node.names if not _is_allowed(alias.name))
    if isinstance(node, ast.ImportFrom):
        return "" if _is_allowed(node.module or "") else node.module or ""
    if isinstance(node, ast.Call):
        return _called(node)
    return ""


def _is_allowed(module: str) -> bool:
    if module.startswith("rightplace."):
        return module.startswith("rightplace.core")
    return module.split(".")[0] in ALLOWED


def _called(node: ast.Call) -> str:
    name = ast.unparse(node.func)
    owner, _, last = name.rpartition(".")
    if last in CLOCKS and owner in {
        "datetime",
        "date",
        "datetime.datetime",
        "datetime.date",
        "time",
        "dt",
        "dt.date",
    }:
        return name
    if owner in CHANCE and last not in {"Random", "Generator"}:
        return "" if last == "default_rng" and node.args else name
    return ""


def test_the_core_is_pure() -> None:
    found = {name_of(path): impurities(path.read_text()) for path in modules("rightplace/core")}
    assert {name: impure for name, impure in found.items() if impure} == {}


@pytest.mark.parametrize(
    "text",
    [
        "import django",
        "from rightplace.register import carers",
        "import os",
        "datetime.now()",
        "date.today()",
        "random.random()",
        "np.random.default_rng()",
    ],
)
def test_an_impurity_is_found(text: str) -> None:
    assert impurities(text)


@pytest.mark.parametrize(
    "text",
    ["from rightplace.core import money", "random.Random(7)", "np.random.default_rng(7)", "period.now"],
)
def test_what_is_pure_is_allowed(text: str) -> None:
    assert impurities(text) == []
