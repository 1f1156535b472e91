"""A process of its own for simulations, beside the worker: e-mail and reminders never wait for a simulated market.

Each minute the worker looks whether a simulation runs and, if so, starts this process and goes on with its own work. The process
gives way to everything else on the machine, holds a lock so that there is one at a time, and ends when nothing is left, or after
ten minutes: the next minute then starts another. Ended at any moment, it loses at most the world that was being run.
"""

from __future__ import annotations

import os
import subprocess
import sys

from rightplace.foundation.processes import end_with_parent
from rightplace.oversight.simulations.carrying_on import is_taken, running_simulations

NICE = 15
COMMAND = ("rightplace.cli.main", "carry-on-simulations")


_started: list[subprocess.Popen[bytes]] = []


def start_beside() -> subprocess.Popen[bytes] | None:
    """Start the process if a simulation runs and no process goes on with it; None where there is nothing to do."""
    # Asking after those started before also lets the system forget the ones that ended.
    _started[:] = [one for one in _started if one.poll() is None]
    if _started or not running_simulations() or is_taken():
        return None
    process = subprocess.Popen([sys.executable, "-m", *COMMAND], preexec_fn=_give_way)
    _started.append(process)
    return process


def _give_way() -> None:
    # Runs in the new process: behind everything else, and ended with the worker.
    os.nice(NICE)
    end_with_parent()
