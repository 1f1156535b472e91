"""Processes that we start beside our own: they end with the one that started them."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """To be run in the new process: should its parent be killed outright, Linux then ends it too (prctl(2)).

    Elsewhere it does nothing, and a process outlives a parent that was killed.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
