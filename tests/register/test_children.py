"""The book of children: added and put right by people, one legal status at a time, nothing without who and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rightplace.core.problems import Problem
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.retention.models import SealKey
from rightplace.foundation.retention.sealing import unseal
from rightplace.register.children import actions
from rightplace.register.children.models import Child, Correction, LegalStatus
from tests import make
from tests.cast import NOW, Cast

FACTS = {
    "first_name": "Nia",
    "last_name": "Okafor",
    "born_on": date(2014, 3, 27),
    "sex": "F",
    "local_number": "2001",
}
ASKING = actions.Asking("Her mother", "The birth certificate")


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in problems]


def who(cast: Cast, child: Child) -> dict[str, Any]:
    child.refresh_from_db()
    return {"by": cast.sadia, "now": NOW, "child_id": child.pk, "version": child.version}


def test_a_child_is_added_with_one_entry_that_names_nobody(cast: Cast) -> None:
    child = actions.add_child(by=cast.sadia, now=NOW, facts={**FACTS, "home_postcode": "cr04xx"}).done()
    assert (child.home_postcode, child.social_worker_id) == ("CR0 4XX", cast.sadia.user_id)
    entry = AuditEntry.objects.get(verb="add_child")
    assert "Nia" not in f"{entry.words}{entry.details}"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"born_on": date(2027, 1, 1)}, "born_on"),
        ({"born_on": date(1990, 1, 1)}, "born_on"),
        ({"sex": "X"}, "sex"),
        ({"local_number": "1001"}, "local_number"),
        ({"home_postcode": "nowhere"}, "home_postcode"),
        ({"ethnicity": "????"}, "ethnicity"),
        ({"upn": "1"}, "upn"),
        ({"is_synthetic": True}, "is_synthetic"),
    ],
)
def test_what_is_wrong_with_a_new_child_is_said_at_its_field(
    cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    outcome = actions.add_child(by=cast.sadia, now=NOW, facts={**FACTS, **wrong})
    assert [one for _, one in codes(outcome.problems)] == [field]


@pytest.mark.parametrize("person", ["bola", "priya", "fin", "iggy"])
def test_who_keeps_no_children_adds_none(cast: Cast, person: str) -> None:
    assert codes(actions.add_child(by=getattr(cast, person), now=NOW, facts=FACTS).problems) == [
        ("not_yours", "")
    ]


def test_one_legal_status_at_a_time(cast: Cast) -> None:
    start = {"code": "V2", "starts_on": date(2026, 10, 1)}
    assert codes(actions.add_legal_status(**who(cast, cast.amber), **start).problems) == [
        ("overlaps", "starts_on")
    ]
    held = LegalStatus.objects.get(child=cast.amber)
    actions.end_legal_status(**who(cast, cast.amber), status_id=held.pk, ends_on=date(2026, 10, 1)).done()
    actions.add_legal_status(**who(cast, cast.amber), **start).done()
    assert list(
        LegalStatus.objects.filter(child=cast.amber).order_by("period").values_list("code", flat=True)
    ) == ["C2", "V2"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "ZZ", "starts_on": date(2026, 10, 1)}, "code"),
        ({"code": "V2", "starts_on": date(2027, 10, 1)}, "starts_on"),
        ({"code": "V2", "starts_on": date(2001, 10, 1)}, "starts_on"),
        ({"code": "V2", "starts_on": date(2024, 5, 1), "ends_on": date(2024, 5, 1)}, "ends_on"),
    ],
)
def test_a_legal_status_that_cannot_be_is_refused(cast: Cast, given: dict[str, Any], field: str) -> None:
    outcome = actions.add_legal_status(**who(cast, cast.amber), **given)
    assert [one for _, one in codes(outcome.problems)] == [field]


def test_a_fact_is_put_right_with_before_and_after_sealed_in_the_trail(cast: Cast) -> None:
    actions.correct_fact(**who(cast, cast.amber), field="last_name", value="Fairwether", asking=ASKING).done()
    cast.amber.refresh_from_db()
    assert cast.amber.last_name == "Fairwether"
    entry = AuditEntry.objects.get(verb="correct_fact")
    assert "Fairw" not in f"{entry.words}{entry.details}"
    sealed = unseal(entry.details["sealed"], child_id=cast.amber.pk)
    assert sealed == {"before": "Fairweather", "after": "Fairwether", "asked_by": "Her mother"}
    SealKey.objects.all().delete()
    assert unseal(entry.details["sealed"], child_id=cast.amber.pk) is None


def test_a_correction_needs_who_asked_what_shows_it_and_a_change(cast: Cast) -> None:
    empty = actions.Asking(" ", "")
    outcome = actions.correct_fact(**who(cast, cast.amber), field="faith", value="Sikh", asking=empty)
    assert codes(outcome.problems) == [("missing", "asked_by"), ("missing", "evidence")]
    same = actions.correct_fact(**who(cast, cast.amber), field="language", value="English", asking=ASKING)
    assert codes(same.problems) == [("no_change", "language")]
    other = actions.correct_fact(**who(cast, cast.amber), field="authority_id", value="2", asking=ASKING)
    assert codes(other.problems) == [("not_valid", "authority_id")]


def test_a_stale_correction_overwrites_nothing(cast: Cast) -> None:
    seen = who(cast, cast.amber)
    actions.correct_fact(**seen, field="faith", value="Sikh", asking=ASKING).done()
    assert codes(actions.correct_fact(**seen, field="faith", value="Hindu", asking=ASKING).problems) == [
        ("stale", "")
    ]


def test_a_refused_correction_says_why_and_their_statement_stands(cast: Cast) -> None:
    about = {"field": "born_on", "asking": ASKING}
    assert codes(actions.refuse_correction(**who(cast, cast.amber), **about, reason="").problems) == [
        ("no_reason", "reason")
    ]
    actions.refuse_correction(
        **who(cast, cast.amber), **about, reason="The register says so.", statement="I was there."
    ).done()
    row = Correction.objects.get()
    assert (row.is_made, row.reason, row.statement) == (False, "The register says so.", "I was there.")
    assert Child.objects.get(pk=cast.amber.pk).born_on == date(2012, 5, 4)


def test_providers_who_were_shown_the_wrong_fact_are_told_and_others_are_not(cast: Cast) -> None:
    make.market_open(cast)
    Notice.objects.all().delete()
    actions.correct_fact(**who(cast, cast.amber), field="first_name", value="Ambra", asking=ASKING).done()
    assert not Notice.objects.filter(provider__isnull=False).exists()
    actions.correct_fact(**who(cast, cast.amber), field="language", value="Welsh", asking=ASKING).done()
    told = list(Notice.objects.filter(provider__isnull=False).values_list("words", flat=True))
    assert told and all(
        "the language that you were shown was wrong" in words and "Welsh" not in words for words in told
    )


def test_a_child_of_another_authority_is_not_there(cast: Cast) -> None:
    outcome = actions.correct_fact(
        by=cast.sadia, now=NOW, child_id=cast.lena.pk, version=1, field="faith", value="Sikh", asking=ASKING
    )
    assert codes(outcome.problems) == [("missing", "")]
