"""Who waits, and homes for everyone together: the list, the proposal, pins and what they cost, through HTTP."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rightplace.core.matching.policy import DEFAULT_POLICY
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.safeguards import restricting
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search import proposing
from rightplace.journey.search.models import Proposal, ProposalLine, ProposalMark
from rightplace.journey.search.policies import ForEveryone, PolicyGiven, set_policy
from rightplace.journey.search.scarce import scarcity_now
from rightplace.journey.search.waiting import everyone_waiting, how_many_would_do
from rightplace.register.carers.models import Household
from rightplace.register.children.living_with import keep_apart
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import LONG_AGO, NOW, Cast
from tests.visit import send, signed_in

WAITS = "/brokerage/who-waits/"
PROPOSAL = f"{WAITS}proposal/"


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast with Amber in search, and Jude and Kiran ready."""
    make.market_open(cast)
    make.request_ready(cast, children=(cast.jude, cast.kiran))
    return cast


@pytest.fixture
def bola(cast: Cast) -> Client:
    """Bola's browser."""
    return signed_in(cast.bola)


@pytest.fixture
def waiting(cast: Cast) -> tuple[PlacementRequest, PlacementRequest]:
    """Amber's request, and that of Jude and Kiran."""
    alone, pair = PlacementRequest.objects.order_by("pk")
    return alone, pair


def line(request: PlacementRequest) -> ProposalLine:
    return ProposalLine.objects.filter(request=request).order_by("-proposal_id").first()


def pin(client: Client, request: PlacementRequest, key: str) -> int:
    return send(client, f"{WAITS}requests/{request.pk}/mark/", home=key).status_code


def rule_out_url(request: PlacementRequest, key: str) -> str:
    kind, _, number = key.partition(":")
    return f"{WAITS}requests/{request.pk}/rule-out/{'home' if kind == 'setting' else kind}/{number}/"


def rule_out(client: Client, request: PlacementRequest, key: str, **reason: str) -> HttpResponse:
    return send(client, rule_out_url(request, key), **reason)


def test_everyone_in_search_is_listed_with_how_many_homes_would_do(
    bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    page = bola.get(WAITS).content.decode()
    for row in waiting:
        assert row.reference in page
    assert "Children who wait" in page and "Homes that would do" in page


def test_the_list_is_filtered_sorted_and_downloaded_from_its_address(
    bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, pair = waiting
    body = bola.get(f"{WAITS}?q={pair.reference}").content.decode().split("<table")[-1]
    assert pair.reference in body and alone.reference not in body
    rows = bola.get(f"{WAITS}?sort=-children&download=csv").content.decode().splitlines()
    assert rows[1].startswith(pair.reference) and rows[2].startswith(alone.reference)
    assert "Nobody waits" in bola.get(f"{WAITS}?homes=none&q=zzz").content.decode()


def test_managers_and_directors_look_and_only_brokers_act(
    cast: Cast, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    for actor in (cast.moses, cast.dev, cast.fern):
        client = signed_in(actor)
        assert client.get(WAITS).status_code == 200
        assert "Propose homes" not in client.get(PROPOSAL).content.decode()
        assert send(client, f"{WAITS}propose/").status_code == 403
    assert signed_in(cast.sadia).get(WAITS).status_code == 403
    assert waiting[0].reference not in signed_in(cast.brenda).get(WAITS).content.decode()


def test_everyone_gets_a_home_with_its_reason_and_the_set_is_proven_best(
    bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    assert send(bola, f"{WAITS}propose/").status_code == 303
    page = bola.get(PROPOSAL).content.decode()
    row = Proposal.objects.get()
    assert (row.state, row.placed, row.is_best) == ("done", 3, True)
    assert "No other set of homes is better" in page and "Who could live where" in page
    assert all(one.words for one in row.lines.all())
    assert AuditEntry.objects.filter(verb="propose_homes").count() == 1


def test_nobody_waiting_is_said(cast: Cast) -> None:
    page = send(signed_in(cast.brenda), f"{WAITS}propose/")
    assert page.status_code == 422 and "Nobody waits for a home" in page.content.decode()


def test_a_home_ruled_out_is_not_proposed_and_may_be_again_when_that_is_taken_back(
    bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, _ = waiting
    send(bola, f"{WAITS}propose/")
    first = key_of(line(alone))
    asked = bola.get(rule_out_url(alone, first)).content.decode()
    assert "Why is it ruled out?" in asked and alone.reference in asked
    assert rule_out(bola, alone, first).status_code == 422
    assert "In your own words" in rule_out(bola, alone, first, reason_code="other").content.decode()
    assert rule_out(bola, alone, first, reason_code="child_said_no", reason="She said so").status_code == 303
    assert key_of(line(alone)) != first
    mark = ProposalMark.objects.get(undone_at__isnull=True)
    assert send(bola, f"{WAITS}marks/{mark.pk}/undo/", version=mark.version).status_code == 303
    assert key_of(line(alone)) == first
    assert send(bola, f"{WAITS}marks/{mark.pk}/undo/", version=mark.version).status_code == 409


def test_homes_ruled_out_are_listed_with_their_reasons_and_found_again(
    bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, pair = waiting
    send(bola, f"{WAITS}propose/")
    for row, code in ((alone, "too_far"), (pair, "family")):
        assert rule_out(bola, row, key_of(line(row)), reason_code=code).status_code == 303
    url = f"{WAITS}ruled-out/"
    page = bola.get(url).content.decode()
    assert alone.reference in page and "Too far from home or school" in page
    found = bola.get(f"{url}?reason=family&state=now&download=csv").content.decode()
    assert pair.reference in found and alone.reference not in found
    assert alone.reference not in bola.get(f"{url}?q={pair.reference}&download=csv").content.decode()


def test_a_bed_kept_back_goes_to_an_emergency_alone_and_the_page_says_so(
    cast: Cast, bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, _ = waiting
    given = PolicyGiven(
        dict(DEFAULT_POLICY.weights),
        DEFAULT_POLICY.must_codes,
        timezone.localdate(),
        "Agreed",
        ForEveryone(beds_kept_back=2),
    )
    set_policy(by=cast.cora, now=timezone.now(), given=given).done()
    Setting.objects.all().update(closed_on="2020-01-01")
    send(bola, f"{WAITS}propose/")
    page = bola.get(PROPOSAL).content.decode()
    assert "One bed each with The Adams family, The Brown family" in page
    # The Adams family has two beds of which one is kept back, the Brown family none left but for an emergency.
    assert key_of(line(alone)) == f"household:{cast.adams.pk}"
    PlacementRequest.objects.filter(pk=alone.pk).update(is_emergency=True)
    pin(bola, alone, f"household:{cast.brown.pk}")
    assert key_of(line(alone)) == f"household:{cast.brown.pk}"
    refused = bola.get(f"{PROPOSAL}?home=without&download=csv").content.decode()
    assert (
        "keeps a bed back for emergencies" in refused
        or "brothers" in refused
        or alone.reference not in refused
    )


def test_a_home_that_earlier_children_needed_is_dear_and_the_page_says_so(
    cast: Cast, bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    Setting.objects.all().update(closed_on="2020-01-01")
    Household.objects.filter(pk=cast.brown.pk).update(status="on_hold")
    today = timezone.localdate()
    with acting_as(cast.bola):
        assert not scarcity_now(cast.bola, everyone_waiting(cast.bola, today)).price.any()
        PlacementRequest.objects.filter(pk=waiting[0].pk).update(state="placed", submitted_at=timezone.now())
        everyone = everyone_waiting(cast.bola, today)
        found = scarcity_now(cast.bola, everyone)
    row = everyone.market.row_of_key[f"household:{cast.adams.pk}"]
    assert found.needed_by[row] == 1 and found.price[row] > 10
    send(bola, f"{WAITS}propose/")
    page = bola.get(PROPOSAL).content.decode()
    assert "Learned from the requests of the last year" in page and "The Adams family" in page


def test_children_who_are_kept_apart_are_never_proposed_for_one_home(
    cast: Cast, bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, pair = waiting
    Setting.objects.exclude(pk=cast.acorn_house.pk).update(closed_on="2020-01-01")
    Household.objects.all().update(status="on_hold")
    Setting.objects.update(min_age=0)
    send(bola, f"{WAITS}propose/")
    assert line(alone).setting_id == line(pair).setting_id == cast.acorn_house.pk
    cast.amber.refresh_from_db()
    keep_apart(
        by=cast.sadia, now=NOW, child_id=cast.amber.pk, version=cast.amber.version, other_number=cast.jude.local_number,
        reason="He was hurt by her brother.",
    ).done()  # fmt: skip
    send(bola, f"{WAITS}propose/")
    assert {line(alone).setting_id, line(pair).setting_id} == {cast.acorn_house.pk, None}
    page = bola.get(PROPOSAL).content.decode()
    assert "whose child is to be kept apart from this one" in page and "1 pair of requests is never" in page


def test_a_pinned_home_is_kept_and_its_cost_to_the_others_is_said(
    cast: Cast, bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, pair = waiting
    Setting.objects.all().update(places=0)
    Setting.objects.filter(pk=cast.harbour_agency.pk).update(closed_on="2020-01-01")
    send(bola, f"{WAITS}propose/")
    assert key_of(line(pair)) == f"household:{cast.adams.pk}"
    assert pin(bola, alone, f"household:{cast.adams.pk}") == 303
    assert line(pair).household_id is None and line(alone).is_pinned
    page = bola.get(PROPOSAL).content.decode()
    assert "2 fewer children are placed" in line(alone).pin_words or "fewer" in page


def test_a_home_that_a_must_forbids_cannot_be_pinned(
    cast: Cast, bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    _, pair = waiting
    page = send(bola, f"{WAITS}requests/{pair.pk}/mark/", home=f"household:{cast.brown.pk}")
    assert page.status_code == 422 and "2 needed and 1 free" in page.content.decode()
    assert pin(bola, pair, "household:999999") == 404
    assert pin(bola, pair, "nonsense") == 404


def test_a_new_pin_takes_the_place_of_the_earlier(
    cast: Cast, bola: Client, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, _ = waiting
    pin(bola, alone, f"household:{cast.adams.pk}")
    pin(bola, alone, f"household:{cast.brown.pk}")
    kept = ProposalMark.objects.filter(kind="pinned", undone_at__isnull=True)
    assert [one.household_id for one in kept] == [cast.brown.pk]


def test_a_restricted_request_is_in_nobody_elses_list_or_proposal(
    cast: Cast, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    alone, pair = waiting
    with acting_as(cast.bola):
        proposing.propose_homes(by=cast.bola, now=NOW).done()
    restricting.restrict_case(
        by=cast.iggy, now=timezone.now(), child_number=cast.amber.local_number, reason="An aunt works in the team.",
        people=[cast.sadia.person_id],
    ).done()  # fmt: skip
    client = signed_in(cast.bola)
    for url in (WAITS, PROPOSAL):
        page = client.get(url).content.decode()
        assert alone.reference not in page and pair.reference in page
    assert pin(client, alone, f"household:{cast.adams.pk}") == 404


def test_a_large_problem_is_left_to_the_worker(
    bola: Client, waiting: tuple[PlacementRequest, PlacementRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "AT_ONCE", 0)
    send(bola, f"{WAITS}propose/")
    assert "worked out in the background" in bola.get(PROPOSAL).content.decode()
    assert proposing.work_out_waiting(NOW) == 1
    assert proposing.work_out_waiting(NOW) == 0
    assert Proposal.objects.get().state == "done"


def test_the_list_reads_as_often_for_many_as_for_few(cast: Cast, bola: Client) -> None:
    few = reads(bola)
    make.request_ready(cast, children=(cast.jude,))
    make.request_ready(cast, children=(cast.kiran,))
    assert reads(bola) <= few


def reads(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(WAITS)
    return len(queries)


def key_of(row: ProposalLine) -> str:
    return f"household:{row.household_id}" if row.household_id else f"setting:{row.setting_id}"


def test_the_consortium_sees_anonymised_profiles_only_while_they_are_shared(
    cast: Cast, waiting: tuple[PlacementRequest, PlacementRequest]
) -> None:
    conrad, url = signed_in(cast.conrad), "/region/who-waits/"
    assert "Nobody is shared" in conrad.get(url).content.decode()
    agreement = SharingAgreement.objects.create(
        authority=cast.croydon, consortium_id=cast.croydon.consortium_id, kind="profiles", starts_on=LONG_AGO,
        ends_on="2126-01-01", signed_by="The director", signed_on=LONG_AGO, recorded_by_id=cast.iggy.user_id,
    )  # fmt: skip
    page = conrad.get(url).content.decode()
    assert "Croydon 1" in page and "Harbour Fostering" in page
    for hidden in (*(row.reference for row in waiting), "Amber", "The Adams family"):
        assert hidden not in page
    SharingAgreement.objects.filter(pk=agreement.pk).update(ended_at=NOW)
    assert "Nobody is shared" in conrad.get(url).content.decode()
    assert signed_in(cast.bola).get(url).status_code == 403


def test_the_number_of_homes_is_counted_once_and_follows_every_change(
    cast: Cast,
    bola: Client,
    waiting: tuple[PlacementRequest, PlacementRequest],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone, _ = waiting

    def homes() -> int:
        rows = bola.get(f"{WAITS}?q={alone.reference}&download=csv").content.decode().splitlines()
        return int(rows[1].rsplit(",", 1)[1])

    before = homes()
    Household.objects.filter(pk=cast.adams.pk).update(status="on_hold")
    assert homes() == before - 1
    Household.objects.filter(pk=cast.adams.pk).update(status="approved")
    assert homes() == before
    with acting_as(cast.bola):
        everyone = everyone_waiting(cast.bola, timezone.localdate())
        again = [wait.referral for wait in everyone.waits]
        counted = how_many_would_do(again, everyone.market, everyone.in_force.policy)
        monkeypatch.setattr("rightplace.journey.search.waiting.value_matrix", None)
        assert how_many_would_do(again, everyone.market, everyone.in_force.policy) == counted
    assert counted == [wait.suitable for wait in everyone.waits]
