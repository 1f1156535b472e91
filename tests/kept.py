"""For the two-sided world: a hold, a destruction with its certificate, a request for data with its bundle, a legal status."""

from __future__ import annotations

from datetime import date

from rightplace.foundation.retention import destroying, holds
from rightplace.foundation.retention.models import DestructionList
from rightplace.foundation.retention.subject import actions
from rightplace.foundation.retention.subject.job import carry_on_requests
from rightplace.register.children.models import Child, LegalStatus
from tests.cast import NOW, TODAY, Cast


def kept(cast: Cast, child: Child) -> dict[str, int]:
    """Rows of each kind in the authority of this cast, by the real verbs; the number of each."""
    reason = "A claim has been made about this record."
    hold = holds.place_hold(
        by=cast.iggy, now=NOW, hold=holds.NewHold("litigation", reason, "child", child.pk)
    ).done()
    status = LegalStatus.objects.filter(child=child).order_by("pk")[0]
    return {
        "record_hold": hold.pk,
        "legal_status": status.pk,
        "destruction": destroyed(cast).pk,
        "data_request": answered(cast, child).pk,
    }


def destroyed(cast: Cast) -> DestructionList:
    """An invented record of long ago, listed, agreed by two persons and destroyed."""
    old = Child.objects.create(
        authority=cast.croydon, local_number="OLD-1", first_name="Old", last_name="Record", sex="U",
        born_on=date(1940, 1, 1), is_synthetic=True,
    )  # fmt: skip
    LegalStatus.objects.create(
        authority=cast.croydon, child=old, code="C2", period=(date(1945, 1, 1), date(1955, 1, 1))
    )
    row = destroying.propose_destruction(by=cast.iggy, now=NOW, authority_id=cast.croydon.pk).done()
    for person in (cast.iggy, cast.dev):
        row = destroying.agree_destruction(by=person, now=NOW, list_id=row.pk, version=row.version).done()
    destroying.carry_on(NOW)
    row.refresh_from_db()
    return row


def answered(cast: Cast, child: Child) -> actions.SubjectRequest:
    """A request for a child's data, gathered, reviewed, released and ready to hand over."""
    asked = actions.Asked("child", child.pk, "A solicitor", "Letter seen", TODAY)
    row = actions.ask_for_data(by=cast.iggy, now=NOW, asked=asked).done()
    carry_on_requests(NOW)
    row.refresh_from_db()
    who = {"now": NOW, "request_id": row.pk}
    verdicts = dict.fromkeys(row.redactions.values_list("pk", flat=True), "hide")
    row = actions.judge_words(by=cast.iggy, version=row.version, verdicts=verdicts, **who).done()
    row = actions.finish_review(by=cast.iggy, version=row.version, **who).done()
    actions.release_bundle(by=cast.dev, version=row.version, **who).done()
    carry_on_requests(NOW)
    row.refresh_from_db()
    return row
