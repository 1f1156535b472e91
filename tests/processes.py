"""Which tests share a process, and which begin first, so that what is dear to set up is set up once.

A plugin of every run. The marks of xdist (`--dist loadgroup`) have no effect since pytest 9.2, and nothing says so:
https://github.com/pytest-dev/pytest-xdist/issues/1386.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

TOGETHER = {
    "tests/security/attacks/": "the walked world, attacked",
    "tests/security/": "the walked world",
    "tests/api/": "the walked world, by its API",
    "tests/stories/test_every_link": "the walked world, by its API",
    "tests/faults/": "whole installations",
    "tests/browser/": "Chromium",
    "tests/demo/": "the demo",
    "tests/rules/": "the code, read once",
}
"""Folders whose tests share a dear fixture, the longest to run first. Elsewhere the tests of a module keep together."""


def group_of(nodeid: str) -> str:
    """The tests with which a test shares its process."""
    return next((name for start, name in TOGETHER.items() if nodeid.startswith(start)), nodeid.split("::")[0])


def pytest_configure(config: pytest.Config) -> None:
    """Take the groups in the order of the tests, not by their number."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    order = list(dict.fromkeys(TOGETHER.values()))
    groups = {item.nodeid: group_of(item.nodeid) for item in items}
    items.sort(key=lambda item: order.index(found) if (found := groups[item.nodeid]) in order else len(order))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give the tests of a group to one process, one after another."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return ByGroup(config, log)
