"""Who a child can live with: kept on the child's file, whether or not a home is looked for.

Matching reads it both ways: of the child for whom a home is looked for, and of the children who live in each home already.
Source: Children Act 1989, section 22(3) (welfare of every child looked after), and the Placements Data Standard's words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.matching.vocabulary import RISKS, LivingCompanions, NeedKind, Sex
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.register.children.actions import KEEPERS, NO_CHILD, NOT_YOURS
from rightplace.register.children.models import Child, KeptApart, LivingWith
from rightplace.register.occupancy import NOTHING_KNOWN, Alongside

RISK_CODES = frozenset(risk.value for risk in RISKS)
SEXES = frozenset({Sex.MALE.value, Sex.FEMALE.value})


@dataclass(frozen=True, slots=True)
class LivingGiven:
    """What is kept of who a child can live with; codes of the vocabulary, and why in words."""

    needs: frozenset[str] = frozenset()
    companions: str = LivingCompanions.NO_PREFERENCE.value
    not_with_sexes: frozenset[str] = frozenset()
    not_with_risks: frozenset[str] = frozenset()
    words: str = ""


@action
def keep_living_with(
    *, by: Actor, now: datetime, child_id: int, version: int, given: LivingGiven
) -> Outcome[LivingWith]:
    """Keep the child's needs and risks, and who the child can live with. Refused: what the vocabulary does not know."""
    child = _child(by, child_id)
    if child is None or by.role not in KEEPERS:
        return refuse(NO_CHILD if child is None else NOT_YOURS)
    if problems := _problems(given) or change_row(child, version=version):
        return refuse(problems)
    row, _ = LivingWith.objects.update_or_create(
        child=child,
        defaults={
            "authority_id": child.authority_id, "needs": sorted(given.needs), "companions": given.companions,
            "not_with_sexes": sorted(given.not_with_sexes), "not_with_risks": sorted(given.not_with_risks),
            "words": given.words.strip(), "kept_by_id": by.person_id, "kept_at": now,
        },
    )  # fmt: skip
    _record(by, now, child, "keep_living_with", f"Who child {child.pk} can live with was kept")
    return Outcome(row)


def _problems(given: LivingGiven) -> list[Problem]:
    checks = (
        ("needs", given.needs - frozenset(NeedKind), "Choose needs of the list."),
        ("companions", {given.companions} - frozenset(LivingCompanions), "Choose who the child can live with."),
        ("not_with_sexes", given.not_with_sexes - SEXES, "Choose boys, girls, both or neither."),
        ("not_with_risks", given.not_with_risks - RISK_CODES, "Choose risks of the list."),
    )  # fmt: skip
    found = [Problem("not_valid", words, field) for field, strange, words in checks if strange]
    if len(given.words) > 500:
        found.append(Problem("too_long", "Shorten this to 500 characters.", "words"))
    return found


@action
def keep_apart(
    *, by: Actor, now: datetime, child_id: int, version: int, other_number: str, reason: str
) -> Outcome[KeptApart]:
    """Name a child, by the authority's own number, who is not to live with this one, and why; it holds both ways.

    They are never proposed for one home, and neither is put into the home of the other.
    """
    child = _child(by, child_id)
    if child is None or by.role not in KEEPERS:
        return refuse(NO_CHILD if child is None else NOT_YOURS)
    other = Child.objects.filter(authority_id=by.authority_id, local_number=other_number.strip()).first()
    problems = _apart_problems(child, other, reason)
    if problems or other is None:
        return refuse(problems)
    if problems := change_row(child, version=version):
        return refuse(problems)
    first, second = sorted((child.pk, other.pk))
    try:
        with transaction.atomic():
            row = KeptApart.objects.create(
                authority_id=child.authority_id, child_id=first, other_id=second, reason=reason.strip(),
                starts_on=timezone.localdate(now), named_by_id=by.person_id,
            )  # fmt: skip
    except IntegrityError:
        return refuse(Problem("no_change", "These two children are kept apart already.", "other_number"))
    _record(by, now, child, "keep_apart", f"Child {child.pk} is not to live with child {other.pk}")
    return Outcome(row)


def _apart_problems(child: Child, other: Child | None, reason: str) -> list[Problem]:
    found = []
    if other is None:
        words = "There is no child of your authority with this number."
        found.append(Problem("unknown", words, "other_number"))
    elif other.pk == child.pk:
        found.append(Problem("unknown", "This is the number of the same child.", "other_number"))
    if not reason.strip() or len(reason) > 300:
        found.append(Problem("no_reason", "Say in up to 300 characters why.", "reason"))
    return found


@action
def end_apart(*, by: Actor, now: datetime, child_id: int, version: int, apart_id: int) -> Outcome[KeptApart]:
    """Two children may live together again; that they were kept apart stays on record."""
    child = _child(by, child_id)
    row = apart_of(by, child_id).filter(pk=apart_id).first()
    if child is None or row is None or by.role not in KEEPERS:
        return refuse(NO_CHILD if child is None or row is None else NOT_YOURS)
    if row.ends_on is not None:
        return refuse(Problem("wrong_state", "They are not kept apart any more."))
    if problems := change_row(child, version=version):
        return refuse(problems)
    row.ends_on, row.ended_by_id = timezone.localdate(now), by.person_id
    row.save(update_fields=["ends_on", "ended_by"])
    _record(
        by, now, child, "end_apart", f"Child {row.child_id} and child {row.other_id} may live together again"
    )
    return Outcome(row)


def apart_of(actor: Actor, child_id: int) -> QuerySet[KeptApart]:
    """Who a child is, or was, kept apart from, the last named first."""
    rows = KeptApart.objects.filter(
        Q(child_id=child_id) | Q(other_id=child_id), authority_id=actor.authority_id
    )
    return rows.select_related("child", "other", "named_by").order_by("-starts_on", "-id")


def living_with_of(actor: Actor, child_id: int) -> LivingWith | None:
    """What is kept of who a child can live with; None where nothing is."""
    rows = LivingWith.objects.filter(child_id=child_id, authority_id=actor.authority_id)
    return rows.select_related("kept_by").first()


def alongside_of(
    authority_id: int,
    on: date,
    child_ids: Collection[int] | None = None,
    brought: Mapping[int, frozenset[str]] | None = None,
) -> dict[int, Alongside]:
    """What matching reads of children (all of an authority, or these), by their number: two reads, however many.

    `brought` are needs known from elsewhere (the child's requests): the risks among them count too.
    """
    more = brought or {}
    apart = _apart_by_child(authority_id, on, child_ids)
    rows = LivingWith.objects.filter(authority_id=authority_id)
    if child_ids is not None:
        rows = rows.filter(child_id__in=child_ids)
    columns = rows.values_list("child_id", "companions", "needs", "not_with_risks", "not_with_sexes")
    kept = {
        key: Alongside(companions, _risks(needs, more.get(key)), frozenset(risks), frozenset(sexes), apart.get(key, frozenset()))
        for key, companions, needs, risks, sexes in columns
    }  # fmt: skip
    rest = (apart.keys() | more.keys()) - kept.keys()
    others = {
        key: Alongside(risks=_risks((), more.get(key)), apart_from=apart.get(key, frozenset()))
        for key in rest
    }
    return {**kept, **{key: one for key, one in others.items() if one != NOTHING_KNOWN}}


def kept_with(child: Child, on: date) -> Alongside:
    """The same of one child whose `living_with`, `kept_apart_from` and `kept_apart_by` were read with it."""
    row = getattr(child, "living_with", None)
    pairs = [*child.kept_apart_from.all(), *child.kept_apart_by.all()]
    apart = frozenset(
        str(one.other_id if one.child_id == child.pk else one.child_id)
        for one in pairs
        if one.ends_on is None or one.ends_on > on
    )
    if row is None:
        return Alongside(apart_from=apart)
    kept = frozenset(row.not_with_risks), frozenset(row.not_with_sexes)
    return Alongside(row.companions, _risks(row.needs, None), *kept, apart)


def _risks(needs: Iterable[str], more: frozenset[str] | None) -> frozenset[str]:
    return RISK_CODES & (frozenset(needs) | (more or frozenset()))


def _apart_by_child(
    authority_id: int, on: date, child_ids: Collection[int] | None
) -> dict[int, frozenset[str]]:
    rows = KeptApart.objects.filter(authority_id=authority_id).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    )
    if child_ids is not None:
        rows = rows.filter(Q(child_id__in=child_ids) | Q(other_id__in=child_ids))
    found: dict[int, set[str]] = defaultdict(set)
    for child, other in rows.values_list("child_id", "other_id"):
        found[child].add(str(other))
        found[other].add(str(child))
    return {key: frozenset(others) for key, others in found.items()}


def _child(by: Actor, child_id: int) -> Child | None:
    return Child.objects.filter(pk=child_id, authority_id=by.authority_id).first()


def _record(by: Actor, now: datetime, child: Child, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="child", subject_id=child.pk, authority_id=child.authority_id,
        child_id=child.pk, details={"version": child.version},
    )  # fmt: skip
