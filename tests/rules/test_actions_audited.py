"""Every action of the product leaves exactly one entry in the trail: walked through the verbs, and read from the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from types import FunctionType

import pytest

import rightplace
from rightplace.foundation.audit import record

# Modules whose functions write the entry for an action of another module.
DEPTH = 6
# Actions that hand over to another action, which leaves the entry.
FLOORS = ("rightplace.foundation", "rightplace.register", "rightplace.journey", "rightplace.exchange")


def _modules() -> Iterator[object]:
    for found in pkgutil.walk_packages(rightplace.__path__, "rightplace."):
        if found.name.startswith(FLOORS) and ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def _actions() -> list[FunctionType]:
    found: dict[str, FunctionType] = {}
    for module in _modules():
        for one in vars(module).values():
            if getattr(one, "is_action", False) and one.__module__ == module.__name__:  # type: ignore[attr-defined]  # a module
                found[f"{one.__module__}.{one.__name__}"] = inspect.unwrap(one)
    return [found[name] for name in sorted(found)]


ACTIONS = _actions()


def _called(function: FunctionType) -> Iterator[object]:
    """What a function calls, as far as its names can be followed in its own module."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _target(node.func, function)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from _target(node, function)


def _target(node: ast.expr, function: FunctionType) -> Iterator[object]:
    if isinstance(node, ast.Name) and node.id in function.__globals__:
        yield function.__globals__[node.id]
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        base = function.__globals__.get(node.value.id)
        if base is not None and hasattr(base, node.attr):
            yield getattr(base, node.attr)


def _reaches_audit(function: FunctionType, seen: set[object], depth: int = 0) -> bool:
    if depth > DEPTH or function in seen:
        return False
    seen.add(function)
    for one in _called(function):
        if one is record.audit:
            return True
        plain = inspect.unwrap(one) if callable(one) else None
        is_ours = isinstance(plain, FunctionType) and plain.__module__.startswith("rightplace.")
        if is_ours and _reaches_audit(plain, seen, depth + 1):
            return True
    return False


def test_there_are_actions() -> None:
    assert len(ACTIONS) > 60


@pytest.mark.parametrize("function", ACTIONS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_an_action_reaches_the_trail(function: FunctionType) -> None:
    assert _reaches_audit(function, set()), "This action leaves no entry in the audit trail."


@pytest.mark.parametrize("function", ACTIONS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_an_action_says_who_and_when(function: FunctionType) -> None:
    parameters = inspect.signature(function).parameters
    assert {"by", "now"} <= set(parameters)
    assert parameters["by"].kind is inspect.Parameter.KEYWORD_ONLY
