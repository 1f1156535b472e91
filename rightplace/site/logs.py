"""What goes to standard error: one line for an event, its trace set in, and nothing that anybody typed.

A line says when (UTC), how grave, which part of the product and what. Of an error that nobody expected the kind and the
places in the code are written, never its own words: a database tells the values of a row in them. Line ends within a
message are written as \\n, so that nobody who types makes a line of the log (OWASP ASVS 5.0, 16.2 to 16.4).
"""

from __future__ import annotations

import logging
import time
import traceback
from types import TracebackType
from typing import Any

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class OneLine(logging.Formatter):
    """A message as one line; under it, set in, where an error came from."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, and the trace of what was raised."""
        said = f"{self.formatTime(record)} {record.levelname} {record.name} {one_line(record.getMessage())}"
        return said + (self.formatException(record.exc_info) if record.exc_info else "")

    def formatException(self, ei: Any) -> str:  # noqa: N802  # the name is the library's
        """The kind of an error and the places that it passed, without its words."""
        kind, _, trace = ei
        places = (f"\n    {one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace))
        return f" [{kind.__name__ if kind else 'no error'}]" + "".join(places)


def one_line(words: str) -> str:
    """Words without anything that would start a line or move what is shown."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in words)


def to_standard_error(level: str = "WARNING") -> dict[str, Any]:
    """Settings for Django's LOGGING: everything from this level on goes to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"one_line": {"()": OneLine}},
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "one_line"}},
        "root": {"handlers": ["standard_error"], "level": level},
        # Django's own way out speaks only where debugging is on, and by mail to nobody.
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
