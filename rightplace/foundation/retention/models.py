"""Tables of keeping and destroying: holds, destruction lists with their records, keys that seal, requests for one's own data.

Records are named here by kind and number, never by a person's name: these rows outlive what they speak of.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.retention.states import DESTRUCTION, SUBJECT_REQUEST
from rightplace.foundation.tenancy import Tenancy

HOLD_KINDS = {
    "inquiry": "A public inquiry",
    "litigation": "A claim or court case",
    "subject_request": "A request for one's own data",
    "other": "Another reason",
}
SUBJECTS = {
    "child": "Child",
    "household": "Foster carer's household",
    "applicant": "Applicant to foster",
    "contract": "Contract",
    "user": "Member of staff",
}


class RecordHold(models.Model):
    """Nothing that it covers is destroyed while it stands: one record, or (no subject) every record of the authority."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=12, blank=True)
    subject_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=500)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="record_hold_kind_is_known", condition=Q(kind__in=sorted(HOLD_KINDS))
            ),
            models.CheckConstraint(
                name="a_hold_covers_one_record_or_all",
                condition=Q(subject_kind="", subject_id__isnull=True)
                | (Q(subject_kind__in=sorted(SUBJECTS)) & Q(subject_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_lifted_hold_says_by_whom",
                condition=Q(lifted_at__isnull=True) | (Q(lifted_by__isnull=False) & ~Q(lift_reason="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "subject_kind", "subject_id"], name="holds_on_a_record")
        ]

    def __str__(self) -> str:
        return f"{self.kind} hold {self.pk}"


class DestructionList(models.Model):
    """Records whose time is over, for two persons to agree to; carried out in batches; at its end a certificate."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    state = models.CharField(max_length=20, default=DESTRUCTION.initial)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    first_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    refuse_reason = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)
    certificate = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="destruction_state_is_known", condition=Q(state__in=sorted(DESTRUCTION.states))
            ),
            models.CheckConstraint(
                name="two_persons_agree_to_destruction",
                condition=~Q(state__in=["agreed", "stopped", "done"])
                | (Q(first_by__isnull=False) & Q(second_by__isnull=False) & ~Q(first_by=F("second_by"))),
            ),
            models.UniqueConstraint(
                fields=["authority"],
                name="one_open_destruction_list",
                condition=Q(state__in=["proposed", "half_agreed", "agreed", "stopped"]),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this list."""
        return f"D-{self.pk:06d}"


ITEM_STATES = {
    "listed": "Listed",
    "kept": "Kept",
    "held": "Held back",
    "destroyed": "Destroyed",
    "stuck": "Could not be destroyed",
}


class DestructionItem(models.Model):
    """One record of a list: its kind and number, the rule that ended it, and what became of it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    list = models.ForeignKey(DestructionList, models.PROTECT, related_name="items")
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    due_on = models.DateField()
    state = models.CharField(max_length=12, default="listed")
    reason = models.CharField(max_length=500, blank=True)
    tables = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "subject_kind", "subject_id"], name="a_record_once_in_a_list"),
            models.CheckConstraint(name="destruction_item_state_is_known", condition=Q(state__in=sorted(ITEM_STATES))),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["list", "state", "id"], name="items_of_a_list")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


class SealKey(models.Model):
    """The key under which the audit trail keeps what names a child; destroyed with the record, and the trail stays whole."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child_id = models.BigIntegerField(unique=True)
    key = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"key of child {self.child_id}"


class SubjectRequest(models.Model):
    """Somebody asks for what is held about them: gathered by the worker, reviewed, released by a second person."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    # The bundle holds the words: it is hidden with the case of every child of whom it speaks.
    hides_files: ClassVar = (
        "SELECT s.bundle_id AS id, s.subject_id AS child_id FROM retention_subjectrequest s"
        " WHERE s.subject_kind = 'child' AND s.bundle_id IS NOT NULL"
        " UNION ALL SELECT s.bundle_id, m.child_id FROM retention_subjectrequest s"
        " JOIN retention_subjectmention m ON m.request_id = s.id WHERE s.bundle_id IS NOT NULL"
    )

    authority = models.ForeignKey(Authority, models.PROTECT)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=200)
    identity_words = models.CharField(max_length=300)
    received_on = models.DateField()
    due_on = models.DateField()
    extended_reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=20, default=SUBJECT_REQUEST.initial)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    refuse_reason = models.CharField(max_length=500, blank=True)
    bundle = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    hold = models.ForeignKey(RecordHold, models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="subject_request_state_is_known", condition=Q(state__in=sorted(SUBJECT_REQUEST.states))
            ),
            models.CheckConstraint(
                name="a_second_person_releases",
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("reviewed_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on"], name="subject_requests_by_time")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this request."""
        return f"SAR-{self.pk:06d}"


class SubjectMention(models.Model):
    """Another child of whom the record of a request may speak, by number: one who stands near, or is named in its words.

    Where that child's case is restricted, only who is named for it reads, reviews and releases the words.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(SubjectRequest, models.CASCADE, related_name="mentions")
    child_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "child_id"], name="a_child_once_in_a_subject_request")
        ]

    def __str__(self) -> str:
        return f"child {self.child_id} in request {self.request_id}"


class SubjectPart(models.Model):
    """One table of a request: how far it has been read, and the hash of what was read, so that nothing unseen leaves."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(SubjectRequest, models.CASCADE, related_name="parts")
    table = models.CharField(max_length=80)
    last_id = models.BigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    is_done = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "table"], name="a_table_once_in_a_subject_request")
        ]

    def __str__(self) -> str:
        return self.table


class Redaction(models.Model):
    """A stretch of words about somebody else (or a whole file): hidden unless the review says that it may be shown."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    # Words out of a restricted case are for those named for it, and so are words of other records that speak of it; that
    # there is a request, and until when, is for the officer.
    children_in: ClassVar = (
        "(SELECT r.id AS redaction_id, s.subject_id AS child_id FROM retention_redaction r"
        " JOIN retention_subjectrequest s ON s.id = r.request_id WHERE s.subject_kind = 'child'"
        " UNION ALL SELECT r.id, m.child_id FROM retention_redaction r"
        " JOIN retention_subjectmention m ON m.request_id = r.request_id) words",
        "redaction_id",
    )

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(SubjectRequest, models.CASCADE, related_name="redactions")
    # "words": every place where these words stand; "file": a stored file that only a person can read.
    kind = models.CharField(max_length=5, default="words")
    text = models.CharField(max_length=300)
    file_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=120)
    times = models.PositiveIntegerField(default=1)
    contexts = models.JSONField(default=list)
    verdict = models.CharField(max_length=6, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "kind", "text"], name="words_once_in_a_subject_request"
            ),
            models.CheckConstraint(
                name="redaction_verdict_is_known", condition=Q(verdict__in=["", "hide", "show"])
            ),
            models.CheckConstraint(
                name="a_verdict_says_whose", condition=Q(verdict="") | Q(judged_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of request {self.request_id}"
