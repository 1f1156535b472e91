"""The plot of the journey: when this happens, that follows. Every reaction across stages stands here, on one page."""

from __future__ import annotations


def listen() -> None:
    """Register the reactions below; called once when everything is loaded."""
