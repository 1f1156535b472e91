"""Invoice files taken in, in two steps: exactly what was shown, all of it or nothing, and once."""

from __future__ import annotations

import hashlib

from rightplace.core.problems import Problem
from rightplace.exchange.invoices.taking import Preview, preview_file, take_invoice_file
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.keeping import mapping_of
from rightplace.journey.invoices.models import Invoice
from tests.cast import Cast
from tests.exchange.invoices.test_files import ubl
from tests.journey.invoices.invoice_world import NOW, cast, contract, db, december, world

__all__ = ["cast", "contract", "db", "world"]


def file_of(cast: Cast, contract: Contract, number: str = "OAK-1", more: str = "") -> bytes:
    rows = [
        f"{number},{line.starts_on:%d/%m/%Y},31/12/2026,{contract.reference},{line.net_pence / 100:.2f}"
        for line in december(cast, contract)
    ]
    return "\n".join(["Bill,From,To,Contract,Betrag", *rows, more]).encode()


MAPPING = {"Bill": "number", "Betrag": "net"}


def seen(cast: Cast, content: bytes, mapping: dict[str, str] | None = None) -> Preview | Problem:
    with acting_as(cast.priya):
        return preview_file(
            by=cast.priya, now=NOW, authority_id=cast.croydon.pk, content=content, mapping=mapping
        )


def taken(
    cast: Cast, content: bytes, mapping: dict[str, str] | None = None, sha256: str = ""
) -> Outcome[list[Invoice]]:
    with acting_as(cast.priya):
        return take_invoice_file(
            by=cast.priya, now=NOW, authority_id=cast.croydon.pk, content=content, mapping=mapping,
            sha256=sha256 or hashlib.sha256(content).hexdigest(),
        )  # fmt: skip


def test_a_file_is_shown_first_and_then_taken_in_as_shown_with_its_columns_kept(cast, contract) -> None:
    content = file_of(cast, contract)
    assert not getattr(seen(cast, content), "is_good", False)
    shown = seen(cast, content, MAPPING)
    assert isinstance(shown, Preview)
    assert shown.is_good
    assert not Invoice.objects.exists()
    (invoice,) = taken(cast, content, MAPPING).done()
    assert {line.state for line in invoice.lines.all()} == {"accepted"}
    assert mapping_of(cast.croydon.pk, cast.oakhouse.pk) == MAPPING
    again = seen(cast, file_of(cast, contract, "OAK-2") + b"\nOAK-2,01/12/2026,31/12/2026,X,1")
    assert isinstance(again, Preview)
    assert again.is_good


def test_the_same_file_again_makes_no_second_invoice(cast, contract) -> None:
    content = file_of(cast, contract)
    taken(cast, content, MAPPING).done()
    assert [problem.code for problem in taken(cast, content, MAPPING).problems] == ["taken"]
    assert Invoice.objects.count() == 1


def test_one_bad_row_keeps_everything_out_and_nothing_is_half_taken(cast, contract) -> None:
    content = file_of(cast, contract, more="OAK-9,nonsense,31/12/2026,X,1")
    assert [problem.code for problem in taken(cast, content, MAPPING).problems] == ["bad_rows"]
    assert not Invoice.objects.exists()


def test_another_file_than_the_one_looked_at_is_refused(cast, contract) -> None:
    content = file_of(cast, contract)
    assert [p.code for p in taken(cast, content, MAPPING, sha256="0" * 64).problems] == ["changed"]


def test_an_electronic_invoice_with_wrong_totals_is_refused_and_a_right_one_checked(cast, contract) -> None:
    wrong = ubl(total="3000.00")
    assert [problem.code for problem in taken(cast, wrong).problems] == ["total"]
    (invoice,) = taken(cast, ubl().replace(b"IPC-000001", contract.reference.encode())).done()
    assert invoice.channel == "xml"
    assert {one.outcome for one in invoice.findings.all()} >= {"vat_wrong"}


def test_nobody_sends_a_file_to_an_authority_without_a_contract(cast, contract) -> None:
    content = file_of(cast, contract)
    with acting_as(cast.quinn):
        outcome = take_invoice_file(
            by=cast.quinn, now=NOW, authority_id=cast.croydon.pk, content=content, mapping=MAPPING, sha256="x"
        )
    assert [problem.code for problem in outcome.problems] == ["missing"]
