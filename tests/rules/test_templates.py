"""Templates: nothing inline, nothing marked safe that somebody wrote, every form that acts with its tokens."""

from __future__ import annotations

import re

import pytest

from tests.rules.measures import modules, name_of, templates

INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style\b|\sstyle=[\"']|<[^>]+\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b")
POST_FORM = re.compile(r"<form[^>]*method=[\"']post[\"'].*?</form>", re.DOTALL | re.IGNORECASE)
TOKENS = ("form_tokens", "csrf_token")
# Where markup is made in Python beside the components: each escapes what it is given, and says so where it does.
MARKED_IN = {"rightplace/desks/brokerage/quality_check.py", "rightplace/desks/social_work/summary.py"}


def test_no_template_holds_anything_inline() -> None:
    found = {name_of(path): match[0] for path in templates() if (match := INLINE.search(path.read_text()))}
    assert found == {}


def test_no_template_lets_text_through_unescaped() -> None:
    assert [name_of(path) for path in templates() if UNESCAPED.search(path.read_text())] == []


def test_every_form_that_acts_carries_its_tokens() -> None:
    forms = [(name_of(path), form) for path in templates() for form in POST_FORM.findall(path.read_text())]
    assert [name for name, form in forms if not any(token in form for token in TOKENS)] == []


def test_markup_is_made_in_few_places() -> None:
    named = {name_of(path) for path in modules("rightplace") if "mark_safe(" in path.read_text()}
    assert {name for name in named if not name.startswith("rightplace/desks/components/")} == MARKED_IN


@pytest.mark.parametrize("text", ["<script>x</script>", '<p style="a">', '<a onclick="x()">', '<a href="javascript:x">'])
def test_something_inline_is_found(text: str) -> None:
    assert INLINE.search(text)
