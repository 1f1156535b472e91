"""The journal: it balances, it is only ever added to, and a closed month takes nothing, by the database itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.ledger.accounts import CREDITORS, EXPENDITURE, RECOVERABLE, VAT
from rightplace.journey.ledger.booking import Entry, Side, book
from rightplace.journey.ledger.models import JournalEntry, MonthClose, Posting
from tests.paying import PAYDAY, RECEIVED, Till, broken, released


def balance(account: str) -> int:
    return Posting.objects.filter(account=account).aggregate(all=Sum("pence"))["all"] or 0


def entry(key: str, *pence: int) -> Entry:
    accounts = (EXPENDITURE, CREDITORS, VAT)
    sides = [Side(account=account, pence=part) for account, part in zip(accounts, pence, strict=False)]
    return Entry(key=key, source="released", source_id=1, words="Test", sides=sides)


def booked(till: Till, one: Entry, on: date = date(2026, 11, 2)) -> int:
    return book(authority_id=till.cast.croydon.pk, on=on, now=RECEIVED, entries=[one])


def test_what_is_released_is_owed_to_the_payee(till: Till) -> None:
    released(till, till.oakhouse, 100_000, vat=20_000)
    assert (balance(EXPENDITURE), balance(VAT), balance(CREDITORS)) == (100_000, 20_000, -120_000)
    assert not broken()


def test_what_is_released_below_zero_is_owed_by_the_payee(till: Till) -> None:
    released(till, till.oakhouse, -5_000, vat=-1_000)
    assert (balance(EXPENDITURE), balance(VAT), balance(RECOVERABLE)) == (-5_000, -1_000, 6_000)
    assert balance(CREDITORS) == 0
    assert not broken()


def test_a_key_is_booked_once(till: Till) -> None:
    assert booked(till, entry("one", 500, -500)) == 1
    assert booked(till, entry("one", 500, -500)) == 0
    assert JournalEntry.objects.filter(key="one").count() == 1


def test_an_entry_that_does_not_balance_is_our_mistake(till: Till) -> None:
    with pytest.raises(ValueError, match="does not balance"):
        booked(till, entry("odd", 500, -400))


def test_the_database_refuses_an_entry_that_does_not_balance(till: Till) -> None:
    row = {
        "authority": till.cast.croydon,
        "on": date(2026, 11, 2),
        "made_at": RECEIVED,
        "source": "released",
        "source_id": 1,
    }
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        odd = JournalEntry.objects.create(**row, key="odd", words="", lines=2, pence=500)
        for pence in (500, -400):
            Posting.objects.create(
                authority=till.cast.croydon, entry=odd, account=VAT, financial_year="2026-27", pence=pence
            )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nothing_is_added_to_an_entry_later_even_if_it_balances(till: Till) -> None:
    booked(till, entry("one", 500, -500))
    held = JournalEntry.objects.get(key="one")
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        for pence in (70, -70):
            Posting.objects.create(
                authority=till.cast.croydon, entry=held, account=VAT, financial_year="2026-27", pence=pence
            )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", [JournalEntry, Posting])
def test_nothing_booked_is_changed_or_removed(till: Till, table: type) -> None:
    booked(till, entry("one", 500, -500))
    rows = table.objects.all()
    for change in (lambda: rows.update(pence=1), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_the_web_has_no_right_to_change_it(till: Till) -> None:
    booked(till, entry("one", 500, -500))
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(till.releaser):
        Posting.objects.update(pence=1)


def test_a_closed_month_takes_no_entry(till: Till) -> None:
    MonthClose.objects.create(
        authority=till.cast.croydon, month=date(2026, 10, 1), number=1, state="closed", prepared_by_id=till.releaser.user_id,
        prepared_at=RECEIVED, decided_by_id=till.approver.user_id, decided_at=RECEIVED,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        booked(till, entry("late", 500, -500), on=date(2026, 10, 31))
    assert booked(till, entry("later", 500, -500), on=date(2026, 11, 1)) == 1


def test_another_authoritys_books_are_not_seen(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    with acting_as(till.cast.brenda):
        assert Posting.objects.count() == JournalEntry.objects.count() == 0
    with acting_as(till.cast.priya):
        assert Posting.objects.count() == 0


def test_the_proof_finds_what_was_tampered_with(till: Till) -> None:
    """Past every trigger, as somebody with the database's own password could."""
    released(till, till.oakhouse, 100_000, now=PAYDAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_posting SET pence = pence - 1 WHERE account = 'creditors'")
        cursor.execute("UPDATE ledger_openpayable SET pence = pence - 1")
    assert {line.split(":")[0] for line in broken()} == {
        "entries_balance",
        "released_once",
        "owed_is_released_less_paid",
        "open_is_what_is_left",
    }
