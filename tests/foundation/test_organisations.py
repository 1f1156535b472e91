"""An authority begins to use the product."""

from __future__ import annotations

import pytest

from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.organisations.actions import add_authority
from rightplace.foundation.organisations.models import Authority
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def let_in(name: str = "London Borough of Croydon", **more):
    return add_authority(by=system_actor(), now=NOW, name=name, **more)


def test_an_authority_is_let_in_by_the_name_it_goes_by():
    row = let_in(consortium="South London", teams=["Children looked after 1"]).done()
    assert (row.name, row.gss_code, row.dfe_code, row.region) == ("Croydon", "E09000008", "306", "London")
    assert row.population_0_17 and row.population_0_17 > 80_000
    assert [team.name for team in row.teams.all()] == ["Children looked after 1"]
    assert AuditEntry.objects.filter(authority_id=row.pk, verb="add_authority").count() == 1


def test_again_it_adds_only_what_is_missing():
    let_in(teams=["One"])
    row = let_in("Croydon", consortium="South London", teams=["One", "Two"]).done()
    assert Authority.objects.count() == 1
    assert row.teams.count() == 2
    assert str(row.consortium) == "South London"


def test_a_name_that_nobody_bears_is_refused_with_the_nearest():
    [problem] = let_in("Croydn").problems
    assert problem.sentence == "There is no authority called “Croydn” in England. Did you mean Croydon?"


def test_no_real_authority_stands_beside_a_demonstration():
    Authority.objects.create(name="Sutton", gss_code="E09000029", is_demo=True)
    [problem] = let_in().problems
    assert problem.code == "demonstration"


def test_an_empty_name_of_a_team_is_refused():
    [problem] = let_in(teams=["  "]).problems
    assert problem.code == "unfit_name"
    assert not Authority.objects.exists()
