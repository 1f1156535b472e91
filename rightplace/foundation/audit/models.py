"""The audit trail: one chain of entries per authority, each carrying the hash of the one before.

The chain is made and guarded by the database (see the migration `0002_chain`): numbers and hashes are filled in by a
trigger, and update, delete and truncate are refused to everyone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rightplace.foundation.tenancy import Tenancy


class AuditEntry(models.Model):
    """One thing done, or one look into a child's file, in words."""

    tenancy: ClassVar = Tenancy.TRAIL
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    # 0 is the platform's own chain. A plain number, so that the trail outlives whatever it speaks of.
    authority_id = models.BigIntegerField(default=0)
    provider_id = models.BigIntegerField(null=True)
    number = models.BigIntegerField(editable=False, default=0)
    at = models.DateTimeField()
    is_look = models.BooleanField(default=False)
    verb = models.CharField(max_length=60)
    words = models.CharField(max_length=500)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=30)
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    child_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    previous_hash = models.BinaryField(max_length=32, editable=False, default=b"")
    hash = models.BinaryField(max_length=32, editable=False, default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority_id", "number"], name="audit_numbers_have_no_twin")
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id"], name="audit_of_a_subject"),
            models.Index(
                fields=["authority_id", "child_id"],
                name="audit_of_a_child",
                condition=models.Q(child_id__isnull=False),
            ),
            models.Index(fields=["authority_id", "-at"], name="audit_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}/{self.number} {self.words}"


class AuditChain(models.Model):
    """The head of each chain: only the database's trigger writes here."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "INSERT, UPDATE, DELETE, TRUNCATE"

    authority_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32, default=b"")

    def __str__(self) -> str:
        return f"chain {self.authority_id} at {self.number}"
