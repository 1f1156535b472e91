"""Keeping and destroying in the demo: old records past their time, a hold, a request for one's own data, corrections."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.retention import destroying, holds
from rightplace.foundation.retention.subject import actions as data_requests
from rightplace.foundation.retention.subject.job import carry_on_requests
from rightplace.journey.placements.models import Placement
from rightplace.register.children.actions import Asking, correct_fact, refuse_correction
from rightplace.register.children.models import Child, LegalStatus

# Invented children of long ago, whose records are past their time: name, last name, sex, born.
LONG_AGO = (
    ("Dorothea", "Pettifer", "F", date(1944, 3, 9)),
    ("Wilfred", "Ashdown", "M", date(1946, 8, 21)),
    ("Rosalind", "Tubbs", "F", date(1949, 1, 30)),
    ("Cedric", "Marchbanks", "M", date(1950, 6, 2)),
)
REVIEWED_AT_ONCE = 5


def keep_records(office: Office) -> None:
    """A little of everything, through the real verbs; only the old records themselves are written as books are."""
    now, authority_id = office.now, office.authority_id
    officer = office.cast.of(authority_id, roles.INFORMATION_OFFICER)
    old = _write_old_records(authority_id)
    hold = holds.NewHold(
        "inquiry", "A public inquiry has asked for the records of this home.", "child", old[0].pk
    )
    holds.place_hold(by=officer, now=now, hold=hold).done()
    destroying.propose_destruction(
        by=system_actor(authority_id=authority_id), now=now, authority_id=authority_id
    ).done()
    _correct(office, now)
    _ask_for_data(office, now)


def _write_old_records(authority_id: int) -> list[Child]:
    made = []
    for number, (first, last, sex, born) in enumerate(LONG_AGO, 1):
        child = Child.objects.create(
            authority_id=authority_id, local_number=f"OLD-{number:03d}", first_name=first, last_name=last, sex=sex,
            born_on=born, is_synthetic=True,
        )  # fmt: skip
        lived = DateRange(date(born.year + 5, 1, 10), date(born.year + 16, 6, 1))
        LegalStatus.objects.create(authority_id=authority_id, child=child, code="C2", period=lived)
        Placement.objects.create(
            authority_id=authority_id, child=child, state="ended", period=lived, place_code="K2", provider_code="PR1",
            source="book",
        )  # fmt: skip
        made.append(child)
    return made


def _in_care(office: Office) -> list[Child]:
    rows = Child.objects.filter(authority_id=office.authority_id, asked_in__request__state="placed")
    return list(rows.order_by("pk").distinct()[:2])


def _correct(office: Office, now: datetime) -> None:
    manager = office.cast.of(office.authority_id, roles.TEAM_MANAGER)
    for child in _in_care(office)[:1]:
        who: dict[str, Any] = {"by": manager, "now": now, "child_id": child.pk}
        mended = correct_fact(
            **who, version=child.version, field="language", value="Portuguese",
            asking=Asking("The child’s mother", "She told the social worker at the review; the school has it so too."),
        )  # fmt: skip
        child.refresh_from_db()
        asking = Asking("The child’s father", "He says that she was born a day later.")
        reason = "The birth certificate says what is recorded."
        words = "I was there, and it was after midnight."
        refuse_correction(
            **who, version=child.version, field="born_on", asking=asking, reason=reason, statement=words
        ).done()
        mended.done()


def _ask_for_data(office: Office, now: datetime) -> None:
    """One request in review, one that has only come in."""
    officer = office.cast.of(office.authority_id, roles.INFORMATION_OFFICER)
    for days, child in zip((12, 1), _in_care(office), strict=False):
        asked = data_requests.Asked(
            "child", child.pk, "A solicitor for the child, with a letter of authority", "Letter and identity card seen",
            timezone.localdate(now - timedelta(days=days)),
        )  # fmt: skip
        data_requests.ask_for_data(by=officer, now=now, asked=asked).done()
        if days == 12:
            carry_on_requests(now, seconds=REVIEWED_AT_ONCE)
