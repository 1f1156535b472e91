"""Importing published spending: once, by run, to be taken back; links that people decided stay."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rightplace.exchange.published_payments.loading import import_payments, take_back_payments
from rightplace.exchange.published_payments.models import PublishedPayment
from rightplace.exchange.published_payments.queries import (
    Wanted,
    by_payee,
    by_provider,
    by_year_and_kind,
    states_in_use,
)
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.files.models import ImportRun
from rightplace.register.providers.models import Payee
from rightplace.register.providers.payees import confirm_payee, refuse_payee
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "data" / "procurement_spend" / "council_placement_payments_sample.csv"
HEAD = "Council,Supplier,Date,Amount\n"
MAY = "Leeds,OAKHOUSE CARE LIMITED,01/05/2020,100.00\n" * 2 + "Leeds,Harbor Fostering,02/05/2020,50.00\n"
JUNE = "Leeds,Oakhouse Care Ltd,01/06/2020,80.00\nLeeds,Mrs Jane Sample,01/06/2020,7.00\n"


def imported(text: str, by: Actor | None = None):
    """The report of an import that must succeed."""
    return import_payments(
        by=by or system_actor(), now=NOW, content=(HEAD + text).encode(), file_name="may.csv"
    ).done()


def test_the_same_file_again_adds_nothing_and_a_longer_one_only_what_is_new(cast: Cast) -> None:
    first, again, longer = imported(MAY), imported(MAY), imported(MAY + JUNE)
    assert [(one.added, one.unchanged) for one in (first, again, longer)] == [(3, 0), (0, 3), (2, 3)]
    assert PublishedPayment.objects.count() == 5


def test_payees_are_linked_by_name_and_doubtful_ones_wait(cast: Cast) -> None:
    imported(MAY + JUNE)
    oakhouse = Payee.objects.get(provider=cast.oakhouse)
    harbour = Payee.objects.get(name="Harbor Fostering")
    assert (oakhouse.state, oakhouse.kind, oakhouse.payments.count()) == ("linked", "residential", 3)
    assert harbour.state in {"doubtful", "linked"}
    assert Payee.objects.get(state="withheld").payments.get().pence == 700
    assert not Payee.objects.filter(name__icontains="Sample").exists()


def test_totals_by_provider_payee_year_and_kind(cast: Cast) -> None:
    imported(MAY + JUNE)
    [one] = by_provider(Wanted(words="oak"), "-pence")
    assert (one.pence, one.many) == (28_000, 3)
    assert sum(row.pence for row in by_year_and_kind(Wanted())) == 33_700
    assert {(row.year, row.kind): row.pence for row in by_year_and_kind(Wanted())}[
        "2020-21", "residential"
    ] == 28_000
    assert by_payee(Wanted(council="Leeds", year="2020-21"), "-pence").count() == 3
    assert by_payee(Wanted(council="Salford"), "-pence").count() == 0
    assert sum(pence for _, pence in states_in_use().values()) == 33_700


def test_what_a_person_decides_stays_over_later_imports(cast: Cast) -> None:
    imported(MAY)
    harbour, oakhouse = Payee.objects.get(name="Harbor Fostering"), Payee.objects.get(provider=cast.oakhouse)
    confirmed = confirm_payee(
        by=cast.cora, now=NOW, payee_id=harbour.pk, provider_id=cast.harbour.pk, version=harbour.version
    )
    refused = refuse_payee(by=cast.cora, now=NOW, payee_id=oakhouse.pk, version=oakhouse.version)
    assert confirmed.done().provider == cast.harbour
    assert refused.done().provider is None
    imported(JUNE)
    assert set(Payee.objects.exclude(state="withheld").values_list("state", flat=True)) == {
        "confirmed",
        "refused",
    }
    assert AuditEntry.objects.filter(verb__in=["confirm_payee", "refuse_payee"]).count() == 2


def test_a_stale_decision_an_unknown_provider_and_a_withheld_name_are_refused(cast: Cast) -> None:
    imported(JUNE)
    row, nobody = Payee.objects.get(provider=cast.oakhouse), Payee.objects.get(state="withheld")
    given = {"by": cast.cora, "now": NOW, "payee_id": row.pk, "version": row.version}
    assert refuse_payee(**{**given, "version": row.version + 1}).problems[0].code == "stale"
    assert confirm_payee(**given, provider_id=None).problems[0].code == "provider_unknown"
    assert refuse_payee(**{**given, "payee_id": nobody.pk}).problems[0].code == "wrong_state"
    assert refuse_payee(**{**given, "payee_id": 0}).problems[0].code == "missing"
    assert refuse_payee(**{**given, "by": cast.fin}).problems[0].code == "not_yours"


def test_an_import_is_taken_back_and_may_be_made_again(cast: Cast) -> None:
    with acting_as(cast.cora):
        kept, gone = imported(MAY, cast.cora), imported(JUNE, cast.cora)
        assert take_back_payments(by=cast.cora, now=NOW, run_id=gone.run_id).done() == 2
        assert PublishedPayment.objects.count() == kept.added == 3
        assert not Payee.objects.filter(state="withheld").exists()
        assert take_back_payments(by=cast.cora, now=NOW, run_id=gone.run_id).problems[0].code == "wrong_state"
        assert imported(JUNE, cast.cora).added == 2
    assert ImportRun.objects.get(pk=gone.run_id).closed == 2


def test_another_authoritys_import_is_not_there(cast: Cast) -> None:
    run = imported(MAY, cast.cora).run_id
    stranger = Actor(user_id=None, name="Sutton", role="commissioner", authority_id=cast.sutton.pk)
    assert take_back_payments(by=stranger, now=NOW, run_id=run).problems[0].code == "missing"
    assert import_payments(by=cast.sadia, now=NOW, content=b"x").problems[0].code == "not_yours"


def test_the_real_sample_is_imported_with_no_private_persons_name(cast: Cast) -> None:
    report = import_payments(
        by=system_actor(), now=NOW, content=SAMPLE.read_bytes(), file_name=SAMPLE.name
    ).done()
    assert report.rows_bad == 0
    assert report.added == PublishedPayment.objects.count() == report.rows_read
    assert Payee.objects.count() > 150
