"""Whose money a contract is: by the child, and for a service by the group of its kind, also one that a commissioner added."""

from __future__ import annotations

from datetime import date

import pytest

from rightplace.core.periods import Period
from rightplace.oversight.budgets.cohorts import Whose, spend_by_cohort
from tests.cast import Cast
from tests.journey.contracts.test_of_services import agreed

DAY = date(2026, 12, 1)
CHILD, ADULT = date(2014, 5, 6), date(2007, 5, 6)


@pytest.mark.parametrize(
    ("whose", "cohort"),
    [
        (Whose(CHILD, False, None, False, "", "School places"), "send"),
        (Whose(ADULT, False, None, True, "", "School places"), "send"),
        (Whose(CHILD, True, None, False, "", "School places"), "uasc"),
        (Whose(CHILD, False, None, False, "", "Children with disabilities"), "disability"),
        (Whose(ADULT, False, None, False, "", "Supported accommodation and housing"), "leaving_care"),
        (Whose(CHILD, False, None, False, "", "Edge of care"), "local"),
        (Whose(CHILD, False, None, False, "S1"), "send"),
    ],
)
def test_a_service_stands_in_the_cohort_of_its_group(whose: Whose, cohort: str) -> None:
    assert whose.cohort(DAY) == cohort


@pytest.mark.django_db
def test_what_a_care_package_comes_to_stands_with_children_with_disabilities(cast: Cast) -> None:
    row = agreed(cast, "hour", 2_500, "14", weeks=26)
    spent = spend_by_cohort(row.authority_id, Period(date(2026, 4, 1), date(2027, 4, 1)))
    assert set(spent) == {"disability"}
    assert spent["disability"] > 0
