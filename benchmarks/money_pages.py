"""The pages of money with many rows: lists and details of invoices, paying and the books, their queries and times.

Run `python -m benchmarks.money_pages [--times 200] [--json]`. The small demo is loaded into a database of its own; the pages
of money are opened in it; then the invoices, queries, releases, runs, payments, journal and recoveries of its busy authority
are copied that often, and the same pages are opened again. The number of queries must not grow, and a page must answer within
the aim. Only the work of the server is timed.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Sequence

from benchmarks.database import own_database
from benchmarks.pages import P95_MS, Answered, against_the_aims, measured, settle, table
from benchmarks.report import show, wants_json

REPEATS = 20
# A table, its columns that name rows which are copied with it, and text columns that must differ in each copy.
COPIED: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("invoices_invoice", (), ("number",)),
    ("invoices_query", ("invoice_id",), ()),
    ("invoices_invoiceline", ("invoice_id", "query_id"), ()),
    ("invoices_payable", ("invoice_id", "invoice_line_id"), ()),
    ("ledger_journalentry", ("source_id",), ("key",)),
    ("ledger_posting", ("entry_id", "payable_id"), ()),
    ("ledger_paymentrun", (), ("key",)),
    ("ledger_payment", ("run_id",), ()),
    ("ledger_paymentitem", ("payment_id", "payable_id"), ()),
    ("ledger_recovery", (), ()),
    ("ledger_recoveryitem", ("recovery_id", "payable_id"), ()),
)
APART = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure with few rows and with many, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often the rows are copied")
    chosen = parser.parse_known_args(arguments)[0]
    with own_database("money_pages"):
        from django.utils import timezone

        from rightplace.demo.load import load_demo

        load_demo(size="small", now=timezone.now())
        keep_figures()
        few, many = few_and_many(chosen.times)
    print(table(few, many), file=sys.stderr if wants_json(arguments) else sys.stdout)
    return show(against_the_aims(few, many), as_json=wants_json(arguments))


def few_and_many(times: int) -> tuple[list[Answered], list[Answered]]:
    """The pages before and after the rows were copied."""
    few = opened()
    begun = time.perf_counter()
    copy_rows(times)
    settle()
    print(f"{counted()} in {time.perf_counter() - begun:.0f} s (aim {P95_MS:.0f} ms a page)", file=sys.stderr)
    gc.collect()
    return few, opened()


def keep_figures() -> None:
    """The figures of indicators kept ready, as the worker keeps them."""
    from django.utils import timezone

    from rightplace.foundation.organisations.models import Authority
    from rightplace.oversight.performance.summaries import EVERY, count_again

    for authority in Authority.objects.all():
        count_again(authority.pk, timezone.now(), EVERY)


def opened() -> list[Answered]:
    """Every page of money that somebody may open, and details of what it lists."""
    from benchmarks.visits import Visitors, pages

    visitors = Visitors()
    found = []
    for page in pages():
        is_money = page.route.startswith(
            ("finance/", "blocks/", "portal/invoices", "portal/remittances", "portal/recover")
        )
        is_open = is_money and (not page.parts or page.parts == ("key",))
        if is_open and (visits := list(visitors.opened(page))):
            found.append(measured(page.route, visits[:3], REPEATS))
    return found


def copy_rows(times: int) -> None:
    """Copy the rows of money as often, under keys of their own, without triggers: nothing of it is booked or paid.

    What is still open is not copied: the copies are years that were settled.
    """
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, keys, texts in COPIED:
            cursor.execute(
                "SELECT column_name, character_maximum_length FROM information_schema.columns WHERE table_name = %s"
                " ORDER BY ordinal_position",
                [name],
            )
            columns = cursor.fetchall()
            values = ", ".join(_value(column, most, keys, texts) for column, most in columns)
            listed = ", ".join(f'"{column}"' for column, _ in columns)
            # The names are of our own tables and columns.
            copying = (
                f"INSERT INTO {name} ({listed}) SELECT {values} FROM {name} t, generate_series(1, {times}) n"  # noqa: S608  # as said
            )
            cursor.execute(f"{copying} WHERE t.id < {APART}")


def _value(column: str, most: int | None, keys: Sequence[str], texts: Sequence[str]) -> str:
    if column == "id" or column in keys:
        return f't."{column}" + n * {APART}'
    return f"left(n || '-' || t.\"{column}\", {most})" if column in texts else f't."{column}"'


def counted() -> str:
    """How many rows there are now."""
    from django.db import connection

    with connection.cursor() as cursor:
        parts = []
        for name, _, _ in COPIED:
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608  # a name of our own
            parts.append(f"{cursor.fetchone()[0]:,} {name}")
    return ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
