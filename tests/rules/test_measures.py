"""The measures behind the limits must be able to fail: each is shown something that breaks its rule."""

from __future__ import annotations

import pytest

from tests.rules import measures

BRANCHING = """
def chosen(a, b):
    if a and b:
        return b
    elif a:
        while a:
            a.pop()
    for x in b:
        try:
            print(x)
        except ValueError:
            match x:
                case 1: pass
                case _: pass
"""


def test_a_long_function_is_counted_with_its_docstring_and_nested_functions() -> None:
    text = 'def outer():\n    """Say."""\n    def inner():\n        pass\n    return inner\n'
    outer, inner = measures.functions_in(text, "module.py")
    assert (outer.place, outer.lines) == ("module.py:1 outer", 5)
    assert inner.lines == 2


def test_each_way_through_a_function_is_counted() -> None:
    (function,) = measures.functions_in(BRANCHING)
    assert function.complexity == 8


def test_a_nested_function_does_not_count_against_the_outer_one() -> None:
    text = "def outer(a):\n    def inner():\n        if a: return 1\n    return inner\n"
    outer, inner = measures.functions_in(text)
    assert (outer.complexity, inner.complexity) == (1, 2)


@pytest.mark.parametrize("text", ["", "import os\n", '""" """\n', "# says nothing\n"])
def test_a_module_without_words_is_found(text: str) -> None:
    assert not measures.has_docstring(text)


def test_a_vague_class_name_is_found() -> None:
    text = "class PlacementManager: pass\nclass ChildInfo: pass\nclass Database: pass\nclass Carer: pass\n"
    assert measures.vague_names(text) == ["PlacementManager", "ChildInfo"]


@pytest.mark.parametrize(
    "line",
    ["x = 1  # TODO later", "x = 1  # noqa", "x = 1  # type: ignore", "x = 1  # type: ignore[arg-type]"],
)
def test_a_silenced_line_is_found(line: str) -> None:
    assert measures.silenced(line) == [line]


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa: E501", "x = 1  # type: ignore[arg-type]  # the stub is wrong", "x = 'todo'"]
)
def test_a_line_silenced_with_code_and_reason_is_allowed(line: str) -> None:
    assert measures.silenced(line) == []
