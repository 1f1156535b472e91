"""The rules of a contract as a form: nights and notice, and rows for nights away, uplifts, ceilings and steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms

from rightplace.core.money import parse_percentage
from rightplace.core.pricing import AwayRule, Ceiling, NightRule, Step, Uplift
from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.rows import RowFormSet, as_typed, row_formset, rows_after_press
from rightplace.journey.contracts.lots import LotCeiling
from rightplace.journey.contracts.rules import (
    AWAY_REASONS,
    CEILING_UNITS,
    PER_WORDS,
    STEP_GROUPS,
    WHOLE,
    Rules,
)

NARROW = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"})
REASONS = [(reason or "other", words) for reason, words in AWAY_REASONS.items()]


class PercentField(forms.CharField):
    """A percentage as typed; cleans to basis points."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=8, widget=NARROW, **more)

    def clean(self, value: Any) -> int:
        """Basis points; ValidationError when it is none, 0 when it was left empty."""
        typed = super().clean(value)
        points = parse_percentage(typed) if typed else 0
        if isinstance(points, Problem):
            raise forms.ValidationError(points.sentence)
        return points


class RulesForm(forms.Form):
    """Which nights count, and what is paid after leaving."""

    is_arrival_paid = forms.BooleanField(label="The night of arrival is paid", required=False)
    is_leaving_paid = forms.BooleanField(label="The day of leaving is paid", required=False)
    notice_share = PercentField(
        label="Paid after leaving, up to the end of the notice", required=False,
        help_text="Part of the price, such as 100%. Empty for nothing.",
    )  # fmt: skip
    lot = forms.ChoiceField(
        label="Bought under", required=False,
        help_text="The lot’s ceiling then holds all prices of the placement together.",
    )  # fmt: skip
    lots: ClassVar[tuple[LotCeiling, ...]] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not self.lots:
            del self.fields["lot"]
            return
        choices = [
            ("", "No framework: a price of its own"),
            *((str(lot.member_id), lot.words) for lot in self.lots),
        ]
        self.fields["lot"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def ceilings(self) -> tuple[Ceiling, ...]:
        """The ceiling of the lot that was chosen."""
        chosen = self.cleaned_data.get("lot") or ""
        return tuple(lot.as_ceiling() for lot in self.lots if str(lot.member_id) == chosen)


def rules_form(lots: tuple[LotCeiling, ...]) -> type[RulesForm]:
    """The form for a contract that can be bought under these lots."""
    return cast("type[RulesForm]", type("RulesForm", (RulesForm,), {"lots": lots}))


class AwayForm(forms.Form):
    """What is paid while the child is away for one reason."""

    hide_optional = True

    reason = forms.ChoiceField(label="Away", choices=[("", "Choose"), *REASONS])
    full_nights = forms.IntegerField(
        label="Nights in full", required=False, min_value=0, max_value=366, widget=NARROW
    )
    share = PercentField(
        label="Then, as a retainer", required=False, help_text="Such as 50%. Empty for nothing."
    )
    until_night = forms.IntegerField(
        label="Up to night",
        required=False,
        min_value=1,
        max_value=366,
        widget=NARROW,
        help_text="Then nothing.",
    )


class UpliftForm(forms.Form):
    """One agreed uplift."""

    hide_optional = True

    starts_on = DateInPartsField(label="From")
    percent = PercentField(label="Prices rise by")


class CeilingForm(forms.Form):
    """The most that the framework lets a price be."""

    hide_optional = True

    starts_on = DateInPartsField(label="From")
    amount_pence = MoneyField(label="At most")
    per = forms.ChoiceField(
        label="Each", choices=[(name, PER_WORDS[per]) for name, per in CEILING_UNITS.items()]
    )


class StepForm(forms.Form):
    """A step that the placement is on from a day."""

    hide_optional = True

    group = forms.ChoiceField(label="Of", choices=[("", "Choose"), *STEP_GROUPS.items()])
    name = forms.CharField(label="Step", max_length=40)
    starts_on = DateInPartsField(label="From")


SETS: dict[str, type[RowFormSet]] = {
    "away": row_formset(AwayForm, "rule for nights away", most=8),
    "uplifts": row_formset(UpliftForm, "uplift", most=12),
    "ceilings": row_formset(CeilingForm, "ceiling", most=6),
    "steps": row_formset(StepForm, "step", most=12),
}
LEGENDS = {
    "away": "Nights away",
    "uplifts": "Uplifts",
    "ceilings": "Ceilings of the framework",
    "steps": "Steps that the placement is on",
}


@dataclass(frozen=True, slots=True)
class RulesTyped:
    """The whole form of rules: its entries and its rows."""

    form: Any
    sets: dict[str, Any]
    is_open: bool = False

    @property
    def rows(self) -> list[tuple[str, Any]]:
        """The sets of rows with their legends, as the page shows them."""
        return [(LEGENDS[name], rows) for name, rows in self.sets.items()]

    def is_valid(self) -> bool:
        """Whether everything was understood."""
        checks = [self.form.is_valid(), *(rows.is_valid() for rows in self.sets.values())]
        return all(checks)

    def rules(self, held: Rules) -> Rules:
        """The rules as typed; what cannot be typed here stays as it was held."""
        typed = self.form.cleaned_data
        rows = {name: rows.filled for name, rows in self.sets.items()}
        return replace(
            held,
            nights=NightRule(typed["is_arrival_paid"], typed["is_leaving_paid"]),
            notice_basis_points=typed["notice_share"],
            away=tuple(_away(row) for row in rows["away"]),
            uplifts=tuple(Uplift(row["starts_on"], row["percent"]) for row in rows["uplifts"]),
            ceilings=self.form.ceilings()
            + tuple(
                Ceiling(row["starts_on"], CEILING_UNITS[row["per"]], row["amount_pence"])
                for row in rows["ceilings"]
            ),
            steps=tuple(Step(row["group"], row["name"].strip(), row["starts_on"]) for row in rows["steps"]),
        )


def rules_shown(rules: Rules, lots: tuple[LotCeiling, ...] = ()) -> RulesTyped:
    """The form as it starts, from the rules that stand."""
    named = {each.of for each in rules.ceilings}
    form = rules_form(lots)(
        initial={
            "lot": next((str(lot.member_id) for lot in lots if lot.name in named), ""),
            "is_arrival_paid": rules.nights.is_arrival_paid,
            "is_leaving_paid": rules.nights.is_leaving_paid,
            "notice_share": _percent(rules.notice_basis_points),
        }
    )
    return RulesTyped(
        form, {name: rows(initial=_initial(name, rules), prefix=name) for name, rows in SETS.items()}
    )


def rules_after_press(data: Mapping[str, Any], lots: tuple[LotCeiling, ...] = ()) -> RulesTyped:
    """The form as typed, with a row more or fewer when one of its buttons was pressed."""
    return RulesTyped(
        as_typed(rules_form(lots), data),
        {name: rows_after_press(rows, data, name) for name, rows in SETS.items()},
        is_open=True,
    )


def rules_sent(data: Mapping[str, Any], lots: tuple[LotCeiling, ...] = ()) -> RulesTyped | None:
    """The form as sent; None when a form without rules was sent, and those that stand stay."""
    if "away-TOTAL_FORMS" not in data:
        return None
    return RulesTyped(
        rules_form(lots)(data), {name: rows(data, prefix=name) for name, rows in SETS.items()}, is_open=True
    )


def _away(row: dict[str, Any]) -> AwayRule:
    full, until = row["full_nights"] or 0, row["until_night"]
    shares = [(full, row["share"])]
    if until is not None and row["share"]:
        shares.append((until, 0))
    return AwayRule("" if row["reason"] == "other" else row["reason"], tuple(shares))


def _initial(name: str, rules: Rules) -> list[dict[str, Any]]:
    rows: dict[str, list[dict[str, Any]]] = {
        "away": [_away_row(rule) for rule in rules.away],
        "uplifts": [
            {"starts_on": one.starts_on, "percent": _percent(one.basis_points)} for one in rules.uplifts
        ],
        "ceilings": [
            {"starts_on": one.starts_on, "amount_pence": one.amount_pence, "per": one.per.name.lower()}
            for one in rules.ceilings
            if not one.of
        ],
        "steps": [{"group": one.group, "name": one.name, "starts_on": one.starts_on} for one in rules.steps],
    }
    return rows[name]


def _away_row(rule: AwayRule) -> dict[str, Any]:
    """A rule as the form has it: nights in full, a retainer, and the night from which nothing is paid."""
    paid = [(night, share) for night, share in rule.shares if share < WHOLE]
    full, share = paid[0] if paid else (0, WHOLE)
    until = next((night for night, after in paid[1:] if after == 0), None)
    return {
        "reason": rule.reason or "other",
        "full_nights": full,
        "share": _percent(share),
        "until_night": until,
    }


def _percent(points: int) -> str:
    return f"{Decimal(points) / 100:f}%" if points else ""
