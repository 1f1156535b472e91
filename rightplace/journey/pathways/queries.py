"""Questions about what is known of services: what holds on a day, who stands on which step, what a week comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rightplace.core.services.items import weeks_from, whole_of
from rightplace.core.services.kinds import KindTerms
from rightplace.core.services.milestones import milestone_rules
from rightplace.core.services.particulars import OnStep, ParticularRule, on_steps, particular_rules
from rightplace.foundation.access.actor import Actor
from rightplace.journey.packages.models import Milestone, Package, PackageOffer
from rightplace.journey.packages.queries import age_when_needed, figures_by_kind, packages
from rightplace.journey.pathways.models import Extension, Particular
from rightplace.register.services.queries import kinds

# A particular of this name counts as transport; everything that is paid towards a service counts as paid by others.
TRANSPORT = "Transport"


def held_particulars(package_id: int, on: date) -> dict[str, Particular]:
    """What is known of one service on a day, by the words of each particular."""
    rows = Particular.objects.filter(package_id=package_id, said_on__lte=on).select_related("by")
    return {one.words: one for one in rows.order_by("said_on", "id")}


def particulars_over_time(package_id: int) -> list[Particular]:
    """Everything that was ever kept of it, the latest first."""
    rows = Particular.objects.filter(package_id=package_id).select_related("by")
    return list(rows.order_by("-said_on", "-id"))


def extensions_of(package_id: int) -> list[Extension]:
    """The milestones of a service that were put off, the latest first."""
    rows = Extension.objects.filter(milestone__package_id=package_id).select_related("milestone", "by")
    return list(rows.order_by("-id"))


def added_weekly(package_ids: Iterable[int], on: date) -> dict[int, int]:
    """What particulars add to a week of each service, below zero where others pay; one question however many services."""
    rows = Particular.objects.filter(package_id__in=list(package_ids), said_on__lte=on)
    latest = rows.order_by("package_id", "words", "-said_on", "-id").distinct("package_id", "words")
    found: dict[int, int] = {}
    for key, pence in latest.values_list("package_id", "weekly_pence"):
        found[key] = found.get(key, 0) + pence
    return found


def transport_and_others(package_ids: Iterable[int], on: date) -> list[tuple[int, int, int]]:
    """Of each service: pence a week of transport on top, and pence a week that others pay towards it."""
    rows = Particular.objects.filter(package_id__in=list(package_ids), said_on__lte=on)
    latest = rows.order_by("package_id", "words", "-said_on", "-id").distinct("package_id", "words")
    return [
        (key, pence if words == TRANSPORT else 0, max(-pence, 0))
        for key, words, pence in latest.values_list("package_id", "words", "weekly_pence")
    ]


def may_be_put_off(kind: KindTerms, due: Milestone) -> bool:
    """Whether the kind lets this milestone be put off."""
    return any(rule.words == due.words and rule.weeks_longer for rule in milestone_rules(kind.clocks)[0])


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a kind with who stands on each."""

    kind: KindTerms
    rule: ParticularRule
    rows: tuple[OnStep, ...]
    not_said: int

    @property
    def number(self) -> int:
        """Everybody on the pathway, also those of whom no step is known."""
        return sum(one.number for one in self.rows) + self.not_said


def steps_by_kind(actor: Actor, today: date) -> list[Steps]:
    """Each kind that has steps, with how many stand on each, the longest, and what they cost a week after contributions."""
    known = kinds(actor.authority_id, today)
    ordered = {code: rule for code, one in known.items() if (rule := _step_rule(one))}
    running = packages(actor, on=today, state="running").filter(kind_code__in=ordered)
    rows = list(running.values_list("pk", "kind_code", "weekly"))  # type: ignore[misc]  # weekly is annotated
    added = added_weekly((key for key, *_ in rows), today)
    standing = _standing({key: ordered[code] for key, code, _ in rows}, today)
    found = []
    for code, rule in ordered.items():
        here = [(key, (weekly or 0) + added.get(key, 0)) for key, kind, weekly in rows if kind == code]
        said = [(*standing[key], pence) for key, pence in here if key in standing]
        found.append(
            Steps(known[code], rule, tuple(on_steps(rule.choices, said, today)), len(here) - len(said))
        )
    return found


def _step_rule(kind: KindTerms) -> ParticularRule | None:
    rules = particular_rules(kind.particulars)[0]
    return next((rule for rule in rules if rule.is_ordered), None)


def _standing(rules: Mapping[int, ParticularRule], today: date) -> dict[int, tuple[str, date]]:
    """On which step each service stands and since when."""
    words = {rule.words for rule in rules.values()}
    rows = Particular.objects.filter(package_id__in=list(rules), words__in=words, said_on__lte=today)
    latest = rows.order_by("package_id", "-said_on", "-id").distinct("package_id")
    return {one.package_id: (one.text, one.said_on) for one in latest}


@dataclass(frozen=True, slots=True)
class SideBySide:
    """An offer beside the others for the same child: of this kind and of the alternatives of its group, at whole cost."""

    package: Package
    kind: str
    offer: PackageOffer
    whole_pence: int
    added_pence: int

    @property
    def total_pence(self) -> int:
        """With transport, rent and the like on top, less what others pay, over the expected stay."""
        return self.whole_pence + self.added_pence


@dataclass(frozen=True, slots=True)
class Alternative:
    """A kind of the same group that is not asked for yet: what it usually comes to here, over the same weeks."""

    kind: KindTerms
    weekly_pence: int
    whole_pence: int


def alternatives(actor: Actor, row: Package, today: date) -> list[Alternative]:
    """Kinds of this service's group for the child's age that nobody asked for, at what those running cost on average."""
    figures = figures_by_kind(actor, today)
    group = next((one.terms.group for one in figures if one.terms.code == row.kind_code), "")
    asked = set(packages(actor, on=today).filter(child_id=row.child_id).values_list("kind_code", flat=True))
    age = age_when_needed(row)
    return [
        Alternative(one.terms, one.average_pence, one.average_pence * row.likely_weeks)
        for one in figures
        if group and one.terms.group == group and one.terms.is_bought and one.terms.takes_age(age)
        and one.terms.code not in asked
    ]  # fmt: skip


def side_by_side(actor: Actor, row: Package, today: date) -> list[SideBySide]:
    """Every open offer to the child of this service's group of kinds, the cheapest whole first."""
    known = kinds(actor.authority_id, today)
    group = known[row.kind_code].group if row.kind_code in known else ""
    codes = [code for code, one in known.items() if one.group == group] if group else [row.kind_code]
    rows = packages(actor, on=today).filter(
        child_id=row.child_id, kind_code__in=codes, state__in=("asked", "chosen")
    )
    beside = list(rows.prefetch_related("offers__service", "offers__items"))
    added = added_weekly((one.pk for one in beside), today)
    found = [
        SideBySide(
            one, known[one.kind_code].name, offer,
            whole_of(offer.as_items(), weeks_from(offer.starts_on, one.likely_weeks)),
            added.get(one.pk, 0) * one.likely_weeks,
        )
        for one in beside
        for offer in one.offers.all()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.total_pence, one.offer.pk))
