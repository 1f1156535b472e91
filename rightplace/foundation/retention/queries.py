"""Questions about keeping and destroying: the actor first, each authority its own."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.retention.holds import standing
from rightplace.foundation.retention.models import (
    DestructionItem,
    DestructionList,
    RecordHold,
    Redaction,
    SubjectRequest,
)
from rightplace.foundation.retention.registry import tables
from rightplace.foundation.retention.rules import Rule, TableKept, rules_on, tables_kept
from rightplace.foundation.retention.subject.finding import called
from rightplace.foundation.safeguards.models import Restriction
from rightplace.foundation.safeguards.queries import hidden_children

OPEN_LISTS = ("proposed", "half_agreed", "agreed", "stopped")
OPEN_REQUESTS = ("gathering", "paused", "in_review", "reviewed", "building", "ready")


def destruction_lists(actor: Actor) -> QuerySet[DestructionList]:
    """The authority's lists, the newest first, with how many records each has and how many were destroyed."""
    rows = DestructionList.objects.filter(authority_id=actor.authority_id).select_related(
        "first_by", "second_by"
    )
    destroyed = Count("items", filter=Q(items__state="destroyed"))
    return rows.annotate(records=Count("items"), destroyed=destroyed).order_by("-made_at", "-id")


def open_list(actor: Actor) -> DestructionList | None:
    """The list that is open, if there is one."""
    return destruction_lists(actor).filter(state__in=OPEN_LISTS).first()


def waits_for_my_word(actor: Actor) -> QuerySet[DestructionList]:
    """Lists that this actor may agree to or refuse: those that the same person has not agreed to already."""
    rows = destruction_lists(actor).filter(state__in=["proposed", "half_agreed"])
    return rows.exclude(first_by_id=actor.user_id)


def items_of(row: DestructionList, *, state: str = "") -> QuerySet[DestructionItem]:
    """The records of a list, as they were listed."""
    rows = DestructionItem.objects.filter(list=row).annotate(called=called()).order_by("due_on", "id")
    return rows.filter(state=state) if state else rows


def rows_destroyed(row: DestructionList) -> int:
    """How many rows of the database went."""
    return row.items.aggregate(total=Sum("rows"))["total"] or 0


def certificate_of(actor: Actor, list_id: int) -> StoredFile | None:
    """The certificate of a list of the authority."""
    row = (
        DestructionList.objects.filter(pk=list_id, authority_id=actor.authority_id)
        .select_related("certificate")
        .first()
    )
    return row.certificate if row else None


def record_holds(actor: Actor) -> QuerySet[RecordHold]:
    """Every hold of the authority, those that stand first."""
    rows = RecordHold.objects.filter(authority_id=actor.authority_id).select_related("placed_by", "lifted_by")
    return rows.order_by("lifted_at", "-placed_at", "-id")


def holds_standing(actor: Actor, *, on: date) -> QuerySet[RecordHold]:
    """The holds that stand on a day."""
    return standing(actor.authority_id, on=on)


def data_requests(actor: Actor) -> QuerySet[SubjectRequest]:
    """The authority's requests for one's own data, the most urgent first."""
    rows = SubjectRequest.objects.filter(authority_id=actor.authority_id)
    rows = rows.select_related("made_by", "reviewed_by", "released_by")
    return rows.annotate(
        called=called(),
        tables=Count("parts", distinct=True), tables_read=Count("parts", distinct=True, filter=Q(parts__is_done=True))
    ).order_by("closed_at", "due_on", "id")  # fmt: skip


def open_data_requests(actor: Actor) -> QuerySet[SubjectRequest]:
    """Those that are not answered yet."""
    return data_requests(actor).filter(state__in=OPEN_REQUESTS)


def rows_gathered(row: SubjectRequest) -> int:
    """How many rows have been found so far."""
    return row.parts.aggregate(total=Sum("rows"))["total"] or 0


def may_read_words(actor: Actor, row: SubjectRequest) -> bool:
    """Whether this actor may read the words of a request: not those out of a restricted case, nor those that speak of a
    child of one, unless named for it."""
    return not hidden_children(actor).filter(child_id__in=children_spoken_of(row)).exists()


def children_spoken_of(row: SubjectRequest) -> set[int]:
    """The child whose record it is, and every other child of whom it may speak."""
    own = {row.subject_id} if row.subject_kind == "child" else set()
    return own | set(row.mentions.values_list("child_id", flat=True))


def restricted_spoken_of(row: SubjectRequest, moment: datetime) -> list[int]:
    """The other children of whom a record may speak and whose case is restricted: reading its words is a look into theirs."""
    rows = Restriction.objects.filter(authority_id=row.authority_id, period__contains=moment)
    others = row.mentions.values("child_id")
    return sorted(rows.filter(child_id__in=others).values_list("child_id", flat=True))


def to_judge(row: SubjectRequest, *, is_open: bool) -> QuerySet[Redaction]:
    """Words and files of a request that wait for a verdict, or have one."""
    rows = row.redactions.select_related("judged_by").order_by("kind", "-times", "text")
    return rows.filter(verdict="") if is_open else rows.exclude(verdict="")


def bundle_of(actor: Actor, request_id: int) -> StoredFile | None:
    """The bundle of a request of the authority that is ready."""
    rows = SubjectRequest.objects.filter(pk=request_id, authority_id=actor.authority_id, state="ready")
    row = rows.select_related("bundle").first()
    return row.bundle if row and may_read_words(actor, row) else None


def record_of_processing(on: date) -> list[tuple[str, list[Rule], list[TableKept]]]:
    """Every kind of record with its rules in force and its tables, as article 30 of the UK GDPR wants it."""
    there = {model._meta.label for model in tables()}
    kinds: dict[str, list[Rule]] = {}
    for rule in rules_on(on):
        kinds.setdefault(rule.kind, []).append(rule)
    return [
        (
            kind,
            lines,
            [table for table in tables_kept().values() if table.kind == kind and table.label in there],
        )
        for kind, lines in kinds.items()
    ]
