"""Concerns: shared at once with whom it is agreed, holds that always win, the provider's reply, lifting by a second person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.journey.offers import actions as offers
from rightplace.register.concerns import actions
from rightplace.register.concerns.actions import EntryGiven
from rightplace.register.concerns.models import Concern, ConcernEntry, ConcernHold
from rightplace.register.concerns.queries import concern_page, concerns, own_concern
from rightplace.register.providers import actions as providers
from rightplace.register.providers import queries as homes
from rightplace.register.providers.holding import held_for
from rightplace.register.providers.models import Hold
from tests import make
from tests.cast import NOW, TODAY, Cast

ALLEGED = EntryGiven("allegation", "A former worker says that nights are not staffed.")
FOUND = EntryGiven("fact", "Two of seven night shifts had nobody awake.", "Rotas seen on a visit")
KEPT = EntryGiven("allegation", "A strategy meeting asked us to keep this close.", seen_by="own")


def raised(cast: Cast, grade: int = 3, **facts: object) -> Concern:
    given = {"about": "staffing", "title": "Nights without staff", "first": ALLEGED, **facts}
    return actions.raise_concern(
        by=cast.cora, now=NOW, setting_id=cast.acorn_house.pk, grade=grade, **given
    ).done()


def step(cast: Cast, concern: Concern, verb: str, **given: object) -> Outcome[Concern]:
    concern.refresh_from_db()
    by = given.pop("by", cast.cora)
    return getattr(actions, verb)(by=by, now=NOW, concern_id=concern.pk, version=concern.version, **given)


def end_sharing(cast: Cast) -> None:
    SharingAgreement.objects.filter(authority=cast.croydon).update(ended_at=NOW)


def test_a_concern_of_grade_three_stops_placements_and_a_lower_one_does_not(cast: Cast) -> None:
    raised(cast, grade=2)
    assert not held_for(cast.croydon.pk, cast.acorn_house.pk, TODAY)
    concern = raised(cast)
    assert concern.reference in held_for(cast.croydon.pk, cast.acorn_house.pk, TODAY)
    assert concern.reference in held_for(cast.sutton.pk, cast.acorn_house.pk, TODAY)
    assert not held_for(cast.croydon.pk, cast.beech_house.pk, TODAY)


def test_a_concern_about_a_provider_holds_all_that_it_runs(cast: Cast) -> None:
    raised(cast, grade=4, covers_provider=True)
    assert held_for(cast.sutton.pk, cast.beech_house.pk, TODAY)
    assert not held_for(cast.sutton.pk, cast.harbour_agency.pk, TODAY)


def test_those_who_share_concerns_read_it_and_a_non_member_sees_nothing(cast: Cast) -> None:
    concern = raised(cast, first=KEPT)
    step(cast, concern, "add_to_concern", entry=FOUND).done()
    with acting_as(cast.brenda):
        page = concern_page(cast.brenda, concern.pk)
        assert page is not None
        assert [line.words for line in page.lines] == [FOUND.words]
        # Row security says the same to whoever asks the tables themselves.
        assert [one.words for one in ConcernEntry.objects.all()] == [FOUND.words]
    end_sharing(cast)
    with acting_as(cast.brenda):
        assert concern_page(cast.brenda, concern.pk) is None
        tables = (Concern, ConcernEntry, ConcernHold, Hold)
        assert [table.objects.count() for table in tables] == [0, 0, 0, 0]
        assert not homes.seen_by(cast.sutton.pk, TODAY).holds
    assert not held_for(cast.sutton.pk, cast.acorn_house.pk, TODAY)


def test_an_authority_outside_the_consortium_sees_nothing(cast: Cast) -> None:
    concern = raised(cast)
    elsewhere = Authority.objects.create(name="Elsewhere", gss_code="E09000099")
    stranger = replace(cast.brenda, authority_id=elsewhere.pk)
    with acting_as(stranger):
        assert not concerns(stranger).exists()
        assert [table.objects.count() for table in (Concern, ConcernEntry, ConcernHold, Hold)] == [0, 0, 0, 0]
    assert not held_for(elsewhere.pk, concern.setting_id, TODAY)


def test_the_provider_reads_nothing_before_it_is_told_and_then_only_what_is_meant_for_it(cast: Cast) -> None:
    concern = raised(cast)
    with acting_as(cast.priya):
        assert own_concern(cast.priya, concern.pk) is None
        assert actions.reply_to_concern(by=cast.priya, now=NOW, concern_id=concern.pk, words="No.").problems
        assert not Concern.objects.exists()
    step(cast, concern, "tell_provider_of_concern", words="Please send us the rotas of October.").done()
    with acting_as(cast.priya):
        own = own_concern(cast.priya, concern.pk)
        assert own is not None
        assert "Nights without staff" not in own.title
        assert [line.words for line in own.lines] == ["Please send us the rotas of October."]
        actions.reply_to_concern(
            by=cast.priya, now=NOW, concern_id=concern.pk, words="They are attached to our letter."
        ).done()
    with acting_as(cast.quinn):
        assert own_concern(cast.quinn, concern.pk) is None
    with acting_as(cast.cora):
        page = concern_page(cast.cora, concern.pk)
        assert page is not None
        assert page.lines[-1].kind == "reply"


def test_a_concern_is_lifted_by_a_second_person_with_reasons(cast: Cast) -> None:
    concern = raised(cast)
    assert step(cast, concern, "propose_lifting", reason=" ").problems[0].field == "reason"
    step(cast, concern, "propose_lifting", reason="Nights are staffed again.").done()
    assert step(cast, concern, "lift_concern", reason="So it is.").problems[0].code == "own_proposal"
    assert held_for(cast.croydon.pk, cast.acorn_house.pk, TODAY)
    step(cast, concern, "lift_concern", by=cast.dev, reason="Rotas of six weeks were seen.").done()
    assert not held_for(cast.croydon.pk, cast.acorn_house.pk, TODAY)


def test_its_hold_cannot_be_lifted_past_it_and_the_grade_only_goes_up(cast: Cast) -> None:
    concern = raised(cast)
    hold = Hold.objects.get(of_concern__concern=concern)
    assert providers.lift_hold(by=cast.cora, now=NOW, hold_id=hold.pk).problems[0].code == "of_concern"
    assert step(cast, concern, "raise_grade", grade=2, reason="Better.").problems[0].field == "grade"
    step(cast, concern, "raise_grade", grade=4, reason="It happened again.").done()
    seen = homes.seen_by(cast.croydon.pk, TODAY)
    assert set(seen.holds) == {(cast.acorn_house.pk, "suspension")}


def test_whoever_has_children_there_is_told_at_once_and_the_others_are_not(cast: Cast) -> None:
    make.market_open(cast)
    Notice.objects.all().delete()
    raised(cast)
    told = set(Notice.objects.filter(link__startswith="/concerns/").values_list("authority__name", "role"))
    assert ("Croydon", "broker") in told
    assert not any(name == "Sutton" for name, _ in told)


def test_only_who_may_stop_placements_raises_it_so_far(cast: Cast) -> None:
    given = {"setting_id": cast.acorn_house.pk, "about": "care", "title": "A worry", "first": ALLEGED}
    refused = actions.raise_concern(by=cast.sadia, now=NOW, grade=3, **given)
    assert refused.problems[0].field == "grade"
    assert actions.raise_concern(by=cast.sadia, now=NOW, grade=2, **given).is_done
    bare = replace(ALLEGED, kind="fact")
    assert (
        actions.raise_concern(by=cast.cora, now=NOW, grade=1, **given | {"first": bare}).problems[0].field
        == "how_known"
    )


@pytest.mark.parametrize("stage", ["submit", "choose", "approve"])
def test_a_hold_wins_however_far_the_search_has_come(cast: Cast, stage: str) -> None:
    if stage == "submit":
        offer = make.offer_filled(cast, make.market_open(cast), cast.acorn_house)
        raised(cast)
        outcome = offers.submit_offer(by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version)
        assert outcome.problems[0].code == "on_hold"
        return
    search = make.offers_closed(cast)
    if stage == "choose":
        raised(cast)
        with pytest.raises(RuntimeError, match="No child may be placed there"):
            make.offer_chosen(cast, search, cast.acorn_house)
        make.offer_chosen(cast, search, cast.adams)
        return
    permission = make.offer_chosen(cast, search, cast.acorn_house)
    raised(cast)
    outcome = make.decisions.approve_placement(
        by=make.approver_of(cast, permission), now=make.LATER, permission_id=permission.pk, version=permission.version,
        conditions="",
    )  # fmt: skip
    assert outcome.problems[0].code == "on_hold"
