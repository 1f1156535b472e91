"""What is typed about a panel, its members, its agenda rules and its meetings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import F
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.panel.item_forms import CHOOSE, DeedForm, person, whole, words
from rightplace.foundation.access.roles import STAFF
from rightplace.journey.panels.due import RULES
from rightplace.journey.panels.kinds import MemberGiven, TermsGiven
from rightplace.journey.panels.queries import terms_of
from rightplace.journey.panels.standing import held_on, people_on
from rightplace.journey.panels.words import EVERY, HOLIDAY_RULES, PARTS, SECTORS, WEEKDAYS, WEEKS

PLAN_AHEAD = timedelta(weeks=26)
KEPT = ("purpose", "name", "from_on")
NARROW = {"class": "govuk-input--width-5"}


class PanelForm(DeedForm):
    """How a panel works."""

    purpose = forms.CharField(label="What is it for?", max_length=300)
    every = forms.ChoiceField(
        label="How often does it meet?", choices=list(EVERY.items()), widget=forms.RadioSelect
    )
    week_of_month = forms.TypedChoiceField(
        label="Which week of the month?", coerce=int, choices=[(key, said.capitalize()) for key, said in WEEKS.items()],
        required=False, empty_value=None,
    )  # fmt: skip
    weekday = forms.TypedChoiceField(label="On which day?", coerce=int, choices=list(enumerate(WEEKDAYS)))
    starts_at = forms.TimeField(
        label="From", widget=forms.TimeInput(attrs=NARROW, format="%H:%M"), help_text="For example 09:30."
    )
    minutes = whole("How long?", suffix="minutes", least=15)
    item_minutes = whole("How long for one item?", suffix="minutes", least=5, most=240)
    place = forms.CharField(
        label="Where", max_length=120, required=False, help_text="A room, or where the link is kept."
    )
    holiday_rule = forms.ChoiceField(
        label="If the day is a bank holiday", choices=list(HOLIDAY_RULES.items()), widget=forms.RadioSelect
    )
    quorum = whole(
        "Quorum", suffix="members", least=2, most=30, hint="The chair or vice chair is always one of them."
    )
    sectors = forms.MultipleChoiceField(
        label="Somebody must be there for", choices=[(key, said.capitalize()) for key, said in SECTORS.items()],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    papers_days = whole("Papers are due", suffix="working days before", most=20)
    reveals = {"every": {"monthly": ("week_of_month",)}}

    def prepare(self) -> None:
        """As it works now, or what is usual."""
        held = terms_of(self.row, timezone.localdate(self.now))[0] if self.row is not None else None
        names = [name for name in self.fields if name not in ("purpose", "name", "from_on")]
        if held is not None:
            self.initial = {**self.initial} | {
                "purpose": self.row.purpose,
                **{name: getattr(held, name) for name in names},
            }
        else:
            self.initial = {**self.initial} | {
                "minutes": 120,
                "item_minutes": 15,
                "quorum": 3,
                "papers_days": 2,
                "holiday_rule": "skip",
            }

    def terms(self) -> TermsGiven:
        """What was typed, as terms."""
        left_out = {"purpose", "name", "from_on", "sectors"}
        given = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        given["week_of_month"] = given["week_of_month"] or 1
        return TermsGiven(
            **given, sectors=tuple(self.cleaned_data["sectors"]), source=f"Set by {self.actor.name}"
        )

    def clean(self) -> dict[str, Any]:
        """With the terms gathered, for the action."""
        super().clean()
        if not self.errors:
            kept: dict[str, Any] = {n: v for n, v in self.cleaned_data.items() if n in KEPT}
            return {**kept, "terms": self.terms()}
        return self.cleaned_data


class AddPanelForm(PanelForm):
    """A panel of the authority's own."""

    name = forms.CharField(label="What is it called?", max_length=100)
    field_order = ["name"]


class ChangePanelForm(PanelForm):
    """Changed terms, and from when."""

    from_on = DateInPartsField(
        label="From which day?", help_text="Meetings already planned stay: move or cancel them."
    )

    def prepare(self) -> None:
        """From today, unless otherwise said."""
        super().prepare()
        self.initial["from_on"] = timezone.localdate(self.now)


class MemberForm(DeedForm):
    """Who is to sit on a panel."""

    user_id = person("Person", required=False, hint="Leave it empty for a partner who has no account.")
    name = forms.CharField(label="Name of a partner", max_length=120, required=False)
    organisation = forms.CharField(label="Organisation", max_length=120, required=False)
    part = forms.ChoiceField(label="Part", choices=list(PARTS.items()))
    sector = forms.ChoiceField(
        label="Sits for", choices=[(key, said.capitalize()) for key, said in SECTORS.items()]
    )

    def prepare(self) -> None:
        """The authority's people."""
        held = people_on(self.actor.authority_id, timezone.localdate(self.now)).filter(role__in=STAFF)
        names = {
            (row.user_id, f"{row.user}, {row.as_actor().role_words.lower()}")
            for row in held.select_related("user")
        }
        self.choose("user_id", sorted(names, key=lambda one: one[1]), CHOOSE)

    def clean(self) -> dict[str, Any]:
        """As the action wants it."""
        super().clean()
        return {"member": MemberGiven(**self.cleaned_data)} if not self.errors else self.cleaned_data


class RuleForm(DeedForm):
    """A rule of the agenda with its figure."""

    rule = forms.ChoiceField(label="What is due here?")
    figure = forms.DecimalField(
        label="Figure", required=False, min_value=0, decimal_places=2, max_value=100_000_000,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"}),
        help_text="Pounds for a cost; otherwise weeks or working days. Leave it empty where the rule has none.",
    )  # fmt: skip
    is_on = forms.TypedChoiceField(
        label="From today", coerce=lambda value: value == "on", widget=forms.RadioSelect, initial="on",
        choices=[("on", "This rule holds"), ("off", "It holds no longer")],
    )  # fmt: skip

    def prepare(self) -> None:
        """Every kind of rule there is."""
        self.choose("rule", [(rule.code, rule.words) for rule in RULES.values()])

    def clean(self) -> dict[str, Any]:
        """Pounds as pence, other figures as they are."""
        super().clean()
        figure, rule = self.cleaned_data.get("figure"), RULES.get(self.cleaned_data.get("rule", ""))
        if figure is not None and rule is not None:
            self.cleaned_data["figure"] = int(figure * 100) if rule.unit == "pence" else int(figure)
        return self.cleaned_data


class PlanForm(DeedForm):
    """Until when meetings are planned."""

    until = DateInPartsField(label="Plan meetings until")

    def prepare(self) -> None:
        """Half a year."""
        self.initial["until"] = timezone.localdate(self.now) + PLAN_AHEAD


class EndMemberForm(DeedForm):
    """Who no longer sits on the panel."""

    member_id = person("Who no longer sits on this panel?")

    def prepare(self) -> None:
        """Those who do."""
        rows = self.row.members.filter(held_on(timezone.localdate(self.now))).order_by(F("name"))
        self.choose("member_id", [(row.pk, f"{row.name}, {PARTS[row.part].lower()}") for row in rows])


class FeedForm(EndMemberForm):
    """Whose calendar address."""

    member_id = person("For whom?", hint="A partner without an account gets the address from you.")


class MoveMeetingForm(DeedForm):
    """When and where a meeting is held instead, and why."""

    on = DateInPartsField(label="New day")
    at = forms.TimeField(label="From", widget=forms.TimeInput(attrs=NARROW, format="%H:%M"))
    place = forms.CharField(label="Where", max_length=120, required=False)
    reason = words("Why is it moved?", required=True, rows=3, most=300)

    def prepare(self) -> None:
        """As it stands."""
        at = timezone.localtime(self.row.starts_at)
        self.initial = {**self.initial} | {"on": at.date(), "at": at.time(), "place": self.row.place}
