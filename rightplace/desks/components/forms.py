"""Django forms drawn with GOV.UK patterns: set `FORM_RENDERER` to Renderer and write plain forms.

A form may say `reveals = {"field": {"value": ("field_shown_for_it",)}}` for fields that belong to one
choice, and `choice_hints = {"field": {"value": "words under the choice"}}`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Widget
from django.utils.safestring import SafeString

from rightplace.desks.components.fields import DateParts
from rightplace.desks.components.markup import joined
from rightplace.desks.components.widgets import DRAWN

KIND_OF_WIDGET: tuple[tuple[type[Widget], str], ...] = (
    (DateParts, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
)
CLASS_OF_KIND = {
    "input": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
    "radios": "govuk-radios__input",
    "checkboxes": "govuk-checkboxes__input",
}
ERROR_KINDS = frozenset({"input", "textarea", "select", "file"})
SHORT_LIST = 3
# Proper names that begin a label keep their capital letter within a sentence.
NAMES = ("Ofsted",)
REQUIRED = str(forms.Field.default_error_messages["required"])


class PageField(BoundField):
    """A form field as the field template asks about it."""

    @property
    def kind(self) -> str:
        """Which part of the field template draws this field."""
        widget = self.field.widget
        return next((kind for type_, kind in KIND_OF_WIDGET if isinstance(widget, type_)), "input")

    @property
    def is_group(self) -> bool:
        """Whether several inputs share one legend."""
        return self.kind in {"date", "radios", "checkboxes"}

    @property
    def is_revealed(self) -> bool:
        """Whether this field belongs to a choice of another field and is drawn there."""
        shown = _of(self.form, "reveals")
        return any(self.name in names for choices in shown.values() for names in choices.values())

    @property
    def optional_words(self) -> str:
        """Words after the label of a field that may stay empty."""
        silent = self.field.required or self.kind == "checkbox" or getattr(self.form, "hide_optional", False)
        return "" if silent or self.is_revealed else " (optional)"

    @property
    def prefix_words(self) -> str:
        """Words before the box, such as a pound sign."""
        return str(getattr(self.field, "prefix", ""))

    @property
    def suffix_words(self) -> str:
        """Words after the box, such as a unit."""
        return str(getattr(self.field, "suffix", ""))

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for a group."""
        ids = [f"{self.auto_id}_helptext"] if self.help_text else []
        ids += [f"{self.auto_id}_error"] if self.errors else []
        return " ".join(ids)

    @property
    def error_words(self) -> list[str]:
        """The errors; where Django only says that the field is required, what to do about which one."""
        if not self.errors:
            return []
        return [self._missing_words() if words == REQUIRED else str(words) for words in self.errors]

    def _missing_words(self) -> str:
        label = str(self.label)
        if self.kind == "checkbox":
            return f"Tick “{label}” to go on"
        if label.endswith("?"):
            return f"Answer “{label}”"
        verb = "Choose" if self.kind in {"select", "radios", "checkboxes", "file"} else "Enter"
        return f"{verb} {label if label[1:2].isupper() or label.startswith(NAMES) else label[:1].lower() + label[1:]}"

    @property
    def count_limit(self) -> int | None:
        """How many characters a textarea takes, where there is a limit."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def focus_id(self) -> str:
        """The id that the error summary leads to: the first input of the field."""
        if self.kind == "date":
            return f"{self.auto_id}_day"
        return f"{self.auto_id}_0" if self.is_group else self.auto_id

    @property
    def is_inline(self) -> bool:
        """Whether radios are few and short enough to stand on one line."""
        choices = list(getattr(self.field, "choices", ()))
        short = all(len(str(words)) <= 12 for _, words in choices)
        return self.kind == "radios" and len(choices) < SHORT_LIST and short and not self._reveals

    @property
    def options(self) -> Iterator[dict[str, Any]]:
        """Each radio or checkbox with its input, label, hint and the fields it reveals."""
        for place, option in enumerate(self.subwidgets):
            value = str(option.data["value"])
            revealed = self._revealed_by(value)
            self._dress(option, place, bool(revealed))
            hint = _of(self.form, "choice_hints").get(self.name, {}).get(value, "")
            yield {"input": option, "hint": hint, "revealed": revealed, "id": option.id_for_label}

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Add our classes; leave `required` and a textarea's limit to the server, which explains them."""
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        kind = self.kind
        given = (widget or self.field.widget).attrs.get("class", "")
        error = f" {CLASS_OF_KIND[kind]}--error" if self.errors and kind in ERROR_KINDS else ""
        built["class"] = f"{CLASS_OF_KIND.get(kind, '')}{error} {given}".strip()
        if self.count_limit:
            built["class"] = f"{built['class']} govuk-js-character-count"
            self.field.widget.attrs.pop("maxlength", None)
            built["aria-describedby"] = f"{built.get('aria-describedby', '')} {self.auto_id}-info".strip()
        return built

    @property
    def _reveals(self) -> Mapping[str, tuple[str, ...]]:
        found: Mapping[str, tuple[str, ...]] = _of(self.form, "reveals").get(self.name, {})
        return found

    def _revealed_by(self, value: str) -> SafeString:
        names = self._reveals.get(value, ())
        return joined(self.form[name].as_field_group() for name in names)

    def _dress(self, option: BoundWidget, place: int, is_revealing: bool) -> None:
        option.data["attrs"]["class"] = CLASS_OF_KIND[self.kind]
        if is_revealing:
            option.data["attrs"]["data-reveals"] = f"{self.auto_id}-shown-{place}"


def _of(form: forms.BaseForm, name: str) -> Mapping[str, Any]:
    return getattr(form, name, {})


class Renderer(DjangoTemplates):
    """The form renderer: forms, fields and rows through our templates."""

    form_template_name = "components/forms/form.html"
    field_template_name = "components/forms/field.html"
    formset_template_name = "components/forms/formset.html"
    bound_field_class = PageField

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """A form, a field or a widget; the widgets that large forms repeat are drawn without a template."""
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
