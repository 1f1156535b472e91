"""The pages of simulations: asked for, watched, stopped, gone on with, looked at, deleted."""

from __future__ import annotations

import pytest
from django.test import Client

from rightplace.oversight.simulations.carrying_on import carry_on_simulations
from rightplace.oversight.simulations.models import Simulation
from tests.cast import NOW, Cast
from tests.visit import send, signed_in

LIST = "/commissioning/simulations/"
ASKED = {
    "name": "Telephone or rank", "policies": ["one_by_one", "ranked_choice"], "market": "tight", "years": "0.03",
    "runs": "2", "seed": "4",
}  # fmt: skip


@pytest.fixture
def cora(cast: Cast) -> Client:
    """Cora's browser."""
    return signed_in(cast.cora)


def test_a_simulation_is_asked_for_and_its_figures_come_as_worlds_finish(cora: Client) -> None:
    done = send(cora, f"{LIST}new/", **ASKED)
    assert done.status_code == 303, done.content.decode()[:2000]
    page = cora.get(done["Location"]).content.decode()
    assert "0 of 2 worlds are done" in page and "No world is done yet" in page
    carry_on_simulations(NOW)
    page = cora.get(done["Location"]).content.decode()
    assert "Finished" in page and "Suitable offers to choose from" in page and "<svg" in page
    assert "Less ranked choice, world by world" in page and "Moderate needs" in page
    assert "predicts no child" in page
    assert "2 of 2" in cora.get(LIST).content.decode()
    lines = cora.get(f"{done['Location']}?download=csv").content.decode().splitlines()
    assert lines[0].endswith("Policy,Measure,Unit,Mean,95% from,95% to") and len(lines) > 10


def test_it_is_stopped_gone_on_with_and_deleted(cora: Client) -> None:
    url = send(cora, f"{LIST}new/", **ASKED)["Location"]
    assert send(cora, f"{url}stop/").status_code == 303
    assert "Stopped after 0 of 2 worlds" in cora.get(url).content.decode()
    assert send(cora, f"{url}take-up/").status_code == 303
    assert "0 of 2 worlds are done" in cora.get(url).content.decode()
    assert send(cora, f"{url}take-up/").status_code == 409
    assert send(cora, f"{url}delete/").status_code == 303
    assert Simulation.objects.count() == 0


def test_what_cannot_be_run_is_said_at_its_field(cora: Client) -> None:
    refused = send(cora, f"{LIST}new/", **{**ASKED, "years": "9", "policies": ["clairvoyant"]})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "At most 2 years here" in page and "Choose at least one policy that places children" in page


def test_every_number_is_shown_with_its_source(cora: Client) -> None:
    page = cora.get(f"{LIST}figures/").content.decode()
    assert (
        "What would overturn it" in page and "assumed" in page and "DfE, Children looked after 2024" in page
    )
