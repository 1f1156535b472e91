"""Words on paper: typst draws a template as a tagged PDF. Words go in as values, so nothing in them is ever markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What the fonts at hand draw for certain: Latin, Greek and Cyrillic letters, general punctuation and signs of currency.
DRAWN = r"\n\u0020-\u007e\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u20a0-\u20bf"
UNDRAWN = re.compile(f"[^{DRAWN}]")
SQUARE = "\u25a1"


def draw_pdf(template: Path, given: Mapping[str, Any]) -> bytes:
    """A template with these values as a PDF for print and for readers (PDF/UA-1); the same values give the same bytes.

    An accessible PDF may hold no letter without a drawing. So a letter that the fonts at hand cannot draw, as an emoji or
    one of a script that they do not hold, is shown as a square, and control characters are left out: whatever somebody has
    typed, the paper is made.
    """
    import typst  # here, so that no page that draws no PDF loads it

    try:
        return _compiled(template, _drawable(given, plain=False))
    except typst.TypstError:
        return _compiled(template, _drawable(given, plain=True))


def _compiled(template: Path, given: Any) -> bytes:
    import typst

    made = typst.compile(
        template.read_bytes(),
        sys_inputs={"document": json.dumps(given)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(made)


def _drawable(value: Any, *, plain: bool) -> Any:
    """Every text within without control characters; `plain`, without letters that may have no drawing."""
    if isinstance(value, str):
        text = value if value.isprintable() else "".join(c for c in value if c.isprintable() or c == "\n")
        return UNDRAWN.sub(SQUARE, text) if plain else text
    if isinstance(value, Mapping):
        # Keys too: a count stands under its words.
        return {_drawable(key, plain=plain): _drawable(one, plain=plain) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(one, plain=plain) for one in value]
    return value
