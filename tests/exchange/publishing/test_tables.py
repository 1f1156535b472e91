"""Published tables of what is recorded: they add up to it, and name nobody."""

from datetime import date

import pytest
from django.db.models import Sum

from rightplace.exchange.foi import tables as foi
from rightplace.exchange.placements_standard import census
from rightplace.exchange.publishing.giving import as_one_file, give_tables
from rightplace.exchange.publishing.kinds import KINDS
from rightplace.exchange.section251 import lines as section251
from rightplace.exchange.sheets import Span
from rightplace.exchange.transparency import spending
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.ledger.models import Payment
from rightplace.journey.payments.models import ScheduleLine
from tests import make
from tests.cast import NOW, TODAY, make_cast
from tests.paid_out import paid_out
from tests.security.test_restricted import restricted
from tests.visit import send, signed_in

pytestmark = pytest.mark.django_db
SPAN = Span(2027)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def lived(cast):
    """A child who moved in, with a contract in force."""
    return make.placement_started(cast, make.contract_in_force(cast))


def test_section_251_lines_add_up_to_the_schedule_and_what_has_no_line_is_not_lost(cast, lived):
    due = ScheduleLine.objects.filter(authority=cast.croydon, state="due", financial_year=SPAN.words)
    found = section251.lines(cast.croydon, SPAN)
    assert sum(one.total for one in found) == due.aggregate(pence=Sum("pence"))["pence"] > 0
    assert {one.line for one in found} >= {""}
    sheet = section251.sheet(cast.croydon, SPAN)
    assert sheet.rows[-1][0] == "Total" and len(sheet.rows) == len(found) + 1


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("Private", "private"),
        ("Voluntary", "voluntary"),
        ("Local Authority", "public"),
        ("NHS", "public"),
        ("", "private"),
    ],
)
def test_a_sector_of_the_register_is_a_column(words, sector):
    assert section251.sector_of(words) == sector


def test_lines_stand_in_the_order_of_their_numbers():
    assert sorted(["3.1.11", "", "3.1.2b", "3.1.2a", "3.1.2"], key=section251._order) == [
        "3.1.2", "3.1.2a", "3.1.2b", "3.1.11", "",
    ]  # fmt: skip


def test_spend_over_the_threshold_names_no_child_and_no_contract(cast, lived):
    paid_out(cast, cast.oakhouse.pk)
    paid = Payment.objects.filter(state__in=spending.PAID, provider=cast.oakhouse)
    paid.update(sent_on=TODAY)
    sheet = spending.sheet(cast.croydon, SPAN)
    text = "\n".join(str(cell) for row in sheet.rows for cell in row)
    assert cast.oakhouse.name in text
    assert cast.amber.last_name not in text and "IPC-" not in text
    paid.update(sent_on=date(2026, 3, 31))
    assert spending.sheet(cast.croydon, SPAN).rows == ()


def test_few_children_are_hidden_in_every_table(cast, lived):
    day = lived.placement.period.lower
    for sheet in foi.sheets(cast.croydon, day):
        assert {row[1] for row in sheet.rows} <= {0, "c"}
        assert sheet.rows[-1] == ("Total", "c")
    assert len(foi.placed_on(cast.croydon, day)) == 1
    assert foi.placed_on(cast.croydon, day)[0].pence > 0
    row = dict(zip(census.COLUMNS, census.sheet(cast.croydon, day).rows[0], strict=True))
    assert row["Identifier"] == lived.placement.child_id and row["Total weekly cost"] != ""


def test_tables_are_taken_by_who_may_with_one_entry_and_by_nobody_else(cast, lived):
    for kind in KINDS.values():
        made = give_tables(by=cast.ana, now=NOW, authority=cast.croydon, kind=kind, span=SPAN).done()
        assert as_one_file(made, kind.code).content
        assert not give_tables(by=cast.bola, now=NOW, authority=cast.croydon, kind=kind, span=SPAN).is_done
        assert not give_tables(by=cast.ana, now=NOW, authority=cast.sutton, kind=kind, span=SPAN).is_done
    assert AuditEntry.objects.filter(verb="export").count() == len(KINDS)


def test_the_pages_show_figures_and_never_a_childs_row(cast, lived):
    page = signed_in(cast.ana)
    for code, kind in KINDS.items():
        told = page.get(f"/published-tables/{code}/")
        assert told.status_code == 200
        if kind.is_of_children:
            assert cast.amber.last_name not in told.content.decode()
    taken = send(page, "/published-tables/foi/take/", form="csv", year="2027")
    assert taken["Content-Type"] == "application/zip"
    assert signed_in(cast.fin).get("/published-tables/foi/").status_code == 404


@pytest.mark.parametrize("code", ["foi", "return-tables", "section-251", "transparency"])
def test_what_names_nobody_is_the_same_whoever_draws_it(cast, lived, code):
    day = lived.placement.period.lower

    def drawn():
        with acting_as(cast.ana):
            return KINDS[code].sheets(cast.croydon, SPAN, day)

    before = drawn()
    restricted(cast)
    assert drawn() == before


def test_rows_of_single_children_are_those_that_the_reader_may_see(cast, lived):
    day = lived.placement.period.lower
    restricted(cast)
    with acting_as(cast.ana):
        (sheet,) = KINDS["census"].sheets(cast.croydon, SPAN, day)
    assert lived.placement.child_id not in {row[0] for row in sheet.rows}
