"""The matching policy: how much each criterion counts when homes are ranked, since when and why; set by the commissioner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from rightplace.core.matching.policy import DEFAULT_POLICY, SWITCHED_MUSTS, WEIGHT_NAMES, Policy
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.markup import joined
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of
from rightplace.journey.search import policies
from rightplace.journey.search.models import MatchingPolicy
from rightplace.journey.search.policies import (
    EVERYONE_NAMES,
    KEEPERS,
    ForEveryone,
    PolicyGiven,
    as_for_everyone,
    as_policy,
    changed_for_everyone,
    changed_words,
    policy_on,
)

EVERYONE_HINTS = {
    "beds_kept_back": "One each with so many households that have a bed free; emergencies may use them.",
    "split_penalty": "A whole fit is 100. They are parted only where their request says that they may live apart.",
    "own_bonus": "Beside what the ranking gives for own carers.",
}
SUFFIXES = {"beds_kept_back": "beds"}
NARROW = {"class": "govuk-input--width-4", "inputmode": "decimal", "autocomplete": "off"}
HISTORY = 50


class PolicyForm(forms.Form):
    """Points for each criterion, the hard criteria that count, from which day and why."""

    must_codes = forms.MultipleChoiceField(
        label="Must be met", required=False, choices=tuple(SWITCHED_MUSTS.items()), widget=forms.CheckboxSelectMultiple,
        help_text="A home that does not meet these is left out; a broker may set each aside for one search, with a reason.",
    )  # fmt: skip
    starts_on = DateInPartsField(label="From")
    reason = forms.CharField(
        label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who agreed to it and where, such as the board’s meeting",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in WEIGHT_NAMES.items():
            self.fields[code] = _points(name, forms.FloatField)
        for code, hint in EVERYONE_HINTS.items():
            self.fields[code] = _points(
                EVERYONE_NAMES[code], forms.IntegerField, hint, SUFFIXES.get(code, "points")
            )
        self.fields["spares_scarce"] = forms.BooleanField(
            label=EVERYONE_NAMES["spares_scarce"], required=False
        )
        self.order_fields([*WEIGHT_NAMES, *EVERYONE_NAMES, "must_codes", "starts_on", "reason"])

    @property
    def weight_names(self) -> str:
        """The criteria's fields, for the page."""
        return " ".join(WEIGHT_NAMES)

    @property
    def given(self) -> PolicyGiven:
        """What was set."""
        typed = self.cleaned_data
        weights = {code: typed[code] for code in WEIGHT_NAMES}
        together = ForEveryone(**{code: typed[code] for code in EVERYONE_NAMES})
        return PolicyGiven(
            weights, frozenset(typed["must_codes"]), typed["starts_on"], typed["reason"], together
        )


def _points(label: str, kind: type[forms.Field], hint: str = "", suffix: str = "points") -> forms.Field:
    field = kind(label=label, help_text=hint, widget=forms.TextInput(attrs=NARROW))
    field.suffix = suffix  # type: ignore[attr-defined]  # read by PageField
    return field


def policy_page(request: HttpRequest) -> HttpResponse:
    """The policy in force as bars, what is planned, and every policy there was."""
    actor, today = actor_of(request), timezone.localdate()
    in_force = policy_on(actor.authority_id, today)
    rows = list(policies.policies(actor)[: HISTORY + 1])
    known = {
        "in_force": in_force,
        "weights": weights_figure(in_force.policy),
        "musts": [
            SummaryRow(name, "Yes" if code in in_force.policy.must_codes else "Need not be")
            for code, name in SWITCHED_MUSTS.items()
        ],
        "together": [
            SummaryRow(name, _said(getattr(in_force.for_everyone, code)))
            for code, name in EVERYONE_NAMES.items()
        ],
        "planned": [
            (row, _changes(in_force.policy, as_policy(row), in_force.for_everyone, as_for_everyone(row)))
            for row in policies.planned_policies(actor, today)
        ],
        "history": history_table(rows),
        "may_change": actor.role in KEEPERS,
    }
    return render(request, "commissioning/matching_policy.html", known)


def _changes(before: Policy, after: Policy, one: ForEveryone, other: ForEveryone) -> list[str]:
    """Everything that differs between two policies, in words."""
    return changed_words(before, after) + changed_for_everyone(one, other)


def _said(value: int | bool) -> str:
    return ("Yes" if value else "No") if isinstance(value, bool) else str(value)


def weights_figure(policy: Policy) -> Figure:
    """The weights as shares of the whole, the heaviest first."""
    total = sum(policy.weights.values()) or 1
    found = [(name, policy.weights.get(code, 0) / total * 100) for code, name in WEIGHT_NAMES.items()]
    data = [Bar(name, round(share, 1)) for name, share in sorted(found, key=lambda one: -one[1])]
    return bars(data, "What each criterion counts, of 100 points")


def history_table(rows: Sequence[MatchingPolicy]) -> Table:
    """Every policy with what it changed, who set it and why."""
    before = {row.pk: (as_policy(older), as_for_everyone(older)) for row, older in pairwise(rows)}

    def changed(row: MatchingPolicy) -> SafeString | str:
        policy, together = before.get(row.pk, (DEFAULT_POLICY, ForEveryone()))
        words = _changes(policy, as_policy(row), together, as_for_everyone(row))
        return joined(words, "<br>") if words else "nothing"

    columns = (
        Column("From", "starts_on", "date"),
        Column("What changed", changed),
        Column("Why", "reason"),
        Column("Set by", _set_by),
    )
    empty = "Nothing was set: the product’s own policy counts."
    return Table(columns, rows[:HISTORY], "Policies there were", id="history", empty=empty, hide_caption=True)


def _set_by(row: MatchingPolicy) -> SafeString | str:
    said = f"{row.set_by}, {day(timezone.localdate(row.set_at))}"
    if row.taken_back_at is None:
        return said
    return joined([said, f"taken back by {row.taken_back_by}"], "<br>")


def change_policy(request: HttpRequest) -> HttpResponse:
    """Set the policy from a day on; the one in force is filled in."""
    actor, today = actor_of(request), timezone.localdate()
    newest = policies.policies(actor).order_by("-id").first()
    in_force = policy_on(actor.authority_id, today)
    policy = in_force.policy
    filled: dict[str, Any] = {code: f"{policy.weights.get(code, 0):g}" for code in WEIGHT_NAMES}
    filled |= {"must_codes": sorted(policy.must_codes), "starts_on": today, **asdict(in_force.for_everyone)}
    form, code = PolicyForm(request.POST or None, initial=filled), 200
    if form.is_bound and form.is_valid():
        outcome = policies.set_policy(
            by=actor, now=timezone.now(), given=form.given, seen=version_of(request)
        )
        if outcome.is_done:
            said = (
                f"The policy counts from {day(outcome.done().starts_on)}. Searches ranked before keep theirs."
            )
            return answer(request, outcome, then=reverse("commissioning:matching_policy"), said=said)
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    elif form.is_bound:
        code = 422
    known = {"form": form, "seen": newest.pk if newest else 0}
    return render(request, "commissioning/matching_policy_form.html", known, status=code)


def take_back_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Take a planned policy back."""
    outcome = policies.take_back_policy(
        by=actor_of(request), now=timezone.now(), policy_id=policy_id, version=version_of(request)
    )
    then = reverse("commissioning:matching_policy")
    return answer(request, outcome, then=then, said="The planned policy was taken back.")
