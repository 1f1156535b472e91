"""A contract from its draft to both signatures, its variations and its end: who may do what, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice, OutgoingEmail
from rightplace.journey.contracts import actions, queries
from rightplace.journey.contracts.drafting import OutcomeGiven
from rightplace.journey.contracts.models import Contract, Signature
from rightplace.journey.contracts.states import CONTRACT
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.placements import actions as placements
from tests import make
from tests.cast import Cast

LATER = make.LATER
DEARER = (LineGiven("core_fee", "week", 450_000),)
CHEAPER = (LineGiven("core_fee", "week", 400_000),)
FROM = make.NEEDED_BY + timedelta(days=60)


def who(actor: Actor, row: Contract, **more: Any) -> dict[str, Any]:
    """What every verb takes, with the version as it is now."""
    row.refresh_from_db()
    return {"by": actor, "now": LATER, "contract_id": row.pk, "version": row.version, **more}


def vary(cast: Cast, row: Contract, lines: tuple[LineGiven, ...] = CHEAPER, **more: Any) -> Outcome[Contract]:
    """A variation by Bola."""
    facts = {"in_force_from": FROM, "reason": "Needs have changed.", "lines": lines, **more}
    return actions.vary_contract(**who(cast.bola, row), **facts)


def codes(outcome: Outcome[Any]) -> set[str]:
    """Why it was refused."""
    return {problem.code for problem in outcome.problems}


def sha_of(row: Contract) -> str:
    """The hash of the text that is out for signature."""
    return row.versions.filter(taken_back_at=None).last().text_sha256


def sign(actor: Actor, row: Contract, name: str = "", sha: str = "") -> Outcome[Contract]:
    """Sign as this person, in their own scope."""
    entries = {"signed_name": name or actor.name, "text_sha256": sha or sha_of(row)}
    call = who(actor, row)
    with acting_as(actor):
        return actions.sign_contract(**call, **entries)


# Drafting


def test_a_planned_placement_has_its_contract_drafted_from_offer_and_request(
    cast: Cast, drafted: Contract
) -> None:
    row = drafted
    version = row.versions.get()
    assert (row.state, row.child_initials, row.home_words) == ("draft", "AF", "Acorn House")
    assert (row.starts_on, row.ends_on) == (make.NEEDED_BY, row.placement.expected_end_on)
    assert [line.as_price_line() for line in version.lines.all()] == [
        given.as_price_line() for given in make.PRICE
    ]
    assert [(o.words, o.measure) for o in version.outcomes.all()] == [
        (o.words, o.measure) for o in make.OUTCOMES
    ]
    assert all(o.how for o in version.outcomes.all())
    assert version.conditions == "Weekly update to the social worker."
    assert "one awake at night" in version.services


def test_each_child_of_a_group_gets_a_contract_of_its_own(cast: Cast) -> None:
    first = make.contract_drafted(cast, children=(cast.jude, cast.kiran), home=cast.adams)
    rows = Contract.objects.filter(pk__gte=first.pk).order_by("pk")
    assert [row.child_initials for row in rows] == ["JM", "KM"]
    assert all(row.versions.get().lines.count() == len(make.PRICE) for row in rows)
    assert first.home_words == "Foster home FC-ADAMS"
    assert first.versions.get().services.count("Self-harm") == 1


def test_a_placement_gets_one_contract_only(cast: Cast, drafted: Contract) -> None:
    row = drafted
    again = actions.draft_contract(by=cast.bola, now=LATER, placement_id=row.placement_id)
    assert codes(again) == {"taken"}


def test_a_draft_may_be_worded_but_not_priced(cast: Cast, drafted: Contract) -> None:
    row = drafted
    changes = {
        "services": "Care.",
        "notice_days": 14,
        "review_every_weeks": 12,
        "first_review_on": make.NEEDED_BY + timedelta(days=40),
    }
    assert actions.edit_draft(
        **who(cast.bola, row), changes=changes, outcomes=(OutcomeGiven("Sleeps well"),)
    ).is_done
    version = row.versions.get()
    assert (version.services, version.notice_days, version.outcomes.get().words) == (
        "Care.",
        14,
        "Sleeps well",
    )
    assert codes(actions.edit_draft(**who(cast.bola, row), changes={"amount_pence": 1})) == {"unknown"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notice_days": 0}, "notice_days"),
        ({"notice_days": 400}, "notice_days"),
        ({"review_every_weeks": 60}, "review_every_weeks"),
        ({"services": "x" * 10_001}, "services"),
        ({"first_review_on": date(2020, 1, 1)}, "first_review_on"),
    ],
)
def test_terms_out_of_bounds_are_refused_at_their_field(
    cast: Cast, drafted: Contract, changes: dict[str, Any], field: str
) -> None:
    row = drafted
    outcome = actions.edit_draft(**who(cast.bola, row), changes=changes)
    assert [problem.field for problem in outcome.problems] == [field]


# Issuing and signing


def test_issuing_fixes_text_hash_and_pdf_and_tells_the_provider_without_a_name(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_issued(cast, drafted)
    version = row.versions.get()
    assert row.state == "awaiting_signatures"
    assert "Amber Fairweather" in version.text
    assert len(version.text_sha256) == 64
    assert version.pdf is not None
    assert bytes(version.pdf.content).startswith(b"%PDF-")
    told = Notice.objects.filter(provider_id=cast.oakhouse.pk, link=f"/portal/contracts/{row.pk}/")
    assert [notice.words for notice in told] == [f"Contract {row.reference} waits for your signature"]
    assert not OutgoingEmail.objects.filter(body__contains="Amber").exists()


def test_both_sides_sign_and_it_is_in_force_with_both_names_on_the_pdf(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    version = row.versions.get()
    assert (row.state, version.is_signed) == ("in_force", True)
    signed = {(s.side, s.signed_name, s.text_sha256) for s in Signature.objects.all()}
    assert signed == {
        ("authority", "Bola Adeyemi", version.text_sha256),
        ("provider", "Priya Nair", version.text_sha256),
    }
    told = {notice.role or "provider" for notice in Notice.objects.filter(words__contains="is in force")}
    assert told == {"provider", "broker", "finance_officer"}


def test_own_carers_contracts_are_signed_by_the_fostering_team_for_the_provider(cast: Cast) -> None:
    row = make.contract_issued(cast, home=cast.adams, children=(cast.jude,))
    assert Notice.objects.filter(
        role="fostering_officer", words__contains="waits for your signature"
    ).exists()
    assert sign(cast.fern, row).is_done
    assert sign(cast.bola, row).is_done
    row.refresh_from_db()
    assert row.state == "in_force"


def test_the_fostering_team_cannot_sign_for_an_agency(cast: Cast) -> None:
    row = make.contract_issued(cast, home=cast.harbour_agency)
    assert not sign(cast.fern, row).is_done


def test_one_person_cannot_sign_for_both_sides(cast: Cast) -> None:
    row = make.contract_issued(cast, home=cast.adams, children=(cast.jude,))
    assert sign(cast.bola, row).is_done
    two_hats = Actor(cast.bola.user_id, cast.bola.name, "fostering_officer", authority_id=cast.croydon.pk)
    assert codes(sign(two_hats, row)) == {"both_sides"}


def test_a_side_signs_once(cast: Cast, drafted: Contract) -> None:
    row = make.contract_issued(cast, drafted)
    assert sign(cast.bola, row).is_done
    assert codes(sign(cast.cora, row)) == {"taken"}


def test_another_name_or_a_text_that_changed_is_refused_all_at_once(cast: Cast, drafted: Contract) -> None:
    row = make.contract_issued(cast, drafted)
    assert codes(sign(cast.priya, row, name="Quinn Doyle", sha="0" * 64)) == {"other_name", "stale"}
    assert not Signature.objects.exists()


def test_a_text_recalled_and_issued_again_cannot_be_signed_by_its_old_hash(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_issued(cast, drafted)
    seen = sha_of(row)
    actions.recall_contract(**who(cast.bola, row)).done()
    actions.edit_draft(**who(cast.bola, row), changes={"notice_days": 14}).done()
    actions.issue_contract(**who(cast.bola, row)).done()
    assert codes(sign(cast.priya, row, sha=seen)) == {"stale"}


def test_taking_back_lets_signatures_fall_away_and_hides_it_from_the_provider(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_issued(cast, drafted)
    sign(cast.priya, row).done()
    actions.recall_contract(**who(cast.bola, row)).done()
    assert not Signature.objects.exists()
    with acting_as(cast.priya):
        assert queries.contract_page(cast.priya, row.pk, LATER) is None
        assert not queries.contracts(cast.priya).exists()


def test_another_provider_and_another_authority_cannot_see_or_sign(cast: Cast, drafted: Contract) -> None:
    row = make.contract_issued(cast, drafted)
    for stranger in (cast.quinn, cast.brenda):
        with acting_as(stranger):
            assert queries.contract_page(stranger, row.pk, LATER) is None
            assert queries.contract_file(stranger, row.pk, 1, LATER) is None
        assert codes(sign(stranger, row)) == {"missing"}


def test_somebody_quicker_wins_and_the_other_is_told(cast: Cast, drafted: Contract) -> None:
    row = drafted
    seen = who(cast.cora, row)
    actions.edit_draft(**who(cast.bola, row), changes={"notice_days": 14}).done()
    assert codes(actions.issue_contract(**seen)) == {"stale"}


def test_an_in_force_contract_cannot_be_recalled_or_cancelled(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    assert codes(actions.recall_contract(**who(cast.bola, row))) == {"wrong_state"}
    assert codes(actions.cancel_contract(**who(cast.bola, row))) == {"wrong_state"}


def test_cancelling_can_be_undone(cast: Cast, drafted: Contract) -> None:
    row = make.contract_issued(cast, drafted)
    actions.cancel_contract(**who(cast.bola, row)).done()
    row = actions.reopen_contract(**who(cast.bola, row)).done()
    assert row.state == "draft"


@pytest.mark.parametrize("role", ["sadia", "moses", "pearl", "dev", "fin", "ana", "fern", "priya"])
def test_only_brokers_and_commissioners_issue(cast: Cast, drafted: Contract, role: str) -> None:
    row = drafted
    outcome = actions.issue_contract(**who(getattr(cast, role), row))
    assert codes(outcome) <= {"not_yours", "missing"}
    assert not outcome.is_done


def test_every_state_of_a_contract_can_be_reached() -> None:
    assert CONTRACT.reachable() == set(CONTRACT.states)


# Variations


def test_a_variation_leaves_the_old_version_and_waits_for_both(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    text = row.versions.get().text
    row = vary(cast, row).done()
    assert (row.state, row.versions.count()) == ("varying", 2)
    assert row.versions.first().text == text
    assert "From 22 January 2027" in row.versions.last().text
    assert row.versions.last().outcomes.count() == len(make.OUTCOMES)


def test_a_variation_signed_by_both_is_in_force(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    vary(cast, row).done()
    make.contract_signed_by(cast.bola, row)
    row = make.contract_signed_by(cast.priya, row)
    assert row.state == "in_force"
    assert [version.is_signed for version in row.versions.all()] == [True, True]


def test_who_makes_a_dearer_variation_cannot_sign_it_for_the_authority(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    vary(cast, row, DEARER).done()
    make.variation_permitted(cast, row)
    assert codes(sign(cast.bola, row)) == {"own_rise"}
    assert sign(cast.cora, row).is_done


def test_a_variation_taken_back_stays_on_record_and_the_contract_stands(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_in_force(cast, drafted)
    vary(cast, row).done()
    row = actions.take_back_variation(**who(cast.bola, row)).done()
    assert row.state == "in_force"
    assert row.versions.last().taken_back_at == LATER
    again = vary(cast, row).done()
    assert again.versions.last().number == 3


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"in_force_from": make.NEEDED_BY - timedelta(days=1)}, "too_early"),
        ({"in_force_from": date(2029, 1, 1)}, "too_late"),
        ({"ends_on": date(2090, 1, 1)}, "end_too_late"),
        ({"lines": ()}, "no_price"),
        ({"lines": (LineGiven("core_fee", "week", -1),)}, "amount_negative"),
        ({"lines": (LineGiven("core_fee", "week", 10**13),)}, "amount_too_large"),
    ],
)
def test_a_variation_that_makes_no_sense_is_refused(
    cast: Cast, drafted: Contract, facts: dict[str, Any], code: str
) -> None:
    row = make.contract_in_force(cast, drafted)
    assert code in codes(vary(cast, row, **facts))
    row.refresh_from_db()
    assert (row.state, row.versions.count()) == ("in_force", 1)


def test_a_variation_may_move_the_expected_end(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    end = row.ends_on + timedelta(days=91)
    vary(cast, row, CHEAPER, ends_on=end).done()
    make.variation_permitted(cast, row)
    make.contract_signed_by(cast.cora, row)
    row = make.contract_signed_by(cast.priya, row)
    assert row.ends_on == end


# What follows a placement


def test_the_contract_follows_a_start_on_another_day(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    make.placement_started(cast, row, on=make.NEEDED_BY - timedelta(days=2))
    row.refresh_from_db()
    assert row.starts_on == make.NEEDED_BY - timedelta(days=2)


def test_the_contract_ends_with_the_placement_and_resumes_when_that_is_undone(
    cast: Cast, drafted: Contract
) -> None:
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    placement = row.placement
    placement.refresh_from_db()
    ended_on = make.NEEDED_BY + timedelta(days=30)
    end = {"by": cast.bola, "now": LATER + timedelta(days=60), "placement_id": placement.pk}
    done = placements.end_placement(
        **end, version=placement.version, ended_on=ended_on, end_reason="E4A"
    ).done()
    row.refresh_from_db()
    assert (row.state, row.ended_on) == ("ended", ended_on)
    placements.undo_end(**end, version=done.version).done()
    row.refresh_from_db()
    assert (row.state, row.ended_on) == ("in_force", None)


def test_a_placement_cancelled_cancels_its_contract(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    placement = row.placement
    placement.refresh_from_db()
    placements.cancel_placement(
        by=cast.bola,
        now=LATER,
        placement_id=placement.pk,
        version=placement.version,
        words="Went to an aunt.",
    ).done()
    row.refresh_from_db()
    assert row.state == "cancelled"
    assert not row.schedule.filter(state="due").exists()


# The trail


def test_each_verb_writes_one_entry_and_opening_is_a_look_into_the_childs_file(
    cast: Cast, drafted: Contract
) -> None:
    row = drafted
    before = AuditEntry.objects.count()
    actions.issue_contract(**who(cast.bola, row)).done()
    assert AuditEntry.objects.count() == before + 1
    with acting_as(cast.priya):
        queries.contract_page(cast.priya, row.pk, LATER)
    look = AuditEntry.objects.order_by("pk").last()
    assert (look.is_look, look.child_id, look.authority_id) == (True, cast.amber.pk, cast.croydon.pk)


def test_the_provider_reads_of_the_trail_only_what_was_shared(cast: Cast, drafted: Contract) -> None:
    row = drafted
    actions.edit_draft(**who(cast.bola, row), changes={"notice_days": 14}).done()
    actions.issue_contract(**who(cast.bola, row)).done()
    with acting_as(cast.priya):
        shown = queries.contract_page(cast.priya, row.pk, LATER)
    assert [words for _, _, words in shown.history] == [f"Contract {row.reference} issued for signature"]


def test_finance_reads_terms_and_initials_but_no_name(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    with acting_as(cast.fin):
        shown = queries.contract_page(cast.fin, row.pk, LATER)
        assert queries.contract_file(cast.fin, row.pk, 1, LATER) is None
    assert "Amber" not in repr(shown)
    assert shown.cost.total_pence
