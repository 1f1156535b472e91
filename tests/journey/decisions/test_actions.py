"""Choosing and permitting: two people's acts, at the real cost, with words for those not chosen."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.notices.models import Notice
from rightplace.journey.decisions import actions, queries
from rightplace.journey.decisions.limits import needed_role
from rightplace.journey.decisions.models import Choice, Delegation, Permission
from rightplace.journey.decisions.states import PERMISSION
from rightplace.journey.offers import actions as offers
from rightplace.journey.offers.feedback import suggested_feedback
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.offers.models import Offer
from rightplace.journey.offers.queries import Comparison, offers_to_compare
from rightplace.journey.placements import actions as placements
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Search
from tests import make
from tests.cast import TODAY, Cast, make_cast
from tests.make import LATER

WHO = ("moses", "tessa", "pearl", "dev", "bola", "sadia", "fin", "brenda")


@pytest.fixture
def search(cast: Cast) -> Search:
    """A closed search with three offers: own carers, a children's home, an agency."""
    return make.offers_closed(cast)


@pytest.fixture
def permission(cast: Cast, search: Search) -> Permission:
    """The children's home chosen by Moses."""
    return make.offer_chosen(cast, search, cast.acorn_house)


def offer_of(search: Search, home: object) -> Offer:
    return Offer.objects.get(search=search, invitation=make.invitation_to(search, home))


def choose(cast: Cast, search: Search, home: object, **words: object) -> Outcome[Permission]:
    request = PlacementRequest.objects.get(pk=search.request_id)
    given = {"by": cast.moses, "reason": "It fits.", "few_offers_reason": "", **words}
    offer = offer_of(search, home)
    return actions.choose_offer(
        now=LATER, request_id=request.pk, version=request.version, offer_id=offer.pk, **given
    )


def deed(verb: str, permission: Permission, by: object) -> Outcome[Permission]:
    more = {} if verb in {"approve_placement", "send_to_panel"} else {"reason": "Another plan."}
    return getattr(actions, verb)(
        by=by, now=LATER, permission_id=permission.pk, version=permission.version, **more
    )


def test_each_verb_is_open_to_exactly_the_roles_and_states_of_the_table(
    cast: Cast, permission: Permission
) -> None:
    allowed = {
        # The cost is above every team manager's limit, and within the director's.
        "approve_placement": {"dev"},
        "refuse_placement": {"dev"},
        "undo_choice": {"moses", "tessa"},
        "send_to_panel": {"moses", "tessa", "bola"},
    }
    for verb, people in allowed.items():
        for state in PERMISSION.states:
            for who in WHO:
                with transaction.atomic():
                    Permission.objects.filter(pk=permission.pk).update(state=state)
                    fresh = Permission.objects.get(pk=permission.pk)
                    done = deed(verb, fresh, getattr(cast, who)).is_done
                    transaction.set_rollback(True)
                assert done is (who in people and state == "asked"), (verb, state, who)


def test_only_a_team_manager_chooses_and_says_why(cast: Cast, search: Search) -> None:
    for who in ("sadia", "bola", "pearl", "dev"):
        assert [p.code for p in choose(cast, search, cast.adams, by=getattr(cast, who)).problems] == [
            "not_yours"
        ]
    assert [p.field for p in choose(cast, search, cast.adams, reason=" ").problems] == ["reason"]
    assert choose(cast, search, cast.adams).is_done


def test_another_authority_finds_nothing_to_choose(cast: Cast, search: Search) -> None:
    from dataclasses import replace

    stranger = replace(cast.moses, authority_id=cast.sutton.pk)
    assert [p.code for p in choose(cast, search, cast.adams, by=stranger).problems] == ["missing"]


def test_fewer_than_three_offers_need_a_reason_of_their_own(cast: Cast) -> None:
    search = make.offers_closed(cast, cast.adams, cast.acorn_house)
    assert [p.field for p in choose(cast, search, cast.adams).problems] == ["few_offers_reason"]
    assert choose(cast, search, cast.adams, few_offers_reason="No time for another search.").is_done


def test_a_sealed_offer_cannot_be_chosen(cast: Cast) -> None:
    search = make.market_open(cast)
    make.offer_submitted(cast, search, cast.acorn_house)
    problems = choose(cast, search, cast.acorn_house, few_offers_reason="Now.").problems
    assert [p.code for p in problems] == ["wrong_state"]


def test_permission_is_asked_at_the_whole_cost_of_the_stay(cast: Cast, permission: Permission) -> None:
    assert permission.whole_cost_pence == 52 * 400_000
    assert sum(year.pence for year in permission.years.all()) == permission.whole_cost_pence
    assert (permission.weekly_pence, permission.route, permission.needs_role) == (
        400_000,
        "delegated",
        "director",
    )


def test_a_limit_covers_a_cost_up_to_the_very_penny(cast: Cast) -> None:
    role = {
        pence: needed_role(cast.croydon.pk, pence, TODAY)
        for pence in (2_000_000, 2_000_001, 100_000_000, 100_000_001)
    }
    assert list(role.values()) == [roles.TEAM_MANAGER, roles.DIRECTOR, roles.DIRECTOR, roles.PANEL_CHAIR]


def test_a_limit_holds_from_its_first_day_until_its_last(cast: Cast) -> None:
    Delegation.objects.filter(authority=cast.croydon, role=roles.TEAM_MANAGER).update(ends_on=TODAY)
    assert needed_role(cast.croydon.pk, 1, TODAY) == roles.DIRECTOR
    assert needed_role(cast.croydon.pk, 1, TODAY - timedelta(1)) == roles.TEAM_MANAGER


def test_what_is_above_every_limit_goes_to_the_panel(cast: Cast, search: Search) -> None:
    Delegation.objects.filter(authority=cast.croydon).update(whole_cost_pence=1)
    permission = make.offer_chosen(cast, search, cast.acorn_house)
    assert (permission.route, permission.needs_role) == ("panel", roles.PANEL_CHAIR)
    assert [p.code for p in deed("approve_placement", permission, cast.dev).problems] == ["at_panel"]
    assert [row.pk for row in queries.permissions_waiting(cast.pearl, on=TODAY)] == [permission.pk]
    assert deed("approve_placement", permission, cast.pearl).is_done


def test_nobody_approves_what_they_chose_even_within_their_limit(cast: Cast, search: Search) -> None:
    Delegation.objects.filter(authority=cast.croydon).update(whole_cost_pence=10**11)
    permission = make.offer_chosen(cast, search, cast.acorn_house)
    assert permission.needs_role in {roles.TEAM_MANAGER, roles.DIRECTOR}
    assert [p.code for p in deed("approve_placement", permission, cast.moses).problems] == ["own_request"]
    assert not queries.permissions_waiting(cast.moses, on=TODAY).exists()
    assert deed("approve_placement", permission, cast.tessa).is_done


def test_the_database_itself_refuses_an_approval_of_ones_own(cast: Cast, permission: Permission) -> None:
    with pytest.raises(IntegrityError, match="nobody_approves_their_own"), transaction.atomic():
        Permission.objects.filter(pk=permission.pk).update(decided_by_id=permission.asked_by_id)


def test_an_approval_accepts_one_offer_and_tells_the_others_why_not(cast: Cast, search: Search) -> None:
    others = {
        offer_of(search, home).pk: f"Not this time: {home}." for home in (cast.adams, cast.harbour_agency)
    }
    permission = choose(cast, search, cast.acorn_house, feedback=others).done()
    assert offer_of(search, cast.acorn_house).state == "chosen"
    assert {offer_of(search, home).feedback for home in (cast.adams, cast.harbour_agency)} == {""}
    deed("approve_placement", permission, cast.dev).done()
    assert PlacementRequest.objects.get(pk=search.request_id).state == "permitted"
    assert {row.pk: row.feedback for row in Offer.objects.filter(state="not_chosen")} == others
    told = Notice.objects.filter(provider_id=cast.harbour.pk, words__contains="not chosen")
    assert told.count() == 1
    assert Placement.objects.filter(permission=permission, state="planned").count() == 1


def test_those_not_chosen_are_told_why_even_when_nobody_wrote_anything(cast: Cast, search: Search) -> None:
    permission = make.offer_chosen(cast, search, cast.acorn_house)
    deed("approve_placement", permission, cast.dev).done()
    with acting_as(cast.quinn):
        said = offer_of(search, cast.harbour_agency).feedback
    assert said.startswith("Thank you for your offer.")
    assert "Acorn" not in said


def test_feedback_that_names_the_child_is_refused_at_its_entry(cast: Cast, search: Search) -> None:
    other = offer_of(search, cast.harbour_agency)
    problems = choose(
        cast, search, cast.acorn_house, feedback={other.pk: "Amber Fairweather knows your street."}
    ).problems
    assert [(p.code, p.field) for p in problems] == [("identifying", f"feedback_{other.pk}")]


def test_feedback_to_an_offer_of_another_search_is_refused(cast: Cast, search: Search) -> None:
    problems = choose(cast, search, cast.acorn_house, feedback={999_999: "Sorry."}).problems
    assert [p.code for p in problems] == ["unknown"]


def test_the_suggested_words_say_what_the_facts_show(cast: Cast) -> None:
    search = make.market_open(cast)
    make.offer_submitted(cast, search, cast.acorn_house)
    make.offer_submitted(
        cast, search, cast.harbour_agency, is_met=False, starts_on=make.NEEDED_BY + timedelta(9)
    )
    make.search_closed(cast, search)
    with acting_as(cast.moses):
        held = offers_to_compare(cast.moses, search.pk, LATER)
    assert isinstance(held, Comparison)
    said = suggested_feedback(held.offers[1], held.offers[0])
    assert "an essential criterion that yours does not" in said
    assert "9 days earlier" in said


def test_cost_never_changes_the_order(cast: Cast) -> None:
    search = make.market_open(cast)
    make.offer_submitted(cast, search, cast.acorn_house, lines=(LineGiven("core_fee", "week", 900_000),))
    make.offer_submitted(cast, search, cast.adams, lines=(LineGiven("core_fee", "week", 1),))
    make.search_closed(cast, search)
    with acting_as(cast.moses):
        held = offers_to_compare(cast.moses, search.pk, LATER)
    assert isinstance(held, Comparison)
    assert [one.is_own for one in held.offers] == [False, True]
    assert (held.offers[0].score or 0) > (held.offers[1].score or 0)


def test_an_undone_choice_leaves_all_offers_standing(
    cast: Cast, search: Search, permission: Permission
) -> None:
    deed("undo_choice", permission, cast.moses).done()
    assert PlacementRequest.objects.get(pk=search.request_id).state == "offers_in"
    assert set(Offer.objects.filter(search=search).values_list("state", flat=True)) == {"submitted"}
    assert choose(cast, search, cast.adams).is_done
    assert Choice.objects.filter(request_id=search.request_id).count() == 2


def test_after_a_refusal_another_offer_is_chosen(cast: Cast, search: Search, permission: Permission) -> None:
    who = {"by": cast.dev, "now": LATER, "permission_id": permission.pk, "version": permission.version}
    assert [p.field for p in actions.refuse_placement(**who, reason=" ").problems] == ["reason"]
    actions.refuse_placement(**who, reason="Too far from school.").done()
    assert Notice.objects.filter(user_id=cast.sadia.user_id, words__contains="refused").exists()
    assert choose(cast, search, cast.adams).is_done


def test_a_chosen_offer_withdrawn_undoes_the_choice(
    cast: Cast, search: Search, permission: Permission
) -> None:
    offer = offer_of(search, cast.acorn_house)
    with acting_as(cast.priya):
        offers.withdraw_offer(
            by=cast.priya, now=LATER, offer_id=offer.pk, version=offer.version, reason="The place has gone."
        ).done()
    permission.refresh_from_db()
    assert (permission.state, permission.reason) == ("undone", "The offer was withdrawn.")
    assert PlacementRequest.objects.get(pk=search.request_id).state == "offers_in"
    assert Notice.objects.filter(role=roles.TEAM_MANAGER, words__contains="withdrawn").exists()
    problems = choose(cast, search, cast.adams).problems
    assert [p.code for p in problems] == ["few_offers"]


def test_an_emergency_is_placed_first_and_approved_after_on_a_clock(cast: Cast) -> None:
    search = make.market_open(cast, needed_by=TODAY, is_emergency=True)
    make.offer_submitted(cast, search, cast.acorn_house)
    permission = choose(cast, search, cast.acorn_house, few_offers_reason="Tonight.").done()
    search.refresh_from_db()
    assert search.state == "closed"
    # Three working days after Thursday 5 November 2026 is the last moment.
    assert permission.is_retrospective
    assert permission.due_at is not None
    assert permission.due_at > LATER
    assert Placement.objects.filter(permission=permission).count() == 1
    assert [p.code for p in deed("undo_choice", permission, cast.moses).problems] == ["wrong_state"]
    offer = offer_of(search, cast.acorn_house)
    outcome = offers.withdraw_offer(
        by=cast.priya, now=LATER, offer_id=offer.pk, version=offer.version, reason="Too late."
    )
    assert [p.code for p in outcome.problems] == ["placed"]
    deed("approve_placement", permission, cast.dev).done()
    assert Placement.objects.filter(permission=permission).count() == 1
    assert offer_of(search, cast.acorn_house).state == "accepted"


def test_a_search_opened_again_waits_until_the_choice_is_undone(
    cast: Cast, search: Search, permission: Permission
) -> None:
    closes_at = LATER + timedelta(days=3)
    with pytest.raises(RuntimeError, match="Undo the choice first"):
        make.search_reopened(cast, search, closes_at=closes_at)
    deed("undo_choice", permission, cast.moses).done()
    make.search_reopened(cast, search, closes_at=closes_at)
    assert PlacementRequest.objects.get(pk=search.request_id).state == "searching"


def test_when_the_child_did_not_come_the_search_opens_again_and_another_offer_is_chosen(
    cast: Cast, search: Search
) -> None:
    permission = make.placement_approved(cast, search, cast.acorn_house)
    placement = Placement.objects.get(permission=permission)
    placements.record_not_arrived(
        by=cast.bola,
        now=LATER + timedelta(days=30),
        placement_id=placement.pk,
        version=placement.version,
        words="Went to an aunt.",
    ).done()
    make.search_reopened(cast, search, closes_at=LATER + timedelta(days=3))
    states = set(Offer.objects.filter(search=search).values_list("state", flat=True))
    assert states == {"submitted"}
    make.search_closed(cast, search)
    second = choose(cast, search, cast.adams).done()
    assert second.choice.is_current


def test_conditions_are_kept_with_the_approval(cast: Cast, search: Search) -> None:
    permission = make.placement_approved(cast, search, cast.acorn_house, conditions="Review after six weeks.")
    assert (permission.state, permission.conditions) == ("approved", "Review after six weeks.")


def test_sent_to_the_panel_only_its_chair_decides(cast: Cast, permission: Permission) -> None:
    sent = deed("send_to_panel", permission, cast.bola).done()
    assert [p.code for p in deed("approve_placement", sent, cast.dev).problems] == ["at_panel"]
    assert deed("approve_placement", sent, cast.pearl).is_done


def test_everyone_who_could_approve_is_listed_with_the_reason_why_not(
    cast: Cast, permission: Permission
) -> None:
    found = {
        one.name: [p.code for p in one.problems] for one in queries.who_may_approve(permission, on=TODAY)
    }
    assert found == {
        "Dev Anand": [],
        "Tessa Lund": ["above_limit"],
        "Moses Okoro": ["own_request", "above_limit"],
        "Pearl Baptiste": ["above_limit"],
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_choosing_at_once_one_wins_and_the_other_is_told() -> None:
    cast = make_cast()
    search = make.offers_closed(cast)
    request = PlacementRequest.objects.get(pk=search.request_id)
    picks = {cast.moses: offer_of(search, cast.adams), cast.tessa: offer_of(search, cast.acorn_house)}
    start, outcomes = threading.Barrier(2), {}

    def run(by: object, offer: Offer) -> None:
        try:
            start.wait()
            with acting_as(by):
                outcomes[by.name] = actions.choose_offer(
                    by=by, now=LATER, request_id=request.pk, version=request.version, offer_id=offer.pk, reason="It fits."
                )  # fmt: skip
        finally:
            connection.close()

    people = [threading.Thread(target=run, args=pick) for pick in picks.items()]
    for one in people:
        one.start()
    for one in people:
        one.join()
    lost = [outcome for outcome in outcomes.values() if not outcome.is_done]
    assert len(lost) == 1
    assert [p.code for p in lost[0].problems] == ["stale"]
    assert Choice.objects.filter(is_current=True).count() == 1
    assert Offer.objects.filter(state="chosen").count() == 1


def test_a_second_manager_is_told_who_chose_what(cast: Cast, search: Search, permission: Permission) -> None:
    problems = choose(cast, search, cast.adams, by=cast.tessa).problems
    assert [p.code for p in problems] == ["stale"]
    assert problems[0].sentence.startswith(
        f"Moses Okoro chose offer {offer_of(search, cast.acorn_house).reference} on"
    )
