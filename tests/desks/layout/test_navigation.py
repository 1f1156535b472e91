"""The line of a desk, with groups where there is more than a line holds."""

from __future__ import annotations

import pytest

from rightplace.desks.layout.navigation import navigation_for, opens_for
from rightplace.foundation.access.roles import ROLES

MOST_IN_A_LINE = 10


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_line_is_short_and_every_link_of_it_opens_for_the_role(role: str) -> None:
    line = navigation_for(role, "/").line
    assert 0 < len(line) <= MOST_IN_A_LINE
    assert len({item.label for item in line}) == len(line)
    assert all(opens_for(item.url, role) for item in line)


@pytest.mark.parametrize(
    ("role", "path", "current", "within"),
    [
        ("information_officer", "/governance/holds/7/", "Records", "Holds"),
        ("information_officer", "/governance/restricted-cases/", "Safeguards", "Restricted cases"),
        ("information_officer", "/governance/looks/", "Looks", ""),
        ("access_officer", "/governance/people/3/", "Accounts", "People"),
        ("access_officer", "/governance/", "Home", ""),
        ("panel_clerk", "/panel/meetings/7/", "Panels", "Calendar"),
        ("panel_chair", "/panel/items/7/", "Panels", "Items"),
        ("director", "/panel/permissions/variations/7/", "Permissions", "Dearer variations"),
        ("director", "/panel/permissions/7/", "Permissions", "To place"),
        ("broker", "/placements/7/", "Placements", "All placements"),
    ],
)
def test_the_page_one_is_on_is_marked(role: str, path: str, current: str, within: str) -> None:
    found = navigation_for(role, path)
    assert [item.label for item in found.line if item.current] == [current]
    assert [item.label for item in found.within if item.current] == ([within] if within else [])


def test_a_group_with_one_open_page_is_that_page() -> None:
    labels = [item.label for item in navigation_for("access_officer", "/").line]
    assert "Record of processing" in labels
    assert "Records" not in labels
