"""Episodes out of placements and legal statuses that were recorded once."""

from datetime import date

from rightplace.exchange.ssda903.deriving import (
    Basis,
    Life,
    Order,
    Record,
    asylum,
    episodes,
    header,
    orders,
    without_repeats,
)

FOSTERED = Life(
    date(2024, 6, 3), date(2025, 2, 10), "U4", "PR4", "SC001", "CR0 2AB", "SM1 1AA", change_reason="CARPL"
)
IN_HOME = Life(date(2025, 2, 10), None, "K2", "PR4", "SC002", "CR0 2AB", "SW9 1AA")
AGREED = Basis("V2", date(2024, 6, 3), date(2024, 9, 2))
ORDERED = Basis("C2", date(2024, 9, 2), None)


def record(*lives, statuses=(AGREED, ORDERED), **more):
    """A child's record."""
    return Record(
        "101", "F", date(2014, 5, 6), "WBRI", need_code="N1", lives=lives, statuses=statuses, **more
    )


def told(child, year, *names):
    """Some columns of the child's episodes of a year."""
    return [tuple(row[name] for name in names) for row in episodes(child, year)]


def test_a_placement_is_cut_where_the_legal_status_changes():
    assert told(
        record(FOSTERED, IN_HOME), 2025, "DECOM", "RNE", "LS", "PLACE", "DEC", "REC", "REASON_PLACE_CHANGE"
    ) == [
        ("03/06/2024", "S", "V2", "U4", "02/09/2024", "X1", ""),
        ("02/09/2024", "L", "C2", "U4", "10/02/2025", "X1", "CARPL"),
        ("10/02/2025", "P", "C2", "K2", "", "", ""),
    ]


def test_both_change_on_one_day():
    moved = Basis("V2", date(2024, 6, 3), date(2025, 2, 10)), Basis("C2", date(2025, 2, 10), None)
    assert told(record(FOSTERED, IN_HOME, statuses=moved), 2025, "RNE", "LS") == [("S", "V2"), ("B", "C2")]


def test_what_ends_after_the_year_is_open_in_it():
    assert told(record(FOSTERED), 2024, "DECOM", "DEC") == []
    left = Life(date(2024, 6, 3), date(2025, 4, 1), "U4", "PR4", end_reason="E4A")
    assert told(record(left), 2025, "DEC", "REC")[-1] == ("", "")
    assert told(record(left), 2026, "DEC", "REC") == [("01/04/2025", "E4A")]


def test_an_order_is_told_in_each_year_that_it_has_a_day_in_and_open_where_it_goes_on():
    child = record(
        FOSTERED, orders=[Order(date(2026, 2, 1), date(2026, 8, 30)), Order(date(2026, 9, 1), None)]
    )
    told_of = [
        [(row["DOLO_START"], row["DOLO_END"]) for row in orders(child, year)] for year in (2025, 2026, 2027)
    ]
    assert told_of == [
        [],
        [("01/02/2026", "")],
        [("01/02/2026", "30/08/2026"), ("01/09/2026", "")],
    ]


def test_who_comes_back_starts_again():
    again = Life(date(2025, 3, 1), None, "U4", "PR4")
    left = Life(date(2024, 6, 3), date(2025, 2, 10), "U4", "PR4", end_reason="E4A")
    assert told(record(left, again), 2025, "DECOM", "RNE", "REC")[1:] == [
        ("02/09/2024", "L", "E4A"),
        ("01/03/2025", "S", ""),
    ]


def test_the_same_place_told_twice_is_one_placement():
    first, second = (Life(date(2024, 1, day), date(2024, 1, day + 5), "K2", "PR4", "SC002") for day in (1, 6))
    assert [(life.start.day, life.end.day) for life in without_repeats([second, first])] == [(1, 11)]


def test_a_child_seeking_asylum_has_no_home_and_is_listed_until_18():
    child = record(IN_HOME, is_uasc=True)
    assert told(child, 2026, "HOME_POST", "PL_POST") == [("", "SW9 1AA")]
    assert asylum(child, 2026)["DUC"] == "06/05/2032"
    assert asylum(record(IN_HOME), 2026) is None


def test_sex_is_a_figure_until_2024():
    assert [header(record(), year)["SEX"] for year in (2024, 2025)] == ["2", "F"]
