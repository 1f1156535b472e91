"""The money's story at the pages: a cheaper rate and a return home move every page and the pack by the same pounds."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from rightplace.core.money import pounds
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.budgets.models import BudgetYear, OutturnRow, OutturnVersion
from rightplace.oversight.savings.models import Project
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor
from tests.visit import send, signed_in

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY, FEBRUARY = (date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))
HOME_ON = date(2027, 2, 15)
Clock = Callable[[date], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets which day it is for the whole product."""

    def set_to(day: date) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))

    return set_to


def test_a_cheaper_rate_and_a_return_home_are_the_same_pounds_on_every_page(cast: Cast, clock: Clock) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    clock(DECEMBER + timedelta(days=20))
    planned(cast, contract)
    cheaper(cast, contract)
    clock(JANUARY + timedelta(days=20))
    frozen(cast, JANUARY)
    priced = moved(contract, DECEMBER, JANUARY)
    assert priced > 0
    told(cast, contract, JANUARY, "price", fell=priced, saved=priced)
    clock(HOME_ON)
    sent_home(cast, contract)
    clock(FEBRUARY + timedelta(days=20))
    frozen(cast, FEBRUARY)
    ended = moved(contract, JANUARY, FEBRUARY)
    assert ended > 0
    told(cast, contract, FEBRUARY, "ended", fell=ended, saved=priced + ended)


def planned(cast: Cast, contract: Contract) -> None:
    """Finance opens the year, freezes December, and names the contract that is to show a project's saving."""
    fin = signed_in(cast.fin)
    send(fin, "/finance/budgets/open/", financial_year="2026-27")
    assert BudgetYear.objects.get().financial_year == "2026-27"
    frozen(cast, DECEMBER)
    starts = {"starts_on_day": "1", "starts_on_month": "4", "starts_on_year": "2026"}
    send(fin, "/finance/savings/add/", reference="CS-1", name="Dearest placements", owner="Cora", **starts)
    row = Project.objects.get()
    answer = send(
        fin,
        "/finance/savings/claim/",
        project=str(row.pk),
        contract=str(contract.pk),
        how="rate",
        percent="100",
    )
    assert answer.status_code == 303


def cheaper(cast: Cast, contract: Contract) -> None:
    """The broker agrees a lower rate, which is permitted and signed by both sides."""
    contract.refresh_from_db()
    entries = {
        "reason": "Renegotiated.", "in_force_from_day": "10", "in_force_from_month": "1", "in_force_from_year": "2027",
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-kind": "core_fee", "lines-0-unit": "week",
        "lines-0-amount_pence": "4,000.00",
    }  # fmt: skip
    answer = send(
        signed_in(cast.bola), f"/contracts/{contract.pk}/vary/", version=contract.version, **entries
    )
    assert answer.status_code == 303
    make.variation_permitted(cast, contract)
    for who in (cast.cora, cast.priya):
        make.contract_signed_by(who, contract, now=timezone.now())


def sent_home(cast: Cast, contract: Contract) -> None:
    """The broker ends the placement: the child went home."""
    placed = Contract.objects.get(pk=contract.pk).placed
    day = {"ended_on_day": HOME_ON.day, "ended_on_month": HOME_ON.month, "ended_on_year": HOME_ON.year}
    bola = Visitor(cast.bola).opens(f"/placements/{placed.pk}/end_placement/")
    bola.presses("End the placement", end_reason="E4A", **day).sees("The end is recorded")


def frozen(cast: Cast, month: date) -> None:
    answer = send(signed_in(cast.fin), "/finance/outturn/freeze/", month=month.isoformat())
    assert answer.status_code == 303 and OutturnVersion.objects.filter(month=month).exists()


def moved(contract: Contract, before: date, after: date) -> int:
    """By how many pence the contract's part of the frozen outturn fell."""
    held = {
        row.frozen.month: row.pence
        for row in OutturnRow.objects.filter(contract=contract).select_related("frozen")
    }
    return held[before] - held[after]


def told(cast: Cast, contract: Contract, month: date, cause: str, *, fell: int, saved: int) -> None:
    """The bridge, the list behind it, the savings plan, the pack as a page and as a PDF say the same pounds."""
    address = f"month={month:%Y-%m}"
    words = {"price": "Price", "ended": "Ended placements"}[cause]
    for by in (cast.fin, cast.dev):
        visitor = Visitor(by).opens(f"/finance/outturn/?{address}")
        visitor.sees(words, f"−{pounds(fell)}")
        visitor.opens(f"/finance/outturn/causes/?{address}&cause={cause}").sees(
            contract.reference, f"−{pounds(fell)}"
        )
        visitor.opens("/finance/savings/").sees("Dearest placements", pounds(saved))
        visitor.opens(f"/finance/pack/?{address}").sees(words, pounds(saved))
    printed = pdf_text(cast, address)
    assert pounds(fell) in printed, "the bridge on paper"
    assert pounds(saved, whole=True) in printed, "and the saving that contracts show"


def pdf_text(cast: Cast, address: str) -> str:
    made = signed_in(cast.fin).get(f"/finance/pack.pdf?{address}").content
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
