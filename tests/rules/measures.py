"""What the limits on size measure, from the text of a module (ast) or of a template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Function:
    """One function: where it is, how many lines its whole def takes, and how many ways lead through it."""

    place: str
    lines: int
    complexity: int


def modules(*folders: str) -> list[Path]:
    """Every Python file of these folders, without generated migrations."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts]


def templates() -> list[Path]:
    """Every template of the product."""
    return sorted(path for path in (ROOT / "rightplace").rglob("templates/**/*") if path.is_file())


def name_of(path: Path) -> str:
    """The path as a reader of the repository knows it."""
    return str(path.relative_to(ROOT))


@dataclass(frozen=True, slots=True)
class Read:
    """What one reading of a module gives: its functions, whether it says what it is for, its classes, every name it makes."""

    functions: tuple[Function, ...]
    is_told: bool
    classes: tuple[str, ...]
    names: frozenset[str]


@cache
def read(path: Path) -> Read:
    """A module, read once for every test that asks."""
    return read_text(path.read_text(), name_of(path))


def read_text(text: str, name: str = "") -> Read:
    """What the text of a module gives."""
    tree, found, names = ast.parse(text), [], set()
    for node in ast.walk(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.append(node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    functions = [one for one in found if isinstance(one, FUNCTIONS)]
    return Read(
        tuple(_measured(one, name) for one in functions),
        bool((ast.get_docstring(tree) or "").strip()),
        tuple(one.name for one in found if isinstance(one, ast.ClassDef)),
        frozenset(names | {one.name for one in found if not isinstance(one, ast.AsyncFunctionDef)}),
    )


def _measured(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Function:
    return Function(f"{name}:{node.lineno} {node.name}", _lines(node), _complexity(node))


def functions_in(text: str, name: str = "") -> Iterator[Function]:
    """Each function and method, nested ones too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTIONS):
            yield _measured(node, name)


@cache
def all_functions() -> list[Function]:
    """Each function of the product, its tools and its benchmarks."""
    paths = modules("rightplace", "tools", "benchmarks")
    return [function for path in paths for function in read(path).functions]


def has_docstring(text: str) -> bool:
    """Whether the module says what it is for."""
    return bool((ast.get_docstring(ast.parse(text)) or "").strip())


def vague_names(text: str) -> list[str]:
    """Classes named after nothing in the field: Manager, Helper, Util, Data, Info."""
    return vague(node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef))


def vague(names: Iterable[str]) -> list[str]:
    """Those of these names that name nothing in the field."""
    return [name for name in names if re.search(r"(Manager|Helper|Utils?|Data|Info)$", name)]


def silenced(text: str) -> list[str]:
    """Lines that put a check or a task off without saying which or why."""
    patterns = (
        r"#\s*(TODO|FIXME|XXX)\b",
        r"#\s*noqa(?!: ?[A-Z]+[0-9]+)",
        r"#\s*type: ignore(?!\[[a-z, -]+\]\s+#\s*\S)",
    )
    return [line.strip() for line in text.splitlines() if any(re.search(each, line) for each in patterns)]


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _complexity(function: ast.AST) -> int:
    return 1 + sum(isinstance(node, BRANCHES) for node in _own_nodes(function))


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            continue
        yield child
        yield from _own_nodes(child)
