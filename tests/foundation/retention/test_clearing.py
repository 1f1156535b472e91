"""What is kept for days only: uploads that nobody confirmed go, files that a record refers to stay."""

from __future__ import annotations

from datetime import timedelta

from rightplace.foundation.access.models import Submission
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.retention.clearing import clear_what_is_old
from tests import make
from tests.cast import NOW, Cast


def test_uploads_that_nobody_confirmed_go_after_a_week_and_files_of_records_stay(cast: Cast) -> None:
    make.contract_in_force(cast)
    kept = set(StoredFile.objects.values_list("pk", flat=True))
    for days in (6, 9):
        StoredFile.objects.create(
            authority=cast.croydon, name="tracker.xlsx", media_type="application/octet-stream", size=1, sha256="",
            content=b"x", made_at=NOW - timedelta(days=days), made_by="Cora Bell",
        )  # fmt: skip
    StoredFile.objects.filter(pk__in=kept).update(made_at=NOW - timedelta(days=900))
    counts = clear_what_is_old(now=NOW).done()
    left = set(StoredFile.objects.values_list("pk", flat=True))
    assert counts["upload_waiting"] == 1
    assert kept and kept < left and len(left) == len(kept) + 1


def test_keys_of_forms_and_old_notices_go_and_new_ones_stay(cast: Cast) -> None:
    Notice.objects.create(authority=cast.croydon, role="broker", words="Old", at=NOW - timedelta(days=400))
    Notice.objects.create(authority=cast.croydon, role="broker", words="New", at=NOW - timedelta(days=300))
    key = "00000000-0000-4000-8000-000000000000"
    Submission.objects.create(user_id=cast.bola.user_id, key=key, body_sha256=b"")
    clear_what_is_old(now=NOW).done()
    assert list(Notice.objects.values_list("words", flat=True)) == ["New"]
    counts = clear_what_is_old(now=NOW + timedelta(days=4000)).done()
    assert counts["submission"] == 1
