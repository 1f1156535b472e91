"""Invoices and payments over the API: sent once and checked at once, read line by line, answered, and seen paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices import proposing
from rightplace.journey.invoices.models import Invoice
from rightplace.journey.payments.models import ScheduleLine
from tests.api.caller import Caller
from tests.api.test_operations import problem
from tests.make import LATER
from tests.world import World

Call = Callable[..., Caller]


@pytest.fixture
def line(world: World, db: None) -> ScheduleLine:
    """What is due to Oakhouse and was not invoiced: the latest line of its contract."""
    contract = Contract.objects.get(pk=world.ours[0]["contract"])
    return (
        ScheduleLine.objects.filter(contract=contract, state="due", settled_at=None)
        .order_by("period")
        .first()
    )


def bill(line: ScheduleLine, **more: Any) -> dict[str, Any]:
    """An invoice for exactly that."""
    first = more.pop("first", {})
    billed = {
        "starts_on": line.period.lower.isoformat(), "ends_on": line.period.upper.isoformat(), "net_pence": line.pence,
        "contract": line.contract.reference, "unit": "night", "quantity": "0",
    }  # fmt: skip
    given = {"number": "API-1", "invoiced_on": "2026-11-01", "lines": [billed | first]}
    return given | {"authority_id": line.authority_id} | more


def maker(world: World, line: ScheduleLine) -> Any:
    return world.cast.priya if line.provider_id == world.cast.oakhouse.pk else world.cast.quinn


def test_a_system_sends_an_invoice_once_and_reads_how_each_line_stands(
    world: World, call: Call, line: ScheduleLine
) -> None:
    caller = call(maker(world, line))
    first = caller.post("/invoices", bill(line), key="invoice-api-1")
    again = caller.post("/invoices", bill(line), key="invoice-api-1")
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json()["id"] == again.json()["id"]
    assert Invoice.objects.filter(number="API-1", channel="api").count() == 1
    shown = caller.get(f"/invoices/{first.json()['id']}").json()
    assert shown["net_pence"] == line.pence
    assert [one["contract"] for one in shown["invoice_lines"]] == [line.contract.reference]
    assert shown["verbs"] == ["withdraw_invoice", "attach_document"]
    assert shown["id"] in [one["id"] for one in caller.get("/invoices", number="API-1").json()["items"]]


def test_the_same_number_under_another_key_is_a_conflict(
    world: World, call: Call, line: ScheduleLine
) -> None:
    caller = call(maker(world, line))
    assert caller.post("/invoices", bill(line)).status_code == 201
    again = caller.post("/invoices", bill(line))
    assert (again.status_code, problem(again)) == (409, "wrong-state")


def test_what_is_wrong_is_found_with_its_clause_and_the_money(
    world: World, call: Call, line: ScheduleLine
) -> None:
    caller = call(maker(world, line))
    made = caller.post("/invoices", bill(line, first={"contract": "IPC-999999"})).json()
    found = made["invoice_lines"][0]["findings"]
    assert found[0]["name"] == "Not commissioned"
    assert found[0]["clause"]
    assert found[0]["pence"] == line.pence == made["at_stake_pence"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"net_pence": 1}, ""),
        ({"first": {"net_pence": 0}}, "net"),
        ({"first": {"starts_on": "2031-01-01", "ends_on": "2031-02-01"}}, "starts_on"),
        ({"invoiced_on": "2031-01-01"}, "invoiced_on"),
        ({"provider_id": 1}, "provider_id"),
        ({"lines": []}, "lines"),
    ],
)
def test_an_invoice_that_does_not_fit_is_refused_with_the_field_and_leaves_nothing(
    world: World, call: Call, line: ScheduleLine, wrong: dict[str, Any], field: str
) -> None:
    before = Invoice.objects.count()
    answer = call(maker(world, line)).post("/invoices", bill(line, **wrong))
    assert (answer.status_code, problem(answer)) == (422, "unfit")
    assert field in {one["field"] for one in answer.json()["errors"]}
    assert Invoice.objects.count() == before


def test_finance_sends_one_for_a_provider_and_others_see_nothing_of_it(
    world: World, call: Call, line: ScheduleLine
) -> None:
    fin = call(world.cast.fin)
    given = bill(line, provider_id=line.provider_id, received_on="2026-11-02")
    made = fin.post("/invoices", given)
    assert made.status_code == 201
    key = made.json()["id"]
    assert call(maker(world, line)).get(f"/invoices/{key}").status_code == 200
    assert call(world.sutton_cast.fin).get(f"/invoices/{key}").status_code == 404
    assert (
        call(world.sutton_cast.fin).post("/invoices", bill(line, provider_id=line.provider_id)).status_code
        == 404
    )


def test_a_proposed_invoice_is_confirmed_or_objected_to_by_the_version_that_was_seen(
    world: World, call: Call, line: ScheduleLine
) -> None:
    with acting_as(world.cast.fin):
        made = proposing.propose_invoices(
            by=world.cast.fin, now=LATER, month=line.month, provider_id=line.provider_id
        ).done()
    caller, key = call(maker(world, line)), made[0].pk
    seen = caller.get(f"/invoices/{key}")
    assert set(seen.json()["verbs"]) == {"confirm_invoice", "object_to_invoice"}
    assert caller.post(f"/invoices/{key}/object", {"words": ""}, etag=seen["ETag"]).status_code == 422
    done = caller.post(f"/invoices/{key}/confirm", etag=seen["ETag"])
    assert (done.status_code, done.json()["state"]) == (200, "received")
    stale = caller.post(f"/invoices/{key}/withdraw", etag=seen["ETag"])
    assert (stale.status_code, problem(stale)) == (412, "stale")
    assert caller.post(f"/invoices/{key}/withdraw", etag=done["ETag"]).json()["state"] == "withdrawn"


def test_a_payment_is_read_with_the_items_that_add_up_to_it(world: World, call: Call) -> None:
    scene = next(scene for scene in world.ours if "remittance" in scene)
    fin = call(world.cast.fin)
    listed = {one["id"]: one for one in fin.get("/payments", limit=100).json()["items"]}
    assert scene["remittance"] in listed
    shown = fin.get(f"/payments/{scene['remittance']}").json()
    assert sum(one["pence"] for one in shown["items"]) == shown["pence"] > 0
    assert "account" not in str(shown)
    sent = fin.get("/payments", state="sent").json()["items"]
    assert all(one["state"] == "sent" for one in sent)
