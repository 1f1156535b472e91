"""Proof of the books: computed again from the rows, it must be so, whatever the code above did.

What is proven: each entry balances and has the sides that it says; everything released is booked once; everything paid is
booked once, and nothing else; what is owed to payees is what was released less what was paid; each run's total is its
payments', its items', and its files'; no payable is in two live payments; what is still open is what no item took.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Proven:
    """One statement about the books: how many rows it is about, and which break it."""

    name: str
    sentence: str
    rows: int
    broken: tuple[str, ...]

    @property
    def is_ok(self) -> bool:
        """Whether it holds."""
        return not self.broken


STATEMENTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "entries_balance", "{rows:,} journal entries: debits equal credits in each",
        "SELECT count(*) FROM ledger_journalentry",
        """SELECT 'J-' || e.id FROM ledger_journalentry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
           GROUP BY e.id HAVING coalesce(sum(p.pence), 0) <> 0 OR count(p.id) <> e.lines
           OR coalesce(sum(greatest(p.pence, 0)), 0) <> e.pence""",
    ),
    (
        "released_once", "{rows:,} releases: each is booked once, for what it is",
        "SELECT count(*) FROM invoices_payable",
        """SELECT 'payable ' || y.id FROM invoices_payable y
           LEFT JOIN ledger_journalentry e ON e.source = 'released' AND e.source_id = y.id
           LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account IN ('creditors', 'recoverable')
           GROUP BY y.id HAVING count(DISTINCT e.id) <> 1 OR coalesce(sum(p.pence), 0) <> -(y.net_pence + y.vat_pence)""",
    ),
    (
        "paid_once", "{rows:,} paid items: each is booked once, and nothing else is",
        """SELECT count(*) FROM ledger_paymentitem i JOIN ledger_payment p ON p.id = i.payment_id
           WHERE p.state IN ('sent', 'paid', 'returned')""",
        """SELECT 'item ' || i.id FROM ledger_paymentitem i JOIN ledger_payment y ON y.id = i.payment_id
           LEFT JOIN ledger_journalentry e ON e.source = 'paid' AND e.source_id = y.id
           LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.payable_id = i.payable_id
           GROUP BY i.id, y.state HAVING
           (y.state IN ('sent', 'paid', 'returned') AND (count(p.id) <> 1 OR sum(p.pence) <> i.pence))
           OR (y.state IN ('waiting', 'taken_out') AND count(p.id) <> 0)""",
    ),
    (
        "returned_once", "{rows:,} returned payments: each is booked back once",
        "SELECT count(*) FROM ledger_payment WHERE state = 'returned'",
        """SELECT 'payment ' || y.id FROM ledger_payment y
           LEFT JOIN ledger_journalentry e ON e.source = 'returned' AND e.source_id = y.id
           GROUP BY y.id HAVING count(e.id) <> (CASE WHEN y.state = 'returned' THEN 1 ELSE 0 END)""",
    ),
    (
        "owed_is_released_less_paid", "{rows:,} payees: what is owed is what was released less what was paid and paid back",
        "SELECT count(*) FROM (SELECT DISTINCT authority_id, provider_id, household_id FROM invoices_payable) payees",
        """WITH owed AS (
               SELECT authority_id, provider_id, household_id, -sum(pence) AS pence FROM ledger_posting
               WHERE account IN ('creditors', 'recoverable', 'debtors') GROUP BY 1, 2, 3),
           released AS (
               SELECT authority_id, provider_id, household_id, sum(net_pence + vat_pence) AS pence FROM invoices_payable
               GROUP BY 1, 2, 3),
           paid AS (
               SELECT authority_id, provider_id, household_id, sum(pence) AS pence FROM ledger_payment
               WHERE state IN ('sent', 'paid') GROUP BY 1, 2, 3),
           back AS (
               SELECT authority_id, provider_id, household_id, sum(received_pence + written_off_pence) AS pence
               FROM ledger_recovery GROUP BY 1, 2, 3),
           payees AS (SELECT authority_id, provider_id, household_id FROM owed
               UNION SELECT authority_id, provider_id, household_id FROM released)
           SELECT 'payee ' || coalesce(a.provider_id::text, 'household ' || a.household_id) FROM payees a
           LEFT JOIN owed o ON (o.authority_id, coalesce(o.provider_id, 0), coalesce(o.household_id, 0))
               = (a.authority_id, coalesce(a.provider_id, 0), coalesce(a.household_id, 0))
           LEFT JOIN released r ON (r.authority_id, coalesce(r.provider_id, 0), coalesce(r.household_id, 0))
               = (a.authority_id, coalesce(a.provider_id, 0), coalesce(a.household_id, 0))
           LEFT JOIN paid p ON (p.authority_id, coalesce(p.provider_id, 0), coalesce(p.household_id, 0))
               = (a.authority_id, coalesce(a.provider_id, 0), coalesce(a.household_id, 0))
           LEFT JOIN back b ON (b.authority_id, coalesce(b.provider_id, 0), coalesce(b.household_id, 0))
               = (a.authority_id, coalesce(a.provider_id, 0), coalesce(a.household_id, 0))
           WHERE coalesce(o.pence, 0) <> coalesce(r.pence, 0) - coalesce(p.pence, 0) + coalesce(b.pence, 0)""",
    ),
    (
        "runs_add_up", "{rows:,} payment runs: each is what its payments, items and files come to",
        "SELECT count(*) FROM ledger_paymentrun",
        """WITH paid AS (SELECT run_id, sum(pence) AS pence FROM ledger_payment WHERE state <> 'taken_out' GROUP BY 1),
           parts AS (SELECT y.run_id, sum(i.pence) AS pence FROM ledger_paymentitem i JOIN ledger_payment y ON y.id = i.payment_id
               WHERE y.state <> 'taken_out' GROUP BY 1)
           SELECT 'PR-' || r.id FROM ledger_paymentrun r LEFT JOIN paid p ON p.run_id = r.id LEFT JOIN parts i ON i.run_id = r.id
           WHERE r.state NOT IN ('refused', 'withdrawn')
             AND (coalesce(p.pence, 0) <> r.total_pence OR coalesce(i.pence, 0) <> r.total_pence
                  OR EXISTS (SELECT 1 FROM ledger_runfile f WHERE f.run_id = r.id AND f.total_pence <> r.total_pence)
                  OR (r.state IN ('filed', 'sent', 'paid')
                      AND NOT EXISTS (SELECT 1 FROM ledger_runfile f WHERE f.run_id = r.id)))""",
    ),
    (
        "nothing_twice", "{rows:,} live items: no payable is paid twice",
        "SELECT count(*) FROM ledger_paymentitem WHERE is_live",
        """SELECT 'payable ' || y.id FROM invoices_payable y JOIN (
               SELECT payable_id, pence FROM ledger_paymentitem WHERE is_live
               UNION ALL SELECT payable_id, pence FROM ledger_recoveryitem WHERE is_live) i ON i.payable_id = y.id
           GROUP BY y.id HAVING abs(sum(i.pence)) > abs(y.net_pence + y.vat_pence)
           OR sign(sum(i.pence)) <> sign(y.net_pence + y.vat_pence)""",
    ),
    (
        "open_is_what_is_left", "{rows:,} open payables: each is what was released less its live items, and no other is open",
        "SELECT count(*) FROM ledger_openpayable",
        """SELECT 'payable ' || y.id FROM invoices_payable y LEFT JOIN ledger_openpayable o ON o.payable_id = y.id
           LEFT JOIN (SELECT payable_id, sum(pence) AS pence FROM (
               SELECT payable_id, pence FROM ledger_paymentitem WHERE is_live
               UNION ALL SELECT payable_id, pence FROM ledger_recoveryitem WHERE is_live) parts GROUP BY 1) i
               ON i.payable_id = y.id
           WHERE coalesce(o.pence, 0) <> y.net_pence + y.vat_pence - coalesce(i.pence, 0) OR o.pence = 0""",
    ),
    (
        "recoveries_add_up", "{rows:,} recovery invoices: each is its parts, and booked as what came in of it and what is left",
        "SELECT count(*) FROM ledger_recovery",
        """SELECT 'RI-' || r.id FROM ledger_recovery r
           WHERE r.pence <> (SELECT -coalesce(sum(i.pence), 0) FROM ledger_recoveryitem i WHERE i.recovery_id = r.id)
              OR r.received_pence <> (SELECT coalesce(sum(c.pence), 0) FROM ledger_recoveryreceipt c WHERE c.recovery_id = r.id)
              OR (CASE WHEN r.state = 'withdrawn' THEN 0 ELSE r.pence - r.received_pence - r.written_off_pence END)
                 <> (SELECT coalesce(sum(p.pence), 0) FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
                     WHERE p.account = 'debtors' AND e.source_id = r.id
                       AND e.source IN ('raised', 'received', 'written_off', 'taken_back'))""",
    ),
    (
        "files_unchanged", "{rows:,} files of runs: each is as it was first made",
        "SELECT count(*) FROM ledger_runfile",
        """SELECT 'file ' || f.id FROM ledger_runfile f JOIN files_storedfile s ON s.id = f.file_id
           WHERE encode(sha256(s.content), 'hex') <> s.sha256""",
    ),
    (
        "months_stay", "{rows:,} closed months: no entry was booked after the close",
        "SELECT count(*) FROM ledger_monthclose WHERE state = 'closed'",
        """SELECT 'J-' || e.id FROM ledger_journalentry e JOIN ledger_monthclose c ON c.authority_id = e.authority_id
           AND c.state = 'closed' AND c.month = date_trunc('month', e."on")::date AND e.made_at > c.decided_at""",
    ),
)  # fmt: skip


def prove() -> list[Proven]:
    """Every statement about the books of all authorities, computed again; at most ten that break each are named."""
    with connection.cursor() as cursor:
        found = []
        for name, sentence, counting, breaking in STATEMENTS:
            cursor.execute(counting)
            (rows,) = cursor.fetchone() or (0,)
            cursor.execute(f"{breaking} ORDER BY 1 LIMIT 10")
            broken = tuple(str(row[0]) for row in cursor.fetchall())
            found.append(Proven(name, sentence.format(rows=rows), rows, broken))
    return found
