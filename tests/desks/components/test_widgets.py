"""Widgets drawn without a template are the same as Django's own."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from rightplace.desks.components.forms import Renderer

TEXTS = ["", None, "plain", '<script>alert("1")</script>', "a & 'b'", "\nfirst line empty", "ünïcode", "0"]
WIDGETS = [
    forms.TextInput(attrs={"class": "x", "autofocus": True, "data-none": False, "data-empty": ""}),
    forms.NumberInput(attrs={"min": 0, "title": '"quoted" <b>'}),
    forms.Textarea(attrs={"rows": 3, "aria-describedby": "a b"}),
    forms.RadioSelect(choices=[("0", "Zero"), ("a", "<b>A</b>")]),
    forms.CheckboxSelectMultiple(choices=[("0", "Zero"), ("a", "A & B")]),
    forms.Select(choices=[("", "Choose"), ("plain", "Plain & <b>"), ("Group", [("0", "Zero"), (1, "One")])]),
]


def squeezed(markup: str) -> str:
    """Markup without the spaces between tags, which mean nothing."""
    return re.sub(r">\s+<(?!/textarea)", "><", markup)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", TEXTS)
def test_a_widget_is_drawn_as_django_draws_it(widget, value):
    ours, theirs = (
        widget.render("a<b", value, {"id": "id_1"}, renderer=each) for each in (Renderer(), DjangoTemplates())
    )
    assert squeezed(ours) == squeezed(theirs)


def test_a_chosen_option_stays_chosen():
    drawn = WIDGETS[-1].render("n", "0", renderer=Renderer())
    assert '<option value="0" selected>Zero</option>' in drawn
