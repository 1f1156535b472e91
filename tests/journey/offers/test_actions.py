"""Offers: who may do what in which state, sealed until closing, and nothing impossible kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.offers import actions, queries
from rightplace.journey.offers.checks import line_problems, missing_facts, save_problems
from rightplace.journey.offers.evidence import safe_name
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.models import Offer, OfferEvidence
from rightplace.journey.offers.states import OFFER
from rightplace.journey.search.models import Invitation, Search
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.files import PDF
from tests.make import LATER

VERBS = ("save_offer", "submit_offer", "reopen_offer", "withdraw_offer")
ROLES = ("priya", "fern", "bola", "moses", "sadia", "dev", "fin", "quinn", "brenda")


@pytest.fixture
def search(cast: Cast) -> Search:
    """A search that asked own carers and the market."""
    return make.market_open(cast)


@pytest.fixture
def offer(cast: Cast, search: Search) -> Offer:
    """A filled draft by Oakhouse."""
    return make.offer_filled(cast, search, cast.acorn_house)


def deed(verb: str, offer: Offer, by: object) -> Outcome[Offer]:
    more = {"reason": "The place has gone."} if verb == "withdraw_offer" else {}
    return getattr(actions, verb)(by=by, now=NOW, offer_id=offer.pk, version=offer.version, **more)


def test_each_verb_is_possible_in_exactly_the_states_of_the_table(cast: Cast, offer: Offer) -> None:
    # A chosen offer is withdrawn together with its choice: see the tests of decisions.
    tried = [
        (verb, state)
        for verb in VERBS
        for state in OFFER.states
        if (verb, state) != ("withdraw_offer", "chosen")
    ]
    for verb, state in tried:
        Offer.objects.filter(pk=offer.pk).update(state=state)
        offer.refresh_from_db()
        done = deed(verb, offer, cast.priya).is_done
        assert done is (state in OFFER.transition(verb).sources), (verb, state)


def test_only_its_makers_may_work_on_an_offer(cast: Cast, offer: Offer) -> None:
    allowed = {"save_offer": {"priya"}, "submit_offer": {"priya"}, "withdraw_offer": {"priya", "bola"}}
    for verb, people in allowed.items():
        for who in ROLES:
            Offer.objects.filter(pk=offer.pk).update(state="draft")
            fresh = Offer.objects.get(pk=offer.pk)
            assert deed(verb, fresh, getattr(cast, who)).is_done is (who in people), (verb, who)


def test_a_provider_works_within_its_own_rows(cast: Cast, search: Search) -> None:
    with acting_as(cast.priya):
        offer = make.offer_submitted(cast, search, cast.acorn_house)
    with acting_as(cast.quinn):
        assert not Offer.objects.filter(pk=offer.pk).exists()
    invitation = Invitation.objects.get(pk=offer.invitation_id)
    assert invitation.state == "offered"


def test_an_offer_begun_twice_is_one_offer(cast: Cast, search: Search) -> None:
    first = make.offer_begun(cast, search, cast.acorn_house)
    assert make.offer_begun(cast, search, cast.acorn_house) == first


def test_a_broker_may_type_on_behalf_and_opens_only_that(cast: Cast, search: Search) -> None:
    typed = make.offer_submitted(cast, search, cast.acorn_house, by=cast.bola)
    own = make.offer_submitted(cast, search, cast.harbour_agency)
    assert (typed.is_on_behalf, typed.typed_by_id, typed.made_by) == (True, cast.bola.user_id, "Bola Adeyemi")
    assert queries.offer_page(cast.bola, typed.pk, now=NOW) is not None
    assert queries.offer_page(cast.bola, own.pk, now=NOW) is None
    assert queries.offer_page(replace(cast.bola, user_id=cast.moses.user_id), typed.pk, now=NOW) is None
    words = AuditEntry.objects.filter(verb="submit_offer", subject_id=typed.pk).get().words
    assert words.endswith("on the provider's behalf")


def test_a_broker_cannot_take_over_what_a_provider_began(cast: Cast, search: Search) -> None:
    offer = make.offer_begun(cast, search, cast.acorn_house)
    outcome = actions.start_offer(by=cast.bola, now=NOW, invitation_id=offer.invitation_id)
    assert [p.code for p in outcome.problems] == ["taken"]


def test_nobody_on_the_authority_side_opens_an_offer_before_closing(cast: Cast, search: Search) -> None:
    offer = make.offer_filled(cast, search, cast.acorn_house)
    kept = actions.add_evidence(
        by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version, name="a.pdf", content=PDF
    ).done()
    offer.refresh_from_db()
    actions.submit_offer(by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version).done()
    people = (cast.moses, cast.sadia, cast.bola, cast.pearl, cast.dev)
    for actor in people:
        held = queries.offers_to_compare(actor, search.pk, NOW)
        assert isinstance(held, queries.Sealed)
        assert held.submitted == 1
        assert queries.evidence_file(actor, search.pk, kept.file_id, NOW) is None
    make.search_closed(cast, search)
    for actor in people:
        with acting_as(actor):
            assert isinstance(queries.offers_to_compare(actor, search.pk, LATER), queries.Comparison)
            assert queries.evidence_file(actor, search.pk, kept.file_id, LATER) is not None


def test_another_authority_sees_no_offers_at_all(cast: Cast) -> None:
    search = make.offers_closed(cast)
    assert queries.offers_to_compare(cast.brenda, search.pk, LATER) is None


def test_offers_to_an_emergency_are_open_as_they_come_in(cast: Cast) -> None:
    search = make.market_open(cast, needed_by=TODAY, is_emergency=True)
    make.offer_submitted(cast, search, cast.acorn_house)
    with acting_as(cast.moses):
        assert isinstance(queries.offers_to_compare(cast.moses, search.pk, NOW), queries.Comparison)


def test_nothing_is_made_or_changed_after_the_closing_time(cast: Cast, offer: Offer) -> None:
    after = offer.invitation.closes_at
    who = {"by": cast.priya, "now": after, "offer_id": offer.pk, "version": offer.version}
    for outcome in (
        actions.save_offer(**who),
        actions.submit_offer(**who),
        actions.add_evidence(**who, name="a.pdf", content=PDF),
        actions.start_offer(
            by=cast.quinn, now=after, invitation_id=make.invitation_to(offer.search, cast.harbour_agency).pk
        ),
    ):
        assert [p.code for p in outcome.problems] == ["wrong_state"]


def test_every_missing_thing_is_said_at_once_at_its_entry(cast: Cast, search: Search) -> None:
    offer = make.offer_begun(cast, search, cast.harbour_agency)
    actions.save_offer(
        by=cast.quinn, now=NOW, offer_id=offer.pk, version=offer.version, changes={"starts_on": TODAY - timedelta(1)},
        lines=(LineGiven("core_fee", "week", 0),),
    ).done()  # fmt: skip
    offer.refresh_from_db()
    outcome = actions.submit_offer(by=cast.quinn, now=NOW, offer_id=offer.pk, version=offer.version)
    fields = {p.field for p in outcome.problems}
    assert {"starts_on", "lines", "carer_reference", "support_words"} < fields
    assert sum(field.startswith(("need:", "criterion:")) for field in fields) == 3


def test_a_start_more_than_two_years_away_is_no_start(cast: Cast, offer: Offer) -> None:
    offer.starts_on = TODAY + timedelta(days=3 * 365)
    assert [p.field for p in missing_facts(offer, TODAY)] == ["starts_on"]


BAD_LINES = (
    LineGiven("core_fee", "week", -1),
    LineGiven("core_fee", "week", 10_000_000_001),
    LineGiven("core_fee", "week", 9_999_999_999, quantity=Decimal(10_000)),
    LineGiven("core_fee", "week", 100, quantity=Decimal("NaN")),
    LineGiven("core_fee", "week", 100, quantity=Decimal("Infinity")),
    LineGiven("core_fee", "week", 100, quantity=Decimal("0.001")),
    LineGiven("core_fee", "week", 100, quantity=Decimal(-1)),
    LineGiven("core_fee", "hour", 100, quantity=Decimal(169)),
    LineGiven("core_fee", "percent", basis_points=500),
    LineGiven("discount", "percent", basis_points=10_001),
    LineGiven("discount", "week", 400_001),
    LineGiven("one_off", "week", 5),
    LineGiven("=cmd()", "week", 5),
    LineGiven("core_fee", "fortnight", 5),
    LineGiven("core_fee", "week", 5, starts_on=date(1, 1, 1)),
    LineGiven("core_fee", "week", 5, ends_on=date(9999, 12, 31)),
    LineGiven("core_fee", "week", 5, starts_on=date(2027, 1, 1), ends_on=date(2026, 12, 1)),
)


@pytest.mark.parametrize("line", BAD_LINES, ids=str)
def test_an_impossible_price_is_refused_at_its_entry(line: LineGiven) -> None:
    problems = line_problems((LineGiven("core_fee", "week", 400_000), line), TODAY)
    assert problems
    assert all(not p.field or p.field.startswith("1.") for p in problems)


def test_a_refused_price_leaves_the_kept_one(cast: Cast, offer: Offer) -> None:
    who = {"by": cast.priya, "now": NOW, "offer_id": offer.pk, "version": offer.version}
    assert not actions.save_offer(**who, lines=BAD_LINES[:1]).is_done
    assert [kept.amount_pence for kept in Offer.objects.get(pk=offer.pk).lines.all()] == [400_000]
    assert not actions.save_offer(**who, lines=[LineGiven("core_fee", "week", 1)] * 21).is_done


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_on": date(9999, 12, 31)},
        {"open_until": date(1, 1, 1)},
        {"starts_on": "2026-02-30"},
        {"support_words": "x" * 4001},
        {"support_words": "a\x00b"},
        {"home_words": "x" * 201},
        {"home_postcode_district": "=A1"},
        {"state": "accepted"},
    ],
)
def test_facts_that_cannot_be_are_refused(changes: dict[str, object]) -> None:
    assert [p.field for p in save_problems(changes, (), ())] == list(changes)


def test_an_answer_to_what_was_never_asked_is_not_kept(cast: Cast, offer: Offer) -> None:
    actions.save_offer(
        by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version, answers=(AnswerGiven("need", "need:999999", "x"),)
    ).done()  # fmt: skip
    assert not offer.answers.filter(topic="need:999999").exists()


def test_two_people_saving_from_the_same_page_have_one_winner(cast: Cast, offer: Offer) -> None:
    who = {"by": cast.priya, "now": NOW, "offer_id": offer.pk, "version": offer.version}
    assert actions.save_offer(**who, changes={"support_words": "First"}).is_done
    assert [p.code for p in actions.save_offer(**who, changes={"support_words": "Second"}).problems] == [
        "stale"
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 a workbook named pdf", "wrong_type"),
        (b"<html><script>alert(1)</script>", "wrong_type"),
        (b"", "empty"),
        (b"%PDF-" + b"0" * 5 * 1024 * 1024, "too_large"),
    ],
    ids=["workbook", "page", "empty", "large"],
)
def test_evidence_is_taken_by_its_content(cast: Cast, offer: Offer, content: bytes, code: str) -> None:
    outcome = actions.add_evidence(
        by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version, name="a.pdf", content=content
    )
    assert [p.code for p in outcome.problems] == [code]
    assert not OfferEvidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\me\report.PDF", "report.pdf"),
        ('a"\r\nX-Evil: 1.pdf', "aX-Evil 1.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("..", "file.pdf"),
        ("photo.exe", "photo.exe.pdf"),
    ],
)
def test_the_name_of_a_file_loses_its_path_and_what_could_harm(name: str, kept: str) -> None:
    assert safe_name(name, "application/pdf") == kept


def test_evidence_can_be_removed_and_ten_are_enough(cast: Cast, offer: Offer) -> None:
    who = {"by": cast.priya, "now": NOW, "offer_id": offer.pk}
    for number in range(10):
        version = Offer.objects.get(pk=offer.pk).version
        last = actions.add_evidence(**who, version=version, name=f"{number}.pdf", content=PDF).done()
    version = Offer.objects.get(pk=offer.pk).version
    assert not actions.add_evidence(**who, version=version, name="11.pdf", content=PDF).is_done
    actions.remove_evidence(**who, version=version, evidence_id=last.pk).done()
    assert OfferEvidence.objects.filter(offer=offer).count() == 9


def test_an_offer_taken_back_opens_its_invitation_and_may_be_sent_again(cast: Cast, search: Search) -> None:
    offer = make.offer_submitted(cast, search, cast.acorn_house)
    offer = actions.reopen_offer(by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version).done()
    assert Invitation.objects.get(pk=offer.invitation_id).state == "seen"
    actions.submit_offer(by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version).done()
    assert Invitation.objects.get(pk=offer.invitation_id).state == "offered"


def test_an_offer_is_withdrawn_only_with_a_reason_and_a_new_one_may_follow(cast: Cast, offer: Offer) -> None:
    who = {"by": cast.priya, "now": NOW, "offer_id": offer.pk, "version": offer.version}
    for reason in (" ", "x" * 301):
        assert [p.field for p in actions.withdraw_offer(**who, reason=reason).problems] == ["reason"]
    actions.withdraw_offer(**who, reason="The place has gone.").done()
    assert make.offer_begun(cast, offer.search, cast.acorn_house) != offer


def test_each_deed_writes_one_entry_that_tells_nothing_of_the_price(cast: Cast, offer: Offer) -> None:
    before = AuditEntry.objects.count()
    actions.submit_offer(by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version).done()
    entry = AuditEntry.objects.order_by("pk").last()
    assert AuditEntry.objects.count() == before + 1
    assert entry is not None
    assert (entry.words, entry.details) == (f"Offer {offer.reference} submitted", {})


def test_a_group_of_children_is_priced_for_all_of_them(cast: Cast) -> None:
    search = make.market_open(cast, children=(cast.jude, cast.kiran))
    offer = make.offer_filled(cast, search, cast.adams, lines=(LineGiven("core_fee", "week", 50_000),))
    page = queries.offer_page(cast.fern, offer.pk, now=NOW)
    assert page is not None
    assert page.cost is not None
    assert (page.children, page.cost.total_pence) == (2, 2 * 52 * 50_000)


def test_the_comparison_asks_the_database_the_same_however_many_offers(cast: Cast) -> None:
    search = make.offers_closed(cast, cast.adams)
    counted: list[int] = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured, acting_as(cast.moses):
            queries.offers_to_compare(cast.moses, search.pk, LATER)
        counted.append(len(captured))
        again = datetime.combine(TODAY + timedelta(days=5), LATER.timetz())
        if len(counted) == 1:
            make.search_reopened(cast, search, closes_at=again)
            for home in (cast.acorn_house, cast.harbour_agency, cast.beech_house):
                make.offer_submitted(cast, search, home, now=LATER)
            make.search_closed(cast, search)
    assert counted[0] == counted[1]
