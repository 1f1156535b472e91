"""What the product never does: run made-up code, open a shell, read objects or XML from outside, digest weakly."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PRODUCT = Path("rightplace")
SCRIPTS = sorted(path for path in PRODUCT.glob("desks/*/static/*/*.js") if path.parent.name != "vendor")
# Whole families that would bring an attack of their own with them.
IMPORTS = {
    "pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "xmlrpc", "ldap", "ldap3", "jinja2", "mako", "telnetlib",
    "ftplib", "imaplib", "crypt", "pymemcache", "memcache", "pty", "code", "codeop", "xpath", "markdown", "ctypes", "cffi",
}  # fmt: skip
# `ctypes` asks Linux to end a child with its parent; the statutory return is written as XML, and read by `defusedxml` alone
# (its schema and word-processed plans too: only the type of what `defusedxml` gives is named there).
ALLOWED_IMPORTS = {
    ("rightplace/foundation/processes.py", "ctypes"),
    ("rightplace/exchange/ssda903/xml.py", "xml"),
    ("rightplace/exchange/ssda903/schema.py", "xml"),
    ("rightplace/exchange/document_reader.py", "xml"),
}
# What is typed on a visit is kept on the device until it was sent, for a fortnight at most, as there may be no connection.
ALLOWED_IN_SCRIPTS = {("rightplace/desks/layout/static/layout/drafts.js", "localStorage")}
# Two rows that every page asks for: the statements are constant, what changes goes in as values.
ALLOWED_CALLS = {
    ("rightplace/foundation/access/backend.py", "User.objects.raw"),
    ("rightplace/foundation/access/sessions.py", "Session.objects.raw"),
}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "input",
    "breakpoint",
    "ssl._create_unverified_context",
}
ALGORITHMS = {
    "md5",
    "sha1",
    "md4",
    "ripemd160",
    "new",
    "DES",
    "TripleDES",
    "ARC4",
    "Blowfish",
    "ECB",
    "CBC",
    "PKCS1v15",
    "RC4",
}
OF_CHANCE = {"random", "uuid1", "mersenne"}
# A demonstration draws its people from a seed, so that everybody sees the same.
MAY_DRAW = ("rightplace/demo/", "rightplace/core/")
# The named arguments of a call that say whether it is dangerous.
TOLD = ("shell", "verify", "follow_redirects")
IN_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|indexedDB"
    r"|postMessage|\"message\"|document\.cookie|__proto__|\.prototype\.\w+\s*=|jsonp|http://|https://|serviceWorker"
)


@dataclass(frozen=True, slots=True)
class Module:
    """What a module imports and calls, each call with its named arguments."""

    path: str
    imports: tuple[str, ...]
    calls: tuple[tuple[str, dict[str, str]], ...]


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the product, read once for all tests that ask."""
    paths = [path for path in sorted(PRODUCT.rglob("*.py")) if "migrations" not in path.parts]
    return tuple(read(path.as_posix(), ast.parse(path.read_text())) for path in paths)


def read(path: str, tree: ast.Module) -> Module:
    return Module(path, tuple(imported(tree)), tuple(called(tree)))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(tree: ast.Module) -> Iterator[tuple[str, dict[str, str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = {one.arg: ast.unparse(one.value) for one in node.keywords if one.arg in TOLD}
            yield ast.unparse(node.func), given


def dangerous_calls(module: Module) -> Iterator[str]:
    """Calls that run made-up code or a shell, and calls that trust any certificate or follow wherever they are led."""
    for name, given in module.calls:
        if name in CALLS:
            yield name
        if (
            given.get("shell") == "True"
            or given.get("verify") == "False"
            or given.get("follow_redirects") == "True"
        ):
            yield f"{name}({given})"
        if name.endswith((".extra", ".raw")) and name.split(".")[0] not in {"request"}:
            yield name


def test_nothing_dangerous_is_imported() -> None:
    found = [(one.path, name) for one in modules() for name in one.imports if name.split(".")[0] in IMPORTS]
    assert [(path, name) for path, name in found if (path, name.split(".")[0]) not in ALLOWED_IMPORTS] == []


def test_nothing_dangerous_is_called() -> None:
    found = {(one.path, name) for one in modules() for name in dangerous_calls(one)}
    assert found == ALLOWED_CALLS


@pytest.mark.parametrize(
    "line", ["eval(x)", "run(x, shell=True)", "httpx.get(x, verify=False)", "rows.extra(x)", "os.system(x)"]
)
def test_a_dangerous_call_is_found(line: str) -> None:
    assert list(dangerous_calls(read("", ast.parse(line))))


def test_only_strong_ways_of_hiding_and_digesting_are_used() -> None:
    wrong = []
    for one in modules():
        wrong += [
            (one.path, name)
            for name in one.imports
            if name.split(".")[-1] in ALGORITHMS and "cryptography" in name
        ]
        wrong += [
            (one.path, name)
            for name, _ in one.calls
            if name.split(".")[0] == "hashlib" and name.split(".")[-1] in ALGORITHMS
        ]
    assert wrong == []


def test_what_must_not_be_guessed_comes_from_secrets() -> None:
    wrong = [
        (one.path, name)
        for one in modules()
        for name in one.imports
        if not one.path.startswith(MAY_DRAW) and name.split(".")[-1] in OF_CHANCE | {"uuid3"}
    ]
    assert wrong == []


def test_our_scripts_do_nothing_dangerous() -> None:
    assert SCRIPTS
    found = {(path.as_posix(), each[0]) for path in SCRIPTS for each in IN_SCRIPTS.finditer(path.read_text())}
    assert found - ALLOWED_IN_SCRIPTS == set()
