"""Destruction: two persons, a hold wins to the last moment, batches stop and go on, the trail stays whole and names nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.problems import Problem
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.queries import check_chains
from rightplace.foundation.retention import destroying, holds
from rightplace.foundation.retention.models import DestructionList, RecordHold
from rightplace.foundation.retention.registry import record_of, unplaced
from rightplace.journey.contracts.models import Contract
from rightplace.register.carers.approving import TermsGiven
from rightplace.register.carers.models import Approval, Household
from rightplace.register.children.models import Child
from rightplace.register.fostering import actions as fostering
from rightplace.register.fostering.models import Applicant, ApplicantStep
from tests.cast import NOW, TODAY, Cast

Lived = Callable[..., Contract]


def proposed(cast: Cast) -> DestructionList:
    return destroying.propose_destruction(by=cast.iggy, now=NOW, authority_id=cast.croydon.pk).done()


def agreed(cast: Cast) -> DestructionList:
    row = proposed(cast)
    for person in (cast.iggy, cast.dev):
        row = destroying.agree_destruction(by=person, now=NOW, list_id=row.pk, version=row.version).done()
    return row


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [one.code for one in problems]


def left_of(child: Child) -> set[str]:
    return {model._meta.label for model in record_of("child", child.pk)}


def test_every_table_says_what_kind_of_record_it_is() -> None:
    """A new table fails here: add its row to foundation/reference/data/retention/tables.csv."""
    assert unplaced() == []


@pytest.mark.usefixtures("db")
def test_a_record_past_its_time_is_listed_and_a_younger_one_is_not(cast: Cast, lived_long_ago: Lived) -> None:
    lived_long_ago(cast.amber)
    assert [(i.subject_kind, i.subject_id, i.kind, i.due_on) for i in proposed(cast).items.all()] == [
        ("child", cast.amber.pk, "looked_after_child", date(2015, 6, 1))
    ]


def test_nothing_due_is_said(cast: Cast) -> None:
    outcome = destroying.propose_destruction(by=cast.iggy, now=NOW, authority_id=cast.croydon.pk)
    assert codes(outcome.problems) == ["nothing_due"]


def test_the_same_person_does_not_agree_twice_and_nothing_goes_by_one(
    cast: Cast, lived_long_ago: Lived
) -> None:
    lived_long_ago(cast.amber)
    row = proposed(cast)
    row = destroying.agree_destruction(by=cast.iggy, now=NOW, list_id=row.pk, version=row.version).done()
    again = destroying.agree_destruction(by=cast.iggy, now=NOW, list_id=row.pk, version=row.version)
    assert codes(again.problems) == ["same_person"]
    assert destroying.carry_on(NOW) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        DestructionList.objects.filter(pk=row.pk).update(state="agreed", second_by=cast.iggy.user_id)
    assert Child.objects.filter(pk=cast.amber.pk).exists()


@pytest.mark.parametrize("who", ["bola", "sadia", "priya", "simon", "cora"])
def test_who_may_not_agree_is_refused(cast: Cast, lived_long_ago: Lived, who: str) -> None:
    lived_long_ago(cast.amber)
    row = proposed(cast)
    outcome = destroying.agree_destruction(
        by=getattr(cast, who), now=NOW, list_id=row.pk, version=row.version
    )
    assert codes(outcome.problems) in (["not_yours"], ["missing"])


def test_a_destroyed_record_is_gone_from_every_table_and_the_trail_is_whole(
    cast: Cast, lived_long_ago: Lived
) -> None:
    lived_long_ago(cast.amber)
    assert {
        "children.Child",
        "requests.Need",
        "placements.Placement",
        "contracts.ContractVersion",
    } <= left_of(cast.amber)
    before = AuditEntry.objects.filter(child_id=cast.amber.pk).count()
    row = agreed(cast)
    destroying.carry_on(NOW)
    row.refresh_from_db()
    assert (row.state, row.items.get().state) == ("done", "destroyed")
    assert left_of(cast.amber) == {"audit.AuditEntry"}
    assert AuditEntry.objects.filter(child_id=cast.amber.pk).count() == before
    assert check_chains().is_whole
    trail = " ".join(f"{e.words} {e.details} {e.actor_name}" for e in AuditEntry.objects.all())
    assert [word for word in ("Amber", "Fairweather") if word in trail] == []


def test_the_certificate_holds_numbers_two_names_and_the_hash_and_no_child(
    cast: Cast, lived_long_ago: Lived
) -> None:
    lived_long_ago(cast.amber)
    row = agreed(cast)
    destroying.carry_on(NOW)
    row.refresh_from_db()
    words = _words_of(bytes(row.certificate.content))
    assert all(
        word in words for word in (f"Child {cast.amber.pk}", "Iggy Novak", "Dev Anand", "Record of a child")
    )
    assert row.certificate_sha256 in "".join(words.split())
    assert "Fairweather" not in words
    entry = AuditEntry.objects.get(verb="finish_destruction")
    assert entry.details["sha256"] == row.certificate_sha256


def _words_of(pdf: bytes) -> str:
    import io

    from pypdf import PdfReader

    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("subject", ["child", "", "authority of another"])
def test_a_hold_placed_after_both_agreed_still_wins(cast: Cast, lived_long_ago: Lived, subject: str) -> None:
    lived_long_ago(cast.amber)
    row = agreed(cast)
    number = cast.amber.pk if subject else None
    hold = holds.NewHold(
        "inquiry", "The inquiry has asked for these records.", "child" if subject else "", number
    )
    if subject == "authority of another":
        assert codes(holds.place_hold(by=cast.simon, now=NOW, hold=hold).problems) == [
            "not_yours",
            "no_record",
        ]
        return
    holds.place_hold(by=cast.iggy, now=NOW, hold=hold).done()
    destroying.carry_on(NOW)
    assert row.items.get().state == "held"
    assert Child.objects.filter(pk=cast.amber.pk).exists()


def test_a_lifted_hold_lets_the_record_be_listed_again(cast: Cast, lived_long_ago: Lived) -> None:
    lived_long_ago(cast.amber)
    new = holds.NewHold("litigation", "A claim has been made.", "child", cast.amber.pk)
    hold = holds.place_hold(by=cast.iggy, now=NOW, hold=new).done()
    refused = destroying.propose_destruction(by=cast.iggy, now=NOW, authority_id=cast.croydon.pk)
    assert codes(refused.problems) == ["nothing_due"]
    holds.lift_hold(
        by=cast.dev, now=NOW, hold_id=hold.pk, version=hold.version, reason="The claim is settled."
    ).done()
    assert proposed(cast).items.count() == 1


def test_a_hold_with_an_end_ends(cast: Cast, lived_long_ago: Lived) -> None:
    lived_long_ago(cast.amber)
    new = holds.NewHold("other", "A complaint.", "child", cast.amber.pk, NOW.date() + timedelta(days=10))
    holds.place_hold(by=cast.iggy, now=NOW, hold=new).done()
    assert holds.holds_on(cast.croydon.pk, "child", cast.amber.pk, on=NOW.date()).count() == 1
    assert (
        holds.holds_on(cast.croydon.pk, "child", cast.amber.pk, on=NOW.date() + timedelta(days=10)).count()
        == 0
    )
    assert RecordHold.objects.get().placed_by_id == cast.iggy.user_id


def test_a_list_stops_between_two_records_and_goes_on(cast: Cast, lived_long_ago: Lived) -> None:
    for child in (cast.amber, cast.jude, cast.kiran):
        Child.objects.filter(pk=child.pk).update(born_on=date(1940, 6, 1))
    row = agreed(cast)
    assert destroying.carry_on(NOW, most=1) == 1
    row.refresh_from_db()
    row = destroying.stop_destruction(by=cast.dev, now=NOW, list_id=row.pk, version=row.version).done()
    assert destroying.carry_on(NOW) == 0
    assert row.items.filter(state="listed").count() == 2
    row = destroying.resume_destruction(by=cast.iggy, now=NOW, list_id=row.pk, version=row.version).done()
    assert destroying.carry_on(NOW) == 2
    row.refresh_from_db()
    assert row.state == "done"
    assert not Child.objects.filter(pk__in=[cast.amber.pk, cast.jude.pk, cast.kiran.pk]).exists()


def test_what_brothers_share_goes_with_the_last_of_them(cast: Cast) -> None:
    from rightplace.journey.requests.models import PlacementRequest, RequestChild
    from tests import make

    request = make.request_draft(cast, children=(cast.jude, cast.kiran))
    PlacementRequest.objects.filter(pk=request.pk).update(state="withdrawn")
    Child.objects.filter(pk=cast.jude.pk).update(born_on=date(1940, 6, 1))
    row = agreed(cast)
    destroying.carry_on(NOW)
    assert row.items.get().state == "destroyed"
    assert list(RequestChild.objects.filter(request=request).values_list("child_id", flat=True)) == [
        cast.kiran.pk
    ]
    assert PlacementRequest.objects.filter(pk=request.pk).exists()


def test_a_record_taken_out_stays_with_its_reason(cast: Cast, lived_long_ago: Lived) -> None:
    lived_long_ago(cast.amber)
    row = proposed(cast)
    item = row.items.get()
    who = {"by": cast.iggy, "now": NOW, "list_id": row.pk, "version": row.version, "item_id": item.pk}
    assert codes(destroying.keep_record(**who, reason=" ").problems) == ["no_reason"]
    row = destroying.keep_record(**who, reason="Her grandchild asks about her.").done()
    for person in (cast.iggy, cast.dev):
        row = destroying.agree_destruction(by=person, now=NOW, list_id=row.pk, version=row.version).done()
    destroying.carry_on(NOW)
    assert Child.objects.filter(pk=cast.amber.pk).exists()


def test_a_fact_put_right_after_both_agreed_keeps_the_record(cast: Cast, lived_long_ago: Lived) -> None:
    lived_long_ago(cast.amber)
    row = agreed(cast)
    Child.objects.filter(pk=cast.amber.pk).update(born_on=date(2012, 5, 4))
    destroying.carry_on(NOW)
    assert row.items.get().state == "held"


def test_a_carers_household_is_emptied_ten_years_after_approval_and_keeps_its_number(cast: Cast) -> None:
    Approval.objects.filter(household=cast.adams).update(period=DateRange(date(2000, 1, 1), date(2016, 1, 1)))
    row = agreed(cast)
    destroying.carry_on(NOW)
    assert row.items.get().subject_id == cast.adams.pk
    left = Household.objects.get(pk=cast.adams.pk)
    assert (left.carers, left.address, left.postcode, left.latitude) == ("", "", "", None)
    assert not Approval.objects.filter(household=left).exists()


def test_what_is_kept_of_a_household_beside_its_terms_goes_with_it_and_a_childs_record_is_not_touched(
    cast: Cast, lived_long_ago: Lived
) -> None:
    row, at = applicant_at_the_panel(cast), date(2005, 1, 1)
    terms = TermsGiven(starts_on=TODAY, places=1, max_age=12)
    approved = fostering.approve_applicant(
        by=cast.dev, now=NOW, applicant_id=row.pk, version=row.version, given=terms, words="Yes."
    ).done()
    Approval.objects.filter(household=approved.household).update(period=DateRange(at, date(2016, 1, 1)))
    assert not {"fostering.Applicant", "fostering.ApplicantStep"} & left_of(cast.amber)
    listed = agreed(cast)
    destroying.carry_on(NOW)
    assert [(i.subject_kind, i.state) for i in listed.items.all()] == [("household", "destroyed")]
    assert not Applicant.objects.filter(pk=row.pk).exists() and not ApplicantStep.objects.exists()


def test_who_asked_to_foster_and_was_never_approved_goes_three_years_after_it_was_closed(cast: Cast) -> None:
    row = applicant_at_the_panel(cast)
    assert codes(destroying.propose_destruction(by=cast.iggy, now=NOW, authority_id=cast.croydon.pk).problems)
    row = fostering.close_applicant(
        by=cast.dev, now=NOW, applicant_id=row.pk, version=row.version, words="Not suitable."
    ).done()
    assert row.reached_on == TODAY
    Applicant.objects.filter(pk=row.pk).update(reached_on=TODAY.replace(year=TODAY.year - 3))
    assert codes(destroying.propose_destruction(by=cast.iggy, now=NOW, authority_id=cast.croydon.pk).problems)
    Applicant.objects.filter(pk=row.pk).update(reached_on=TODAY.replace(year=TODAY.year - 3) - timedelta(days=1))
    listed = agreed(cast)
    destroying.carry_on(NOW)
    assert [(i.kind, i.state) for i in listed.items.all()] == [("carer_not_approved", "destroyed")]
    assert not Applicant.objects.exists() and not ApplicantStep.objects.exists()


def applicant_at_the_panel(cast: Cast) -> Applicant:
    row = fostering.take_enquiry(
        by=cast.fern, now=NOW, names="The Dune family", heard_by="An event", enquired_on=TODAY
    ).done()
    for verb in ("visit_applicant", "accept_application", "pass_stage_1", "send_to_fostering_panel"):
        row = fostering.move_applicant(
            by=cast.fern, now=NOW, applicant_id=row.pk, version=row.version, verb=verb, reached_on=TODAY, words="Well."
        ).done()
    return row


def test_a_contract_goes_six_years_after_it_ended_and_the_placement_stays(
    cast: Cast, lived_long_ago: Lived
) -> None:
    contract = lived_long_ago(cast.amber, born_on=date(2012, 5, 4))
    Contract.objects.filter(pk=contract.pk).update(ended_on=date(2020, 11, 1))
    row = agreed(cast)
    destroying.carry_on(NOW)
    assert [(i.subject_kind, i.state) for i in row.items.all()] == [("contract", "destroyed")]
    assert not Contract.objects.filter(pk=contract.pk).exists()
    assert "placements.Placement" in left_of(cast.amber)


def test_another_authoritys_list_is_not_there(cast: Cast, lived_long_ago: Lived) -> None:
    lived_long_ago(cast.amber)
    row = proposed(cast)
    outcome = destroying.stop_destruction(by=cast.simon, now=NOW, list_id=row.pk, version=row.version)
    assert codes(outcome.problems) == ["missing"]
