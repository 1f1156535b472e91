"""What the command says and how: words for people on the error stream, results and JSON on the output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

DONE, FOUND_PROBLEMS, CANNOT_RUN, INTERRUPTED = 0, 1, 2, 130

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for a script.")]
Advance = Callable[[str, int, int], None]


def say(sentence: str) -> None:
    """Tell the person at the terminal; never mixed with a result that a script reads."""
    typer.echo(sentence, err=True)


def say_error(sentence: str) -> None:
    """Tell what is wrong and how to mend it."""
    typer.secho(sentence, err=True, fg=typer.colors.RED if sys.stderr.isatty() else None)


def print_json(result: Any) -> None:
    """The result for a script: one JSON value on the output."""
    typer.echo(json.dumps(result, indent=2, ensure_ascii=False, default=str))


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """A bar for long work on a terminal, and a line per step elsewhere; call it with words, done, total."""
    if not sys.stderr.isatty():
        yield _line_per_step()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda words, done, total: bar.update(task, description=words, completed=done, total=total)


def _line_per_step() -> Advance:
    said = ""

    def advance(words: str, done: int, total: int) -> None:
        nonlocal said
        if words != said:
            said = words
            say(words)

    return advance
