"""Tags around forms: buttons that act, tokens, error summary, groups of fields, filters, rows."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms, template
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from rightplace.desks.components.doors import is_open
from rightplace.desks.components.markup import attributes, element, joined, link, unseen
from rightplace.desks.components.words import day

register = template.Library()


@register.simple_tag(takes_context=True)
def form_tokens(context: Context, version: int | None = None) -> SafeString:
    """Hidden entries of every form that acts: against forgery, against doing it twice, against stale pages."""
    hidden = {"csrfmiddlewaretoken": context.get("csrf_token"), "once": uuid4().hex, "version": version}
    return _hidden(hidden)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    url: str,
    words: str,
    version: int | None = None,
    kind: str = "secondary",
    about: str = "",
    **entries: Any,
) -> SafeString:
    """A button that does one thing: a form with its tokens; nothing for those whose role its address turns away.

    kind: primary, secondary, warning or link.
    `about` is read aloud after the words, to tell like buttons apart; other names become hidden entries.
    """
    if not is_open(context, url):
        return SafeString("")
    classes = {"link": "rp-link-button", "primary": "govuk-button"}
    class_ = classes.get(kind, f"govuk-button govuk-button--{kind}")
    button = element(
        "button", joined([words, unseen(about)]), type="submit", class_=class_,
        data_module="govuk-button", data_prevent_double_click="true",
    )  # fmt: skip
    inside = joined([form_tokens(context, version), _hidden(entries), button])
    return element("form", inside, method="post", action=url, class_="rp-button-form")


def _hidden(entries: dict[str, Any]) -> SafeString:
    fields = (
        f"<input{attributes({'type': 'hidden', 'name': name, 'value': value})}>"
        for name, value in entries.items()
        if value is not None
    )
    return mark_safe("".join(fields))


@register.simple_tag
def error_summary(*sources: forms.BaseForm | BaseFormSet[Any]) -> SafeString:
    """All errors of these forms and rows at once, each leading to its entry."""
    lines = [line for source in sources for line in _error_lines(source)]
    if not lines:
        return SafeString("")
    items = element("ul", joined(lines), class_="govuk-list govuk-error-summary__list")
    head = element("h2", "There is a problem", class_="govuk-error-summary__title")
    body = element("div", items, class_="govuk-error-summary__body")
    inside = element("div", joined([head, body]), role="alert")
    return element("div", inside, class_="govuk-error-summary", data_module="govuk-error-summary")


def _error_lines(source: forms.BaseForm | BaseFormSet[Any]) -> list[SafeString]:
    if isinstance(source, BaseFormSet):
        own = [element("li", words) for words in source.non_form_errors()] if source.is_bound else []
        return own + [line for form in source.forms for line in _error_lines(form)]
    if not source.is_bound:
        return []
    own = [element("li", words) for words in source.non_field_errors()]
    shown = (field for field in source if field.errors)
    return own + [element("li", link(f"#{_focus_id(field)}", _first_error(field), "")) for field in shown]


def _first_error(field: forms.BoundField) -> str:
    return str(getattr(field, "error_words", field.errors)[0])


def _focus_id(field: forms.BoundField) -> str:
    return str(getattr(field, "focus_id", field.auto_id))


@register.simple_tag
def field(bound: forms.BoundField) -> SafeString:
    """One field with its label, hint and error."""
    return bound.as_field_group()


@register.simple_tag
def field_set(form: forms.BaseForm, legend: str, names: str, hint: str = "") -> SafeString:
    """Fields that belong together, under a legend; `names` separated by spaces."""
    head = element("legend", legend, class_="govuk-fieldset__legend govuk-fieldset__legend--m")
    under = element("p", hint, class_="govuk-hint") if hint else ""
    drawn = joined(form[name].as_field_group() for name in names.split())
    return element("fieldset", joined([head, under, drawn]), class_="govuk-fieldset rp-field-set")


@register.inclusion_tag("components/forms/formset.html")
def form_rows(formset: Any, legend: str = "") -> dict[str, Any]:
    """Rows of like entries with buttons to add and remove."""
    return {"formset": formset, "legend": legend}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters_bar(
    context: Context, form: forms.Form, target: str = "", label: str = "Filter"
) -> dict[str, Any]:
    """A form whose entries stay in the address, with a chip for each that is set; clear them one by one."""
    query = context["request"].GET
    form.hide_optional = True  # type: ignore[attr-defined]  # read by PageField; a filter is never obliged
    kept = [(name, query[name]) for name in ("sort",) if name in query]
    return {"form": form, "chips": _chips(form, query), "target": target, "label": label, "kept": kept}


def _chips(form: forms.Form, query: QueryDict) -> list[dict[str, str]]:
    if not form.is_bound or not form.is_valid():
        return []
    chips = []
    for bound in form:
        value = form.cleaned_data.get(bound.name)
        if value in (None, "", [], False):
            continue
        many = value if isinstance(value, list | tuple) else [value]
        for single in many:
            chips.append(
                {
                    "label": str(bound.label),
                    "words": _words(bound, single),
                    "url": _without(query, bound, single),
                }
            )
    return chips


def _words(bound: forms.BoundField, value: Any) -> str:
    if value is True:
        return "Yes"
    choices = {str(key): str(words) for key, words in getattr(bound.field, "choices", ())}
    return choices.get(str(value), "") or (day(value) if hasattr(value, "isoformat") else str(value))


def _without(query: QueryDict, bound: forms.BoundField, value: Any) -> str:
    kept = query.copy()
    others = [other for other in kept.getlist(bound.html_name) if other != str(value)]
    for name in list(kept):
        if name == "page" or name == bound.html_name or name.startswith(f"{bound.html_name}_"):
            del kept[name]
    if len(others) and isinstance(bound.field, forms.MultipleChoiceField):
        kept.setlist(bound.html_name, others)
    return f"?{kept.urlencode()}"
