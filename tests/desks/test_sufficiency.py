"""The pages of forecast and sufficiency through HTTP: with a record, without one, with forms that are wrong; API and command."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from rightplace.cli.forecast import app
from rightplace.core.forecasting.what_ifs import WHAT_IFS
from rightplace.desks.commissioning.sufficiency_figures import millions
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.oversight.sufficiency.models import Scenario
from tests import make
from tests.api.caller import Caller
from tests.cast import LONG_AGO, Cast
from tests.lived import lived
from tests.visit import send, signed_in

pytestmark = pytest.mark.django_db
ROOT = "/commissioning/sufficiency/"
TERMS = {
    "beds": "4", "share": "30", "spot_pence": "7385", "framework_pence": "7000", "block_pence": "6200",
    "build_pence": "1200000", "running_pence": "4800", "opens": "18",
}  # fmt: skip


@pytest.fixture
def record(cast: Cast) -> Cast:
    """The cast with five years of Croydon's placements up to this month."""
    lived(cast.croydon, 60, timezone.localdate().replace(day=1) - timedelta(days=1))
    return cast


def test_the_forecast_shows_groups_leavers_and_the_moves_of_an_age(record: Cast) -> None:
    client = signed_in(record.cora)
    page = client.get(ROOT, {"kind": "residential", "age": "5"}).content.decode()
    assert (
        "Care leavers of 18 to 24" in page and "Full care orders" in page and "Unaccompanied children" in page
    )
    assert "Children of 16 and 17" in page
    assert client.get(ROOT, {"age": "99"}).status_code == 200
    assert "Trend check" in client.get(f"{ROOT}model/").content.decode()


def test_cost_supply_and_the_business_case_are_shown_and_wrong_entries_said(record: Cast) -> None:
    client = signed_in(record.cora)
    past = client.get(f"{ROOT}cost/", {"months": "-12"}).content.decode()
    assert "A week 12 months ago" in past and "Why a week costs more or less" in past
    cost = client.get(f"{ROOT}cost/", {"months": "24"}).content.decode()
    assert "Dearer or cheaper places" in cost and "A week in 24 months" in cost
    assert "Own foster places" in client.get(f"{ROOT}supply/").content.decode()
    case = client.get(f"{ROOT}business-case/", TERMS).content.decode()
    assert "Chance that it saves" in case and "Discount, 1.5% to 6% a year" in case
    wrong = client.get(f"{ROOT}business-case/", {**TERMS, "beds": "0", "spot_pence": "0"}).content.decode()
    assert "There is a problem" in wrong and "Chance that it saves" not in wrong
    block = client.get(f"{ROOT}block/", {"share": "30", "price": "6200", "market": "7385"}).content.decode()
    assert "Every number of beds" in block


def test_a_ready_made_what_if_fills_the_form_is_kept_compared_and_shared(record: Cast) -> None:
    client = signed_in(record.cora)
    assert all(known.change.name in client.get(f"{ROOT}what-ifs/").content.decode() for known in WHAT_IFS[:1])
    form = client.get(f"{ROOT}scenarios/new/", {"from": "specialist-carers"}).context["form"]
    values = {name: form[name].value() for name in form.fields}
    entries = {name: "" if value is None else str(value) for name, value in values.items()}
    sent = send(client, f"{ROOT}scenarios/new/", **entries)
    assert sent.status_code in {302, 303}, sent.content.decode()[:2000]
    row = Scenario.objects.get(authority=record.croydon)
    assert (row.own_carers, row.carers_instead) == (6, "residential")
    page = client.get(f"{ROOT}scenarios/{row.pk}/").content.decode()
    assert "Moves between kinds" in page and "Share it with the consortium" in page
    assert "Miles from home" in client.get(f"{ROOT}scenarios/compared/").content.decode()
    send(client, f"{ROOT}scenarios/{row.pk}/share/", share="yes")
    shared = signed_in(record.conrad).get("/region/sufficiency/scenarios/").content.decode()
    assert row.name in shared
    assert (
        send(signed_in(record.cora), f"{ROOT}scenarios/{row.pk + 99}/share/", share="yes").status_code == 404
    )


def test_statements_come_as_papers(record: Cast) -> None:
    client = signed_in(record.cora)
    for name in ("sufficiency", "market-position"):
        assert client.get(f"{ROOT}statements/{name}.pdf").headers["Content-Type"] == "application/pdf"


def test_the_command_and_the_api_give_the_numbers_of_the_page(record: Cast) -> None:
    done = CliRunner().invoke(app, ["run", "--authority", record.croydon.name, "--seed", "7", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    answer = Caller(record.cora).get("/forecast", seed=7)
    assert answer.status_code == 200, answer.content
    read = answer.json()
    assert read["months"] == told["months"]
    today = Caller(record.cora).get("/forecast/scenarios", seed=7).json()["scenarios"][0]
    assert today["yearly_pence"] == told["cost"]["As today"]
    assert Caller(record.bola).get("/forecast").status_code == 403


def test_without_a_record_every_page_says_so(cast: Cast) -> None:
    client = signed_in(cast.cora)
    for path in (
        "",
        "model/",
        "cost/",
        "business-case/",
        "block/",
        "supply/",
        "missing/",
        "what-ifs/",
        "scenarios/compared/",
    ):
        assert client.get(ROOT + path).status_code == 200, path
    assert Caller(cast.cora).get("/forecast").status_code == 404


def _share_needs(cast: Cast) -> None:
    for one in (cast.croydon, cast.sutton):
        SharingAgreement.objects.create(
            authority=one, consortium_id=one.consortium_id, kind="needs", starts_on=LONG_AGO, ends_on="2126-01-01",
            signed_by="The director", signed_on=LONG_AGO, recorded_by_id=cast.iggy.user_id,
        )  # fmt: skip


def test_the_region_sees_what_is_missing_and_sizes_a_block_together(cast: Cast) -> None:
    make.market_open(cast)
    for authority in (cast.croydon, cast.sutton):
        lived(authority, 60, timezone.localdate().replace(day=1) - timedelta(days=1))
    client = signed_in(cast.conrad)
    assert client.get("/region/sufficiency/", {"part": "South London"}).status_code == 200
    alone = client.get("/region/sufficiency/block/", {"share": "50", "price": "6200", "market": "7385"})
    assert "Fewer than two authorities" in alone.content.decode()
    _share_needs(cast)
    block = client.get("/region/sufficiency/block/", {"share": "50", "price": "6200", "market": "7385"})
    assert block.status_code == 200
    assert "What each pays in a good year and in a bad one" in block.content.decode()
    assert signed_in(cast.cora).get("/region/sufficiency/").status_code in {302, 403}


@pytest.mark.parametrize(
    ("pence", "words"),
    [
        (1_234_567_89, "£1.2m"),
        (-57_676_300, "−£577,000"),
        (1_049_900, "£10,000"),
        (123_456, "£1,235"),
        (0, "£0"),
    ],
)
def test_an_estimate_is_told_no_more_exactly_than_it_is_known(pence: int, words: str):
    assert millions(pence) == words
