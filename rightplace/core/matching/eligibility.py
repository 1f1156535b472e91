"""Who may be asked: the hard rules of a search, each with its name, its source and its reason in words.

Every home that is left out is left out for a named rule. A broker may widen the search by waiving a rule by
its code, except the rules that the law or a child's safety sets.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rightplace.core.geography import Precision, miles_between
from rightplace.core.matching.profile import Child, Option, Referral
from rightplace.core.matching.rules import MatchingRules, published_rules
from rightplace.core.matching.vocabulary import (
    Adaptation,
    Criterion,
    HomeKind,
    LivingCompanions,
    Pets,
    Registration,
    Sex,
    Suitability,
)
from rightplace.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule: `reason` gives the sentence that leaves the home out, or None when the rule is met."""

    code: str
    name: str
    source: str
    may_waive: bool
    reason: Callable[[Referral, Option, MatchingRules], str | None]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A home left out, with every reason."""

    option: Option
    problems: tuple[Problem, ...]

    @property
    def may_be_widened(self) -> bool:
        """Whether waiving would bring the home back: no reason is set by law or safety."""
        return all(RULES_BY_CODE[problem.code].may_waive for problem in self.problems)


def not_registered(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """A home must be registered, and an own carer approved, on the day the placement starts."""
    limit = "supported_must_be_registered" if option.kind == HomeKind.SUPPORTED else "home_must_be_registered"
    if option.registration == Registration.ACTIVE or rules.limit(limit, referral.starts_on) is None:
        return None
    return f"{option.registration.words}: it may not take children."


def under_age_in_supported(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """No child under 16 in supported or unregulated accommodation (from 9 September 2021)."""
    youngest = rules.limit("youngest_in_supported", referral.starts_on)
    if option.kind != HomeKind.SUPPORTED or youngest is None:
        return None
    if all(child.age >= youngest for child in referral.children):
        return None
    return f"A child under {youngest} may not live in supported accommodation."


def placements_suspended(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """No placement while the authority has suspended placements with the home or its provider."""
    return f"Placements are suspended: {option.suspended}." if option.suspended else None


def concern_held(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """No placement while a concern shared between authorities puts placements on hold."""
    return f"A concern holds placements: {option.concern}." if option.concern else None


def inside_unsafe_place(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """No home inside an unsafe radius. The sentence names no place: it may be read outside the case."""
    if option.located is None:
        return None
    for place in referral.unsafe_places:
        if miles_between(place.point, option.located.point) < place.radius_miles:
            return "It is inside an area that is not safe for the child."
    return None


def _ages_outside_terms(referral: Referral, option: Option) -> str | None:
    outside = [c.age for c in referral.children if not option.terms.youngest <= c.age <= option.terms.oldest]
    if not outside:
        return None
    ages = " and ".join(str(age) for age in sorted(outside))
    return f"It takes ages {option.terms.youngest} to {option.terms.oldest}; the request is for age {ages}."


def age_outside_registration(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """The ages in a home's conditions of registration bind."""
    return None if option.kind == HomeKind.FOSTER else _ages_outside_terms(referral, option)


def age_outside_approval(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """Ages outside a foster carer's terms of approval: only in an emergency, and only for some days."""
    reason = _ages_outside_terms(referral, option) if option.kind == HomeKind.FOSTER else None
    return _with_emergency_days(reason, referral, rules)


def _with_emergency_days(reason: str | None, referral: Referral, rules: MatchingRules) -> str | None:
    days = rules.limit("days_outside_foster_terms", referral.starts_on)
    if reason is None or days is None:
        return reason
    return f"{reason} In an emergency a carer may go outside their terms for at most {days} working days."


def _sexes_outside_terms(referral: Referral, option: Option) -> str | None:
    outside = {c.sex for c in referral.children if c.sex != Sex.UNKNOWN} - option.terms.sexes
    if not outside:
        return None
    taken = " and ".join(Sex.words_for(sex).lower() for sex in sorted(option.terms.sexes)) or "no"
    return f"It takes {taken} children only."


def sex_outside_registration(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """The sex in a home's conditions of registration binds."""
    return None if option.kind == HomeKind.FOSTER else _sexes_outside_terms(referral, option)


def sex_outside_approval(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """Sex outside a foster carer's terms of approval: only in an emergency, and only for some days."""
    reason = _sexes_outside_terms(referral, option) if option.kind == HomeKind.FOSTER else None
    return _with_emergency_days(reason, referral, rules)


def fostering_limit(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """At most three foster children in one home, unless all are siblings or an exemption is recorded."""
    usual = rules.limit("fostering_usual_limit", referral.starts_on)
    total = len(option.children_there) + referral.group_size
    if option.kind != HomeKind.FOSTER or usual is None or total <= usual:
        return None
    if _are_all_siblings(referral, option.children_there) or total <= option.terms.exemption_total:
        return None
    return (
        f"{total} children would live there; the usual fostering limit is {usual}, and they are not all"
        " siblings. A recorded exemption that names the children is needed first."
    )


def _are_all_siblings(referral: Referral, there: Sequence[Child]) -> bool:
    return all(child.reference in referral.sibling_references for child in there)


def exemption_used(referral: Referral, option: Option, rules: MatchingRules | None = None) -> str:
    """Why a foster home may go over the usual limit for this request, in words; empty when it does not."""
    usual = (rules or published_rules()).limit("fostering_usual_limit", referral.starts_on)
    total = len(option.children_there) + referral.group_size
    if option.kind != HomeKind.FOSTER or usual is None or total <= usual:
        return ""
    if _are_all_siblings(referral, option.children_there):
        return f"Over the usual limit of {usual}: all {total} children are siblings."
    if total <= option.terms.exemption_total:
        return f"Over the usual limit of {usual} by exemption {option.terms.exemption}.".replace(" .", ".")
    return ""


def no_free_place(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """A free place for every child of the request. Vacancy figures may be old, so a broker may still ask."""
    if option.places_free >= referral.group_size:
        return None
    return f"{referral.group_size} needed and {max(option.places_free, 0)} free."


def kind_unsuitable(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """The request says that this kind of home does not suit the child."""
    if referral.suitability_of(option.kind) != Suitability.UNSUITABLE:
        return None
    return f"{option.kind.words} is unsuitable for this child."


def others_there(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """A solo placement is needed and other children live there."""
    others = [c for c in option.children_there if c.reference not in referral.sibling_references]
    if referral.living_companions != LivingCompanions.SOLO or not others:
        return None
    return "The child needs to be the only one in the home, and other children live there."


def younger_there(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """Only older children may live alongside."""
    youngest_wanted = max(child.age for child in referral.children)
    if referral.living_companions != LivingCompanions.ONLY_OLDER:
        return None
    if all(c.age > youngest_wanted for c in _strangers(referral, option)):
        return None
    return "The child can live only with older children, and one there is not older."


def older_there(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """Only younger children may live alongside."""
    oldest_wanted = min(child.age for child in referral.children)
    if referral.living_companions != LivingCompanions.ONLY_YOUNGER:
        return None
    if all(c.age < oldest_wanted for c in _strangers(referral, option)):
        return None
    return "The child can live only with younger children, and one there is not younger."


def _strangers(referral: Referral, option: Option) -> list[Child]:
    return [c for c in option.children_there if c.reference not in referral.sibling_references]


def pets_there(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """The child cannot live with pets and the home has some. Not known is asked, not left out."""
    is_barred = referral.pets == Pets.NO and option.has_pets is True
    return "The child cannot live with pets, and there are pets." if is_barred else None


def no_pets_there(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """The child must live with pets and the home has none. Not known is asked, not left out."""
    is_barred = referral.pets == Pets.MUST and option.has_pets is False
    return "The child must live with pets, and there are none." if is_barred else None


def adaptation_missing(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """A needed adaptation is known to be missing. Not known is asked, not left out."""
    missing = set() if option.adaptations is None else referral.adaptations - option.adaptations
    words = ", ".join(Adaptation.words_for(code).lower() for code in sorted(missing))
    return f"The home has no {words}." if words else None


def essential_missing(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """An essential criterion that the home is known to lack. Not known is asked, not left out."""
    words = "; ".join(Criterion.words_for(code).lower() for code in sorted(referral.essential & option.lacks))
    return f"It does not meet an essential criterion: {words}." if words else None


def above_ceiling(referral: Referral, option: Option, rules: MatchingRules) -> str | None:
    """The estimated weekly price is above the request's ceiling."""
    price, ceiling = option.price_pence_week, referral.ceiling_pence_week
    if price is None or ceiling is None or price <= ceiling:
        return None
    return f"About £{price / 100:,.0f} a week, above the ceiling of £{ceiling / 100:,.0f}."


POLICY = "The authority's placement policy"
SAFETY = "Children Act 1989, section 22(3): the duty to safeguard the child"
REGISTRATION = "Care Standards Act 2000, section 11; Supported Accommodation (England) Regulations 2023"
CONDITIONS = "Care Standards Act 2000, section 13: conditions of registration"
APPROVAL = "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 23"
UNDER_16 = "Care Planning, Placement and Case Review (England) (Amendment) Regulations 2021"
SCHEDULE_7 = "Children Act 1989, Schedule 7"
WISHES = "The request: what this child needs"

RULES: tuple[Rule, ...] = (
    Rule("not_registered", "Registered or approved", REGISTRATION, False, not_registered),
    Rule("under_16_supported", "Old enough for this kind of home", UNDER_16, False, under_age_in_supported),
    Rule("suspended", "Placements not suspended", POLICY, False, placements_suspended),
    Rule("concern", "No concern that holds placements", POLICY, False, concern_held),
    Rule("unsafe_place", "Outside unsafe areas", SAFETY, False, inside_unsafe_place),
    Rule("age_registration", "Age within registration", CONDITIONS, False, age_outside_registration),
    Rule("age_approval", "Age within the carer's terms", APPROVAL, True, age_outside_approval),
    Rule("sex_registration", "Sex within registration", CONDITIONS, False, sex_outside_registration),
    Rule("sex_approval", "Sex within the carer's terms", APPROVAL, True, sex_outside_approval),
    Rule("fostering_limit", "Within the fostering limit", SCHEDULE_7, False, fostering_limit),
    Rule("no_place", "A free place for each child", POLICY, True, no_free_place),
    Rule("kind_unsuitable", "A suitable kind of home", WISHES, True, kind_unsuitable),
    Rule("others_there", "No other children", WISHES, True, others_there),
    Rule("younger_there", "Only older children there", WISHES, True, younger_there),
    Rule("older_there", "Only younger children there", WISHES, True, older_there),
    Rule("pets_there", "No pets", WISHES, True, pets_there),
    Rule("no_pets_there", "Has pets", WISHES, True, no_pets_there),
    Rule("adaptation_missing", "Has the adaptations", WISHES, True, adaptation_missing),
    Rule("essential_missing", "Meets the essential criteria", WISHES, True, essential_missing),
    Rule("above_ceiling", "Within the ceiling price", POLICY, True, above_ceiling),
)
RULES_BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


def exclusions(
    referral: Referral,
    option: Option,
    rules: MatchingRules | None = None,
    waived: frozenset[str] = frozenset(),
) -> list[Problem]:
    """Every reason why a home may not be asked; empty when it may.

    `waived` holds rule codes that a broker has widened with a recorded reason. Waiving a rule that may not
    be waived changes nothing: the law and safety stand.
    """
    in_force = rules or published_rules()
    problems = []
    for rule in RULES:
        if rule.may_waive and rule.code in waived:
            continue
        if sentence := rule.reason(referral, option, in_force):
            problems.append(Problem(rule.code, sentence))
    return problems


def waiver_problems(codes: Iterable[str]) -> list[Problem]:
    """Why some of these codes may not be waived; empty when all may."""
    problems = []
    for code in sorted(set(codes)):
        rule = RULES_BY_CODE.get(code)
        if rule is None:
            problems.append(Problem("unknown_rule", f"There is no rule called {code}.", "waived"))
        elif not rule.may_waive:
            sentence = f"“{rule.name}” cannot be set aside: {rule.source}."
            problems.append(Problem("not_waivable", sentence, "waived"))
    return problems


COARSE = frozenset({Precision.CONSTITUENCY_CENTRE, Precision.AUTHORITY_CENTRE})
"""Precisions too coarse to tell whether a home lies inside an unsafe radius."""


def unchecked(referral: Referral, option: Option) -> list[Problem]:
    """Hard rules that could not be checked because something about the home is not known: ask before placing.

    Each problem carries the code of the rule.
    """
    questions = {
        "unsafe_place": bool(referral.unsafe_places)
        and (option.located is None or option.located.precision in COARSE),
        "pets_there": referral.pets == Pets.NO and option.has_pets is None,
        "no_pets_there": referral.pets == Pets.MUST and option.has_pets is None,
        "adaptation_missing": bool(referral.adaptations) and option.adaptations is None,
        "essential_missing": bool(referral.essential - option.features - option.lacks),
    }
    return [
        Problem(code, f"Not known: {RULES_BY_CODE[code].name.lower()}. Ask the home before placing.")
        for code, is_unknown in questions.items()
        if is_unknown
    ]


def split_eligible(
    referral: Referral,
    options: Iterable[Option],
    rules: MatchingRules | None = None,
    waived: frozenset[str] = frozenset(),
) -> tuple[list[Option], list[Excluded]]:
    """The homes that may be asked, and those left out with every reason, both in the order given."""
    eligible: list[Option] = []
    excluded: list[Excluded] = []
    for option in options:
        problems = exclusions(referral, option, rules, waived)
        if problems:
            excluded.append(Excluded(option, tuple(problems)))
        else:
            eligible.append(option)
    return eligible, excluded
