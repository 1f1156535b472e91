"""The synthetic history: no gap, no overlap, lawful kinds, and stability as published."""

import numpy as np

from rightplace.demo.history import REASON_CODES, same_placement, three_or_more
from rightplace.demo.people import years_after
from rightplace.foundation.reference.codes import codes
from tests.demo.consortium import TODAY, consortium

WHOLE = consortium()
STAYS = WHOLE.stays


def test_placements_follow_on_from_one_another_from_entering_care() -> None:
    first = np.insert(STAYS.child[1:] != STAYS.child[:-1], 0, True)
    assert (STAYS.started_on[first] == WHOLE.children.entered_on).all()
    assert (STAYS.started_on[~first] == STAYS.ended_on[np.flatnonzero(~first) - 1]).all()


def test_every_placement_has_a_night() -> None:
    ended = ~np.isnat(STAYS.ended_on)
    assert (STAYS.ended_on[ended] > STAYS.started_on[ended]).all()


def test_only_children_in_care_have_an_open_placement() -> None:
    still = STAYS.child[np.isnat(STAYS.ended_on)]
    assert (np.sort(still) == np.flatnonzero(np.isnat(WHOLE.children.left_on))).all()


def test_nobody_under_16_is_in_supported_accommodation() -> None:
    sixteen = years_after(WHOLE.children.born_on, 16)[STAYS.child]
    assert (STAYS.started_on >= sixteen)[STAYS.kind == "supported"].all()


def test_stability_is_near_the_published_figures() -> None:
    # South London, 31 March 2025: 9% moved three times or more; 70% stayed two years.
    assert 6.5 < three_or_more(STAYS, WHOLE.children, TODAY) < 12.5
    assert 62 < same_placement(STAYS, WHOLE.children, TODAY) < 77


def test_reasons_are_codes_of_the_return() -> None:
    known = set(codes("REASON_PLACE_CHANGE", 2026)) | set(codes("REC", 2026)) | {""}
    assert set(REASON_CODES.values()) <= known
    assert set(STAYS.reason) <= known


def test_legal_statuses_follow_on_and_end_with_the_present_one() -> None:
    statuses = WHOLE.statuses
    last = np.append(statuses.child[1:] != statuses.child[:-1], True)
    assert (statuses.code[last] == WHOLE.children.legal_status).all()
    assert (statuses.ended_on[~last] == statuses.started_on[np.flatnonzero(~last) + 1]).all()
    assert (statuses.started_on[~last] < statuses.ended_on[~last]).all()


def test_nobody_is_remanded_or_taken_into_custody_under_ten() -> None:
    statuses, ten = WHOLE.statuses, years_after(WHOLE.children.born_on, 10)
    assert (statuses.started_on > ten[statuses.child])[np.isin(statuses.code, ["J1", "J2", "J3"])].all()
    into_custody = (STAYS.kind == "custody") | (STAYS.reason == "CUSTOD")
    assert into_custody.any()
    assert (STAYS.started_on >= ten[STAYS.child])[into_custody].all()


def test_nobody_stays_put_with_carers_before_eighteen_and_guardians_who_were_carers_fostered() -> None:
    children = WHOLE.children
    stays_put = children.leaving_reason == "E17"
    assert stays_put.any()
    assert (children.left_on >= years_after(children.born_on, 18))[stays_put].all()
    guardians = children.leaving_reason == "E45"
    assert set(children.kind[guardians]) == {"own_foster", "agency_foster", "connected"}


def test_an_emergency_protection_order_is_over_within_21_days() -> None:
    statuses = WHOLE.statuses
    until = np.where(np.isnat(statuses.ended_on), np.datetime64(TODAY), statuses.ended_on)
    lasted = (until - statuses.started_on).astype(int)[statuses.code == "L2"]
    assert len(lasted) and lasted.max() <= 21
