"""The forms of the request's steps. Nothing is obliged while one fills in: the quality check says what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from rightplace.core.geography import normalise_postcode
from rightplace.core.matching.vocabulary import (
    RISKS,
    SEVERITY_WORDS,
    Adaptation,
    AdditionalSupport,
    CommunicationRequirement,
    Criterion,
    CulturalNeeds,
    LivingCompanions,
    NeedKind,
    Pets,
    PlacePurpose,
    Suitability,
)
from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.rows import row_formset
from rightplace.journey.requests.entries import LONGEST_TEXT, MOST_MILES, MOST_WEEKS, OUTCOME_AREAS


def words(label: str, hint: str = "", rows: int = 4) -> forms.CharField:
    """A box for sentences."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=LONGEST_TEXT, widget=box)


def line(label: str, hint: str = "", longest: int = 300) -> forms.CharField:
    """A box for one line."""
    return forms.CharField(label=label, help_text=hint, required=False, max_length=longest)


def box(label: str) -> forms.CharField:
    """A small box for a sentence in a row; its length is checked when it is saved."""
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}))


def one_of(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    """Radios, none of which must be chosen yet."""
    return forms.ChoiceField(
        label=label, help_text=hint, required=False, choices=list(choices), widget=forms.RadioSelect
    )


def some_of(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.MultipleChoiceField:
    """Checkboxes."""
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(
        label=label, help_text=hint, required=False, choices=list(choices), widget=boxes
    )


class YesNoField(forms.TypedChoiceField):
    """Yes or no as radios; True, False, or None while not answered."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(
            label=label,
            help_text=hint,
            required=False,
            widget=forms.RadioSelect,
            choices=[("yes", "Yes"), ("no", "No")],
            coerce=lambda value: value == "yes",
            empty_value=None,
        )

    def prepare_value(self, value: Any) -> Any:
        """The radio of a truth."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class StepForm(forms.Form):
    """A form in which nothing is obliged, so nothing is called optional."""

    hide_optional = True


class WhyForm(StepForm):
    """Step 1: why and when."""

    why_now = words("Why does the child need a placement now?", "Providers ask this first. Do not use names.")
    needed_by = DateInPartsField(
        label="Needed by",
        required=False,
        help_text="The day by which the child must have a place. For example, 27 3 2027",
    )
    is_emergency = forms.BooleanField(
        label="This is an emergency",
        required=False,
        help_text="The child may be placed before permission is given; permission is then due within days.",
    )
    about = words(
        "What is the child like?", "What they enjoy, are good at and are proud of. Do not use names."
    )


class HomeForm(StepForm):
    """Step 4: the kind of home, who and what is in it, and support."""

    reveals = {
        "is_secure_needed": {"yes": ("secure_words",)},
        "home_adaptation": {"yes": ("adaptations", "home_adaptation_words")},
        "additional_support": {"other": ("additional_support_words",)},
    }
    foster_suitability = one_of("A foster home", Suitability.choices())
    residential_suitability = one_of("A children’s home", Suitability.choices())
    supported_suitability = one_of(
        "Supported accommodation", Suitability.choices(), "Only for young people of 16 and 17."
    )
    is_secure_needed = YesNoField(
        "Is a secure children’s home needed?",
        "Only where a criterion of section 25 of the Children Act 1989 is met.",
    )
    secure_words = words(
        "Which criterion is met, and what is the plan for coming back?",
        "Runs away and comes to harm, or would injure somebody. Name the plan from the first day. Do not use names.",
    )
    living_companions = one_of("Who can the child live alongside?", LivingCompanions.choices())
    living_companions_words = words("Anything else about who lives in the home?", "Do not use names.", 2)
    pets = one_of("Can the child live with pets?", Pets.choices())
    home_adaptation = YesNoField("Must the home be adapted?")
    adaptations = some_of("What is needed?", Adaptation.choices())
    home_adaptation_words = words("More about the adaptation", rows=2)
    additional_support = some_of("Support beside the place itself", AdditionalSupport.choices())
    additional_support_words = words("Say which support", rows=2)
    deprivation_of_liberty = YesNoField("Is there, or will there be, a deprivation of liberty order?")


class IdentityForm(StepForm):
    """Step 5: identity, health, communication, family time and school."""

    language = line("Languages the child speaks", longest=40)
    faith = line("Faith", longest=40)
    cultural_needs = one_of("Must cultural needs be met in the home?", CulturalNeeds.choices())
    culture_words = words(
        "What matters to the child’s culture and identity?", "Food, worship, hair, festivals.", 3
    )
    communication_requirements = some_of("Ways of communicating", CommunicationRequirement.choices())
    health_words = words("Health, medicines and allergies", "What a carer must know on the first day.")
    contact_words = words(
        "Family time", "With whom, how often, who supervises; and who must not have it. No names."
    )
    keep_school = YesNoField("Should the child stay at the present school?")
    school_words = words("What should happen about school?", rows=3)


class CostForm(StepForm):
    """Step 9: how long, and a ceiling with its reason."""

    likely_weeks = forms.IntegerField(
        label="Likely length",
        required=False,
        min_value=1,
        max_value=MOST_WEEKS,
        help_text="The whole cost of each offer is worked out over this time.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    likely_weeks.suffix = "weeks"  # type: ignore[attr-defined]  # read by the field's template
    ceiling_pence_week = MoneyField(
        label="Ceiling price", suffix="a week", required=False, min_pence=1, max_pence=10_000_000,
        help_text="Providers never see it. Leave empty when there is none.",
    )  # fmt: skip
    ceiling_reason = words("Why is there a ceiling?", rows=2)


class SiblingsForm(StepForm):
    """Step 2: brothers and sisters. One question for each who is not in the request yet."""

    def __init__(self, *args: Any, siblings: Iterable[Any] = (), is_group: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.reveals: dict[str, dict[str, tuple[str, ...]]] = {}
        if is_group:
            self.fields["together"] = YesNoField("Must the children of this request stay together?")
            self.fields["words"] = words("Why?", rows=3)
        for child in siblings:
            name = f"wish_{child.pk}"
            self.fields[name] = one_of(f"{child}, born {child.born_on:%-d %B %Y}", SIBLING_WISHES)
            self.fields[f"reason_{child.pk}"] = line("Why?")
            self.reveals[name] = {"apart": (f"reason_{child.pk}",)}


SIBLING_WISHES = (
    ("joining", "Ask for a place for both in this request"),
    ("together", "Has a home already: place with this brother or sister if possible"),
    ("apart", "Must live apart"),
    ("", "No wish"),
)
RISKS_TO_CHILD = RISKS[:7]
RISKS_TO_OTHERS = RISKS[7:]
OTHER_NEEDS = tuple(kind for kind in NeedKind if kind not in RISKS)
SEVERITIES = [("", "How severe?"), *((str(value), words_) for value, words_ in SEVERITY_WORDS.items())]


class NeedsForm(StepForm):
    """Step 3: the needs and risks of one child, each ticked one with severity and evidence."""

    groups = {
        "risks_to_child": ("Risks to the child", RISKS_TO_CHILD),
        "risks_to_others": ("Risks to others", RISKS_TO_OTHERS),
        "needs": ("Other needs", OTHER_NEEDS),
    }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.reveals = {}
        for name, (label, kinds) in self.groups.items():
            self.fields[name] = some_of(label, [(kind.value, kind.words) for kind in kinds])
            self.reveals[name] = {kind.value: (f"{kind}_severity", f"{kind}_evidence") for kind in kinds}
            for kind in kinds:
                self.fields[f"{kind}_severity"] = forms.ChoiceField(
                    label=f"{kind.words}: severity", required=False, choices=SEVERITIES
                )
                self.fields[f"{kind}_evidence"] = words(
                    f"{kind.words}: evidence",
                    "What happened, how often, and what helps. Do not use names.",
                    3,
                )
        self.fields["strengths"] = words("What is this child good at?", rows=3)
        self.fields["child_view"] = words(
            "What does the child wish for?", "In the child’s own words where you can.", 3
        )

    def clean(self) -> dict[str, Any]:
        """A ticked need must say how severe it is."""
        cleaned = super().clean() or {}
        for kind in self.ticked(cleaned):
            if not cleaned.get(f"{kind}_severity"):
                self.add_error(f"{kind}_severity", f"Say how severe this is: {NeedKind.words_for(kind)}")
        return cleaned

    def ticked(self, cleaned: dict[str, Any]) -> list[str]:
        """The kinds that were ticked."""
        return [kind for name in self.groups for kind in cleaned.get(name) or ()]


class PlaceForm(StepForm):
    """A place to live near, or one that is unsafe."""

    label = line("Name of the place", longest=120)
    postcode = line("Postcode", longest=8)
    miles = forms.IntegerField(
        label="Within", min_value=1, max_value=MOST_MILES, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )  # fmt: skip
    miles.suffix = "miles"  # type: ignore[attr-defined]  # read by the field's template

    def clean_postcode(self) -> str:
        """The postcode in its usual form."""
        typed = self.cleaned_data["postcode"]
        if not typed:
            return ""
        normal = normalise_postcode(typed)
        if isinstance(normal, Problem):
            raise forms.ValidationError(normal.sentence)
        return normal

    def clean(self) -> dict[str, Any]:
        """A place that is named needs its postcode and its miles."""
        cleaned = super().clean() or {}
        if any(cleaned.values()):
            for name, sentence in (("postcode", "Enter the postcode"), ("miles", "Enter the miles")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned


class NearForm(PlaceForm):
    """A place to live near."""

    kind = forms.ChoiceField(label="Why it matters", required=False, choices=PlacePurpose.choices())
    field_order = ["kind", "label", "postcode", "miles"]

    def has_changed(self) -> bool:
        """A row in which only the kind was left standing is empty."""
        return any(self[name].value() for name in ("label", "postcode", "miles"))


class UnsafeForm(PlaceForm):
    """A place that is not safe."""

    reason = line("Why is it unsafe?")

    def clean(self) -> dict[str, Any]:
        """The reason is needed too."""
        cleaned = super().clean()
        if any(cleaned.values()) and not cleaned.get("reason"):
            self.add_error("reason", "Say why it is unsafe")
        return cleaned


class OutcomeForm(StepForm):
    """An outcome wanted for the child."""

    area = forms.ChoiceField(label="Area", required=False, choices=list(OUTCOME_AREAS.items()))
    words = box("What should be different?")
    measure = box("How will a review see it?")

    def has_changed(self) -> bool:
        """A row in which only the area was left standing is empty."""
        return any(self[name].value() for name in ("words", "measure"))

    def clean_words(self) -> str:
        """The words, which are needed when the row is used."""
        typed = str(self.cleaned_data["words"])
        if not typed.strip():
            raise forms.ValidationError("Say what should be different for the child")
        return typed


class OwnCriterionForm(StepForm):
    """A criterion in free words."""

    words = line("In your own words")
    weight = forms.ChoiceField(
        label="Weight", required=False, choices=[("desirable", "Desirable"), ("essential", "Essential")]
    )

    def has_changed(self) -> bool:
        """Only words make a criterion."""
        return bool(self["words"].value())


class CriteriaForm(StepForm):
    """Step 7: for each criterion of the list, whether it is essential, desirable or neither."""

    weights = (("essential", "Essential"), ("desirable", "Desirable"), ("", "Does not matter"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for criterion in Criterion:
            self.fields[criterion.value] = one_of(criterion.words, self.weights)


NearRows = row_formset(NearForm, "place", most=8)
UnsafeRows = row_formset(UnsafeForm, "unsafe place", most=12)
OutcomeRows = row_formset(OutcomeForm, "outcome", most=12)
OwnCriteriaRows = row_formset(OwnCriterionForm, "criterion", most=8)
