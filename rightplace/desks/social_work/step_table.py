"""The steps of a request: which forms each shows, what they start from, and which verb saves them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from rightplace.core.matching.vocabulary import Criterion
from rightplace.desks.components.parts import Step
from rightplace.desks.components.rows import RowFormSet, as_typed, rows_after_press
from rightplace.desks.social_work import step_forms as sf
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.journey.requests import actions
from rightplace.journey.requests.entries import NeedGiven, OutcomeGiven, PlaceGiven, SiblingWishGiven
from rightplace.journey.requests.models import PlacementRequest, RequestChild
from rightplace.journey.requests.queries import RequestFile

Data = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step shows: a form (or none) and rows, and which child it is about."""

    form: forms.Form | None
    rows: tuple[tuple[str, RowFormSet], ...] = ()
    asked: RequestChild | None = None

    def is_valid(self) -> bool:
        """Whether every part is in order; each part is checked, so that all faults show at once."""
        checked = [self.form.is_valid() if self.form else True, *(rows.is_valid() for _, rows in self.rows)]
        return all(checked)


@dataclass(frozen=True, slots=True)
class Who:
    """Who saves, when, and which version of the request they saw."""

    by: Actor
    now: datetime
    version: int

    def keywords(self, file: RequestFile) -> dict[str, Any]:
        """The keywords that every saving verb takes."""
        return {"by": self.by, "now": self.now, "request_id": file.row.pk, "version": self.version}


class ColumnsStep:
    """A step whose entries are columns of the request."""

    def __init__(self, form: type[forms.Form]) -> None:
        self.form = form

    def shown(self, file: RequestFile, data: Data = None, child: int = 0) -> Shown:
        """The form with what is held, or with what was sent."""
        initial = {name: getattr(file.row, name) for name in self.form.base_fields}
        return Shown(self.form(data, initial=initial))

    def save(self, file: RequestFile, shown: Shown, who: Who) -> Outcome[PlacementRequest]:
        """Save the columns."""
        cleaned = shown.form.cleaned_data if shown.form else {}
        return actions.save_request(**who.keywords(file), changes=cleaned)


class SiblingsStep:
    """Step 2: who is asked for here, and what is wished for other brothers and sisters."""

    def shown(self, file: RequestFile, data: Data = None, child: int = 0) -> Shown:
        """A question for each brother and sister outside the request, and one for a group."""
        row = file.row
        initial: dict[str, Any] = {"together": row.siblings_together, "words": row.siblings_words}
        for wish in row.sibling_wishes.all():
            initial |= {f"wish_{wish.sibling_id}": wish.wish, f"reason_{wish.sibling_id}": wish.reason}
        outside = file.read.outside_siblings
        return Shown(
            sf.SiblingsForm(data, initial=initial, siblings=outside, is_group=len(file.children) > 1)
        )

    def save(self, file: RequestFile, shown: Shown, who: Who) -> Outcome[PlacementRequest]:
        """Save the wishes and take in those who join."""
        given = shown.form.cleaned_data if shown.form else {}
        chosen = {one.pk: given.get(f"wish_{one.pk}", "") for one in file.read.outside_siblings}
        wishes = [
            SiblingWishGiven(key, wish, given.get(f"reason_{key}", ""))
            for key, wish in chosen.items()
            if wish in {"together", "apart"}
        ]
        joining = [key for key, wish in chosen.items() if wish == "joining"]
        together = given.get("together", True if joining else file.row.siblings_together)
        words = given.get("words", file.row.siblings_words)
        return actions.save_sibling_wishes(
            **who.keywords(file), wishes=wishes, joining=joining, together=together, words=words
        )


class NeedsStep:
    """Step 3: the needs of one child of the request."""

    def shown(self, file: RequestFile, data: Data = None, child: int = 0) -> Shown:
        """The needs of the child named in the address, else of the first."""
        asked = next((one for one in file.read.asked if one.pk == child), file.read.asked[0])
        initial: dict[str, Any] = {"strengths": asked.strengths, "child_view": asked.child_view}
        held = {need.kind: need for need in asked.needs.all()}
        for name, (_, kinds) in sf.NeedsForm.groups.items():
            initial[name] = [kind.value for kind in kinds if kind in held]
        for kind, need in held.items():
            initial |= {f"{kind}_severity": str(need.severity), f"{kind}_evidence": need.evidence}
        return Shown(sf.NeedsForm(data, initial=initial), asked=asked)

    def save(self, file: RequestFile, shown: Shown, who: Who) -> Outcome[PlacementRequest]:
        """Save what was ticked."""
        if not isinstance(shown.form, sf.NeedsForm) or shown.asked is None:
            raise TypeError("the needs of a child are saved from their own form")
        given = shown.form.cleaned_data
        needs = [
            NeedGiven(kind, int(given[f"{kind}_severity"]), given[f"{kind}_evidence"])
            for kind in shown.form.ticked(given)
        ]
        return actions.save_needs(
            **who.keywords(file), request_child_id=shown.asked.pk, needs=needs,
            strengths=given["strengths"], child_view=given["child_view"],
        )  # fmt: skip


class RowsStep(ABC):
    """A step made of rows of like entries."""

    formsets: Mapping[str, tuple[str, type[RowFormSet]]] = {}

    def form_of(self, file: RequestFile, data: Data) -> forms.Form | None:
        """A form beside the rows; most steps have none."""
        return None

    @abstractmethod
    def held(self, file: RequestFile) -> Mapping[str, list[dict[str, Any]]]:
        """What the request holds, row by row."""

    def shown(self, file: RequestFile, data: Data = None, child: int = 0) -> Shown:
        """Rows with what is held, or with what was sent."""
        held = self.held(file) if data is None else {}
        rows = tuple(
            (legend, kind(data, initial=held.get(prefix) or None, prefix=prefix))
            for prefix, (legend, kind) in self.formsets.items()
        )
        return Shown(self.form_of(file, data), rows)

    def pressed(self, file: RequestFile, data: Mapping[str, Any]) -> Shown:
        """The same step again after a row button, with all that was typed."""
        rows = tuple(
            (legend, rows_after_press(kind, data, prefix)) for prefix, (legend, kind) in self.formsets.items()
        )
        form = self.form_of(file, None)
        return Shown(as_typed(type(form), data) if form else None, rows)


class PlacesStep(RowsStep):
    """Step 6: places to live near, and places that are not safe."""

    formsets = {
        "near": ("Places to live near", sf.NearRows),
        "unsafe": ("Places that are not safe", sf.UnsafeRows),
    }

    def held(self, file: RequestFile) -> Mapping[str, list[dict[str, Any]]]:
        """Places by whether they are safe."""
        found: dict[str, list[dict[str, Any]]] = {"near": [], "unsafe": []}
        for place in file.row.places.all():
            names = ("kind", "label", "postcode", "miles", "reason")
            found["unsafe" if place.is_unsafe else "near"].append(
                {name: getattr(place, name) for name in names}
            )
        return found

    def save(self, file: RequestFile, shown: Shown, who: Who) -> Outcome[PlacementRequest]:
        """Save every place."""
        (_, near), (_, unsafe) = shown.rows
        places = [PlaceGiven(**given) for given in near.filled]
        places += [PlaceGiven(kind="unsafe", is_unsafe=True, **given) for given in unsafe.filled]
        return actions.save_places(**who.keywords(file), places=places)


class CriteriaStep(RowsStep):
    """Step 7: what the home must have and should have."""

    formsets = {"own": ("Criteria of your own", sf.OwnCriteriaRows)}

    def form_of(self, file: RequestFile, data: Data) -> forms.Form | None:
        """The list of known criteria."""
        initial = {one.code: _weight(one.is_essential) for one in file.row.criteria.all() if one.code}
        return sf.CriteriaForm(data, initial=initial)

    def held(self, file: RequestFile) -> Mapping[str, list[dict[str, Any]]]:
        """Criteria in free words."""
        own = [one for one in file.row.criteria.all() if not one.code]
        return {"own": [{"words": one.words, "weight": _weight(one.is_essential)} for one in own]}

    def save(self, file: RequestFile, shown: Shown, who: Who) -> Outcome[PlacementRequest]:
        """Save codes and words by their weight."""
        given = shown.form.cleaned_data if shown.form else {}
        chosen = [(one.value, given.get(one.value, "")) for one in Criterion]
        chosen += [(row["words"], row["weight"] or "desirable") for row in shown.rows[0][1].filled]
        essential, desirable = (
            [one for one, its in chosen if its == weight] for weight in ("essential", "desirable")
        )
        return actions.save_criteria(**who.keywords(file), essential=essential, desirable=desirable)


def _weight(is_essential: bool) -> str:
    return "essential" if is_essential else "desirable"


class OutcomesStep(RowsStep):
    """Step 8: what should be better for the child."""

    formsets = {"outcomes": ("Outcomes", sf.OutcomeRows)}

    def held(self, file: RequestFile) -> Mapping[str, list[dict[str, Any]]]:
        """The outcomes held."""
        rows = file.row.outcomes.all()
        return {"outcomes": [{"area": o.area, "words": o.words, "measure": o.measure} for o in rows]}

    def save(self, file: RequestFile, shown: Shown, who: Who) -> Outcome[PlacementRequest]:
        """Save every outcome."""
        outcomes = [OutcomeGiven(**given) for given in shown.rows[0][1].filled]
        return actions.save_outcomes(**who.keywords(file), outcomes=outcomes)


@dataclass(frozen=True, slots=True)
class StepOfRequest:
    """One step: its address, words, what saves it, and the fields of the quality check that it answers."""

    slug: str
    label: str
    lead: str
    work: Any
    fields: tuple[str, ...]
    template: str = "social_work/step.html"


STEPS = (
    StepOfRequest(
        "why", "Why and when", "What has happened, and by when the child needs a place.",
        ColumnsStep(sf.WhyForm), ("reason", "needed_by_on", "about"),
    ),
    StepOfRequest(
        "children", "Children, brothers and sisters", "Who the request is for, and who should live with whom.",
        SiblingsStep(), ("children", "legal_status", "siblings_plan"), "social_work/step_children.html",
    ),
    StepOfRequest(
        "needs", "Needs and risks", "Tick what applies. A provider can only judge a risk from its evidence.",
        NeedsStep(), ("needs", "wishes"), "social_work/step_needs.html",
    ),
    StepOfRequest(
        "home", "Kind of home", "Which homes suit, who may live there, and what support is needed.",
        ColumnsStep(sf.HomeForm), ("suitability", "secure", "living_companions", "pets", "adaptations"),
        "social_work/step_home.html",
    ),
    StepOfRequest(
        "identity", "Identity, health and school", "What the register knows is filled in: change what is wrong.",
        ColumnsStep(sf.IdentityForm), ("language", "ethnicity", "health", "family_time", "school_plan", "culture"),
    ),
    StepOfRequest(
        "places", "Places", "Straight-line miles. Providers see districts only: names of places and reasons stay with you.",
        PlacesStep(), ("preferred_places", "unsafe_places"),
    ),
    StepOfRequest(
        "criteria", "Essential and desirable", "A home that lacks an essential criterion is not asked. Keep them few.",
        CriteriaStep(), ("essential", "desirable"), "social_work/step_criteria.html",
    ),
    StepOfRequest(
        "outcomes", "Outcomes", "Without names. Say how often, how many or by when, so that a review can see it.",
        OutcomesStep(), ("outcomes",),
    ),
    StepOfRequest(
        "cost", "Length and cost", "How long the child is likely to stay, and a ceiling if there is one.",
        ColumnsStep(sf.CostForm), ("likely_weeks", "ceiling_reason"),
    ),
)  # fmt: skip
BY_SLUG = {step.slug: step for step in STEPS}
STEP_OF_FIELD = {field: step for step in STEPS for field in step.fields}


def step_of(field: str) -> StepOfRequest | None:
    """The step that answers a field of the quality check, such as `needs.0.evidence`."""
    return STEP_OF_FIELD.get(field.split(".")[0])


def next_step(step: StepOfRequest) -> StepOfRequest | None:
    """The step after this one; None after the last."""
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else None


def steps_shown(file: RequestFile, current: str, urls: Sequence[str]) -> list[Step]:
    """The list of steps: done when the check finds nothing, a problem when a broker's comment is open."""
    faults = [found.field.split(".")[0] for found in file.quality.findings]
    commented = {comment.field.split(".")[0] for comment in file.comments if comment.settled_at is None}
    shown = []
    for step, url in zip(STEPS, urls, strict=False):
        missing = sum(field in step.fields for field in faults)
        has_comment = bool(commented & {step.slug, *step.fields})
        state = (
            "problem" if has_comment else "current" if step.slug == current else "todo" if missing else "done"
        )
        hint = "The broker has a comment" if has_comment else f"{missing} to mend" if missing else ""
        shown.append(Step(step.label, url, state, hint))
    shown.append(Step("Check and send", urls[-1], "current" if current == "check" else "todo"))
    return shown
