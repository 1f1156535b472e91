"""The continuity pack: one authority's own facts, shut without its passphrase, readable with any PDF reader."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta

import pytest
from pypdf import PdfReader

from rightplace.exchange.continuity.gathering import Pack, gather_pack
from rightplace.exchange.continuity.pack import sealed_pack
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.payments.models import ScheduleLine
from tests import make
from tests.cast import NOW, Cast
from tests.figures import figure

PASSPHRASE = "three words and more of them"
STARTED = make.NEEDED_BY + timedelta(days=3)


@pytest.fixture
def pack(cast: Cast) -> Pack:
    """Croydon's pack, some days after Amber has moved in."""
    make.placement_started(cast, make.contract_in_force(cast))
    by = system_actor(authority_id=cast.croydon.pk)
    return gather_pack(cast.croydon, by=by, now=NOW, today=STARTED, reason="The weekly pack")


def test_it_says_who_is_where(pack: Pack) -> None:
    [amber] = pack.children
    assert (amber.child, amber.place) == ("Amber Fairweather", "Acorn House (2500001)")
    assert amber.contact == "office@oakhouse.example"
    assert amber.social_worker == "Sadia Rahman sadia@example.org"


def test_it_holds_eight_weeks_of_payments_to_the_penny(pack: Pack, cast: Cast) -> None:
    due = ScheduleLine.objects.filter(
        due_on__gte=STARTED, due_on__lt=STARTED + timedelta(weeks=8), state="due"
    )
    assert pack.pence == sum(due.values_list("pence", flat=True)) > 0
    assert {line.payee for line in pack.payments} == {"Oakhouse Care Ltd"}


def test_it_holds_nothing_of_another_authority(cast: Cast, pack: Pack) -> None:
    by = system_actor(authority_id=cast.sutton.pk)
    other = gather_pack(cast.sutton, by=by, now=NOW, today=STARTED, reason="The weekly pack")
    assert (other.children, other.payments) == ((), ())


def test_it_is_shut_without_the_passphrase_and_opens_with_it(pack: Pack) -> None:
    begun = time.monotonic()
    sealed = sealed_pack(pack, PASSPHRASE)
    figure(11, "continuity pack of one authority, seconds (small)", time.monotonic() - begun, "≤ 300 s")
    assert b"Amber" not in sealed and b"Acorn" not in sealed
    reader = PdfReader(io.BytesIO(sealed))
    assert reader.is_encrypted and not reader.decrypt("wrong")
    assert reader.decrypt(PASSPHRASE)
    assert "Amber Fairweather" in reader.pages[0].extract_text()
    rows = list(csv.DictReader(io.StringIO(reader.attachments["who-is-where.csv"][0].decode("utf-8-sig"))))
    assert [row["child"] for row in rows] == ["Amber Fairweather"]


def test_making_it_is_in_the_audit_trail_with_its_reason(pack: Pack) -> None:
    entry = AuditEntry.objects.get(verb="continuity_pack")
    assert "The weekly pack" in entry.words and "Amber" not in entry.words
