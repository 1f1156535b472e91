"""A payment run carried on from wherever it stands to its end, in a process of its own that may be killed at any point.

Started as `python -m tests.faults.paying_child DATABASE FOLDER KILL_AT PROPOSER APPROVER`: it counts each moment before and
after a commit and around each write of a file, ends itself by SIGKILL at the one numbered KILL_AT, and otherwise says how
many it saw.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

KEY = "december"
_seen = [0]


def moment(kill_at: int) -> None:
    """One point at which a process could die."""
    _seen[0] += 1
    if _seen[0] == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


def dying(function: Callable[..., Any], kill_at: int) -> Callable[..., Any]:
    """The function with a moment before and after."""

    def run(*args: Any, **kwargs: Any) -> Any:
        moment(kill_at)
        found = function(*args, **kwargs)
        moment(kill_at)
        return found

    return run


def carry_on(proposer_id: int, approver_id: int, folder: Path) -> None:
    """Every step that is left of the run, in transactions of their own, and its files handed over."""
    from rightplace.exchange.payments_system.files import run_files
    from rightplace.exchange.payments_system.handing import hand_over
    from rightplace.foundation.access.models import Membership
    from rightplace.journey.ledger import runs, sending
    from rightplace.journey.ledger.instructions import instructions_of
    from rightplace.journey.ledger.models import PaymentRun
    from tests.paying import PAYDAY

    proposer, approver = (
        Membership.objects.get(user_id=one).as_actor() for one in (proposer_id, approver_id)
    )
    day = PAYDAY.date()
    run: PaymentRun = runs.propose_run(by=proposer, now=PAYDAY, due_by=day, pay_on=day, key=KEY).done()
    while run.state != "paid":
        who = {"now": PAYDAY, "run_id": run.pk, "version": run.version}
        if run.state == "proposed":
            run = runs.approve_run(by=approver, **who).done()
        elif run.state == "approved":
            run = sending.make_run_files(by=proposer, **who, files=run_files(instructions_of(run))).done()
        elif run.state == "filed":
            hand_over([one.file for one in run.files.select_related("file")], folder)
            run = sending.send_run(by=proposer, **who).done()
        else:
            run = sending.confirm_run_paid(by=proposer, **who).done()


def main() -> None:
    """Set up, make commits and writes deadly, and carry on."""
    database, folder, kill_at, proposer, approver = sys.argv[1:]
    os.environ["DATABASE_URL"] = database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")
    import django

    django.setup()
    from django.db.backends.base.base import BaseDatabaseWrapper

    number = int(kill_at)
    BaseDatabaseWrapper._commit = dying(BaseDatabaseWrapper._commit, number)  # type: ignore[method-assign]  # to die there
    os.fsync = dying(os.fsync, number)
    os.replace = dying(os.replace, number)  # type: ignore[assignment]  # to die there
    carry_on(int(proposer), int(approver), Path(folder))
    sys.stdout.write(str(_seen[0]))


if __name__ == "__main__":
    main()
