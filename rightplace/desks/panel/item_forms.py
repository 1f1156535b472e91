"""What is typed about an item, an action or an appeal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.foundation.access.actor import Actor
from rightplace.journey.panels import agenda, deciding, following_up
from rightplace.journey.panels.models import PanelKind
from rightplace.journey.panels.standing import members_on
from rightplace.journey.panels.words import MANNERS, OUTCOMES, VIEWS

NOBODY = ("", "Nobody")
CHOOSE = ("", "Choose")


class DeedForm(forms.Form):
    """A form that knows who fills it in, about which row, and when."""

    def __init__(self, *args: Any, actor: Actor, row: Any, now: datetime, **more: Any) -> None:
        self.actor, self.row, self.now = actor, row, now
        super().__init__(*args, **more)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and what stands already."""

    def choose(self, name: str, choices: list[tuple[Any, str]], empty: tuple[str, str] = CHOOSE) -> None:
        """Offer these choices for a field."""
        self.fields[name].choices = [empty, *choices]  # type: ignore[attr-defined]  # a choice field


def words(
    label: str, *, required: bool = False, rows: int = 4, hint: str = "", most: int = 4000
) -> forms.CharField:
    """A box for words; whether they are needed is said by the action, unless they always are."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=most, widget=box, help_text=hint)


def whole(
    label: str, *, hint: str = "", suffix: str = "", least: int = 0, most: int = 600
) -> forms.IntegerField:
    """A small whole number."""
    box = forms.NumberInput(attrs={"class": "govuk-input--width-5"})
    field = forms.IntegerField(label=label, min_value=least, max_value=most, widget=box, help_text=hint)
    field.suffix = suffix  # type: ignore[attr-defined]  # read by PageField
    return field


def person(label: str, *, required: bool = True, hint: str = "") -> forms.TypedChoiceField:
    """One of the authority's people, by number."""
    return forms.TypedChoiceField(
        label=label, required=required, coerce=int, empty_value=None, help_text=hint
    )


class ReasonForm(DeedForm):
    """One reason."""

    reason = words("Why", required=True, rows=3, most=300)


class WordsForm(DeedForm):
    """One piece of text, named `words`."""

    words = words("What do you say?", required=True)


class DoneForm(WordsForm):
    """What was done."""

    words = words("What was done?", required=True)


class NoWordsForm(WordsForm):
    """Words that may stay empty."""

    words = words("Anything to note?", rows=3)


class AddItemForm(DeedForm):
    """An item added by hand."""

    title = forms.CharField(label="What is it called?", max_length=200, help_text="Do not name a child here.")
    asked = words("What is asked of the panel?", required=True)
    reference = forms.CharField(
        label="Request or placement", required=False, max_length=20,
        help_text="Its number, such as R-000123 or P-000123. Leave it empty for a matter of the panel’s own.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip
    presenter_id = person("Who presents it?", required=False)
    minutes = whole(
        "How long does it take?", suffix="minutes", hint="Leave 0 for the panel’s usual length.", most=240
    )
    is_urgent = forms.BooleanField(label="This is urgent", required=False)

    def prepare(self) -> None:
        """Who could present."""
        self.choose("presenter_id", list(agenda.presenters(self.actor, self.now)), NOBODY)
        self.initial.setdefault("minutes", 0)


class ChangeItemForm(DeedForm):
    """What may be changed of an item."""

    asked = words("What is asked of the panel?", required=True)
    presenter_id = person("Who presents it?", required=False)
    minutes = whole("How long does it take?", suffix="minutes", least=5, most=240)

    def prepare(self) -> None:
        """As it stands."""
        self.choose("presenter_id", list(agenda.presenters(self.actor, self.now)), NOBODY)
        self.initial = {**self.initial} | {
            "asked": self.row.asked, "presenter_id": self.row.presenter_id, "minutes": self.row.minutes
        }  # fmt: skip


class DecideForm(DeedForm):
    """The decision with its reasons, conditions and who is to meet them."""

    outcome = forms.ChoiceField(
        label="What was decided?", choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )
    reasons = words("The reasons of the panel", required=True)
    conditions = words("Conditions", hint="One on each line. Each becomes an action of its own.", rows=3)
    owner_id = person("Who is to meet the conditions?", required=False)
    due_on = DateInPartsField(label="By when", required=False)
    home_by = DateInPartsField(
        label="Plan to return home by", required=False, help_text="If the panel agreed a day. It comes back if the day passes.",
    )  # fmt: skip
    reveals = {"outcome": {"agreed_with_conditions": ("conditions", "owner_id", "due_on")}}

    def prepare(self) -> None:
        """Who could be given the conditions; what a decision does."""
        self.choose("owner_id", list(following_up.owners(self.actor, self.now)))
        self.initial = {**self.initial} | {
            "due_on": deciding.suggested_due(self.now),
            "owner_id": self.row.presenter_id,
        }
        if self.row.placement_id is None:
            del self.fields["home_by"]
        self.context_words = (
            f"Agreeing gives permission {'for the variation' if self.row.rise_id else 'to place'}, "
            "and not agreeing refuses it, at once."
            if deciding.moves_permission(self.row)
            else ""
        )


class DecideBeforeForm(DecideForm):
    """A decision before the meeting, and how it is made."""

    manner = forms.ChoiceField(
        label="How is it decided?", choices=[(key, MANNERS[key].capitalize()) for key in ("virtual", "urgent")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ["manner"]

    def prepare(self) -> None:
        """Nothing can be deferred before a meeting; say how the views stand."""
        super().prepare()
        kept = [(key, said) for key, said in OUTCOMES.items() if key != "deferred"]
        self.fields["outcome"].choices = kept  # type: ignore[attr-defined]  # a choice field
        standing = deciding.views_standing(self.row, self.now).words
        other = "one has given it" if deciding.may_be_urgent(self.row, self.now) else "ask one first"
        urgent = f"Urgently: needs the view of one other member; {other}."
        self.context_words = f"By the views given so far. {standing} {urgent} {self.context_words}"


class ViewForm(DeedForm):
    """A view in writing; the clerk's page chooses whose."""

    member_id = person(
        "Whose view is it?", required=False, hint="Yours, or that of a partner without an account."
    )
    view = forms.ChoiceField(label="The view", choices=list(VIEWS.items()), widget=forms.RadioSelect)
    words = words("In words")

    def prepare(self) -> None:
        """Partners without an account, for clerk and chair."""
        others = [
            (row.pk, row.name)
            for row in members_on(self.row.meeting.kind_id, timezone.localdate(self.now))
            if row.user_id is None
        ]
        if self.actor.role not in ("panel_clerk", "panel_chair") or not others:
            del self.fields["member_id"]
        else:
            self.choose("member_id", list(others), ("", "Mine"))


class InterestForm(DeedForm):
    """An interest: one's own, or what a member says at the meeting."""

    member_id = person("Whose interest is it?", required=False)
    words = words(
        "What is the interest?", required=True, rows=3, most=300, hint="For example: related to the carer."
    )

    def prepare(self) -> None:
        """Members, for clerk and chair."""
        rows = members_on(self.row.meeting.kind_id, timezone.localdate(self.now))
        others = [
            (row.pk, row.name) for row in rows if row.part != "clerk" and row.user_id != self.actor.user_id
        ]
        if self.actor.role not in ("panel_clerk", "panel_chair"):
            del self.fields["member_id"]
        else:
            is_on = any(row.user_id == self.actor.user_id and row.part != "clerk" for row in rows)
            self.choose("member_id", list(others), ("", "Mine") if is_on else CHOOSE)


class NoInterestForm(DeedForm):
    """Which declared interest is taken back."""

    member_id = person("Whose interest is taken back?")

    def prepare(self) -> None:
        """Those declared; of one's own, only that."""
        rows = self.row.interests.select_related("member")
        if self.actor.role not in ("panel_clerk", "panel_chair"):
            rows = rows.filter(member__user_id=self.actor.user_id)
        self.choose("member_id", [(row.member_id, row.member.name) for row in rows])


class ActionForm(DeedForm):
    """Something to be done, by whom, until when."""

    what = words("What is to be done?", required=True, rows=3, most=500)
    owner_id = person("Who is to do it?")
    due_on = DateInPartsField(label="By when")

    def prepare(self) -> None:
        """Who could do it."""
        self.choose("owner_id", list(following_up.owners(self.actor, self.now)))
        self.initial = {**self.initial} | {
            "due_on": deciding.suggested_due(self.now),
            "owner_id": getattr(self.row, "presenter_id", None),
        }


class MoveActionForm(ActionForm):
    """Another owner or another day."""

    def prepare(self) -> None:
        """As it stands."""
        super().prepare()
        del self.fields["what"]
        self.initial = {**self.initial} | {"due_on": self.row.due_on, "owner_id": self.row.owner_id}


class AppealForm(DeedForm):
    """The grounds of an appeal."""

    grounds = words(
        "The grounds of the appeal", required=True, hint="What did the panel not know, or weigh wrongly?"
    )


class AssignForm(DeedForm):
    """Who hears an appeal."""

    hearer_id = person("Who hears it?", required=False)

    def prepare(self) -> None:
        """The other panels, or the director."""
        kinds = PanelKind.objects.filter(authority_id=self.actor.authority_id, ends_on__isnull=True)
        others = kinds.exclude(pk=self.row.item.meeting.kind_id)
        self.choose(
            "hearer_id", [(row.pk, f"The chair of the {row.name}") for row in others], ("", "The director")
        )
        self.initial["hearer_id"] = self.row.hearer_id
