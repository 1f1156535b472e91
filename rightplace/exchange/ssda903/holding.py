"""Taking in modules that no work of ours records: health, reviews, who left care, missing, social workers…"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.exchange.bulk import hold_lock
from rightplace.exchange.runs import may_import
from rightplace.exchange.ssda903.exporting import HELD, hold_rows
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.exchange.ssda903.rules.tables import FILES, tables_of
from rightplace.exchange.ssda903.whole import Whole, read_whole
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.register.children.models import Child

MAY_HOLD = frozenset({roles.ANALYST, roles.SYSTEM})


@action
def hold_modules(
    *, by: Actor, now: datetime, authority: Authority, year: int, files: Sequence[GivenFile]
) -> Outcome[int]:
    """Hold what these files state of a collection year, in place of what was held of the same modules.

    Episodes, header and asylum list are derived and are not taken from here, but for motherhood in the header.
    Refused: a role or an authority that is not the actor's, files that are no module of that year, a child that the
    authority does not know. Gives the number of rows held.
    """
    problems = may_import(by, MAY_HOLD, "modules of the statutory return")
    if by.authority_id and by.authority_id != authority.pk:
        problems.append(Problem("not_yours", "You may do this for your own authority only."))
    found = read_whole(files, year=year)
    if isinstance(found, list):
        return refuse(problems, found)
    ids = dict(Child.objects.filter(authority=authority).values_list("local_number", "id"))
    problems += _faults(found, ids)
    if problems:
        return refuse(problems)
    hold_lock(f"the return of authority {authority.pk}")
    count = hold_rows(authority, year, found.tables, by=by.name, now=now, ids=ids)
    modules = sorted(found.tables)
    words = (
        f"Held {count:,} rows of the statutory return of {year - 1}-{year % 100:02d}: {', '.join(modules)}"
    )
    audit(
        by=by, now=now, verb="hold_return_rows", words=words, subject="authority", subject_id=authority.pk,
        details={"year": year, "rows": count},
    )  # fmt: skip
    return Outcome(count)


def _faults(found: Whole, ids: dict[str, int]) -> list[Problem]:
    problems = []
    for table, frame in found.tables.items():
        if table not in (*HELD, "Header"):
            words = f"{found.files[table]}: {FILES[table]} is made from placements and legal statuses; leave it out."
            problems.append(Problem("derived", words, "files"))
        elif table not in tables_of(found.year):
            words = f"{found.files[table]}: the return of {found.year} has no such module."
            problems.append(Problem("other_year", words, "files"))
        unknown = [
            str(found.line(at))
            for at, number in enumerate(frame.get_column("CHILD").to_list())
            if number not in ids
        ]
        if unknown:
            words = f"{found.files[table]}: no child of this number is known, line {', '.join(unknown[:20])}."
            problems.append(Problem("unknown_child", words, "files"))
    return problems
