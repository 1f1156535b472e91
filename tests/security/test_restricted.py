"""A restricted case: only the people named for it find it anywhere, whichever way they look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from rightplace.exchange.case_recording.deciding import identities
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.actions import tell_role
from rightplace.foundation.notices.queries import notices
from rightplace.foundation.restricted_rows import clause_for, restricted_tables
from rightplace.foundation.safeguards import restricting
from rightplace.foundation.safeguards.models import NamedPerson, Restriction
from rightplace.foundation.tenancy import policies
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.queries import setting_occupancy
from rightplace.register.children.models import Child, LegalStatus
from rightplace.register.children.queries import child_file, children
from tests import make
from tests.cast import Cast
from tests.exchanged import exchanged
from tests.rules.addresses import ANYONE, Address, addresses
from tests.security.crawl import IS_WHOLE, of_role
from tests.security.entering import signed_in
from tests.world import World

DOWNLOADS = ("", "?download=csv")
# Pages that say of every restricted case that it is one, by number.
OF_KEEPERS = ("governance:", "panel:home")


def restricted(cast: Cast, *named: Actor, child: Child | None = None) -> Restriction:
    """A case restricted by Iggy to these people."""
    row = child or cast.amber
    return restricting.restrict_case(
        by=cast.iggy, now=timezone.now(), child_number=row.local_number, reason="An aunt works in the team.",
        people=[one.person_id for one in named or (cast.sadia,)],
    ).done()  # fmt: skip


def test_only_named_people_see_the_child(cast: Cast) -> None:
    restricted(cast, cast.sadia, cast.moses)
    for actor, is_seen in ((cast.sadia, True), (cast.moses, True), (cast.tessa, False), (cast.bola, False), (cast.dev, False)):
        with acting_as(actor):
            assert Child.objects.filter(pk=cast.amber.pk).exists() is is_seen, actor
            assert LegalStatus.objects.filter(child=cast.amber).exists() is is_seen, actor


def test_the_queries_hold_also_without_the_row_security(cast: Cast) -> None:
    """The first wall: outside any scope the owner's role sees every row, and the query still leaves the child out."""
    restricted(cast)
    assert cast.amber not in children(cast.bola)
    assert cast.amber in children(cast.sadia)
    with acting_as(cast.bola):
        assert child_file(cast.bola, cast.amber.pk, now=timezone.now()) is None


def test_a_request_with_a_restricted_sibling_is_restricted_whole(cast: Cast) -> None:
    row = make.request_draft(cast, children=(cast.jude, cast.kiran))
    restricted(cast, child=cast.kiran)
    with acting_as(cast.moses):
        assert not type(row).objects.filter(pk=row.pk).exists()
        assert Child.objects.filter(pk=cast.jude.pk).exists()


def test_every_table_that_leads_to_a_child_is_held_by_the_database(world: World) -> None:
    """Whatever leads to the restricted child disappears, table by table; nothing of other children does."""
    cast = world.cast
    before = _counts(cast.moses)
    restricted(cast, cast.sadia)
    after, named = _counts(cast.moses), _counts(cast.sadia)
    tables = restricted_tables()
    lost = {table for table in before if after[table] < before[table]}
    assert len(lost) >= 20, lost
    assert {table for table in lost if not clause_for(table, tables)} <= {"audit_auditentry", "notices_notice"}
    assert after["payments_scheduleline"] == before["payments_scheduleline"] > 0
    assert named["children_child"] > after["children_child"] == before["children_child"] - 1


def _counts(actor: Actor) -> dict[str, int]:
    found = {}
    with acting_as(actor), connection.cursor() as cursor:
        for model in apps.get_models():
            if model.__module__.startswith("rightplace."):
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def test_a_table_that_leads_to_a_child_states_it_in_its_policy(db: None) -> None:
    """Walked from the models again, by their keys alone: no table was overlooked and none switched off but the figures."""
    stated = policies()
    direct = {m._meta.db_table for m in apps.get_models() if any(f.related_model is Child for f in m._meta.concrete_fields)}
    assert len(direct) >= 5
    assert {table for table in direct if "hidden_" not in stated[table].reads} == set()
    assert "hidden_" not in stated["payments_scheduleline"].reads


def test_a_row_cannot_be_written_into_a_case_that_one_may_not_open(cast: Cast) -> None:
    restricted(cast)
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(cast.moses):
        LegalStatus.objects.create(
            authority=cast.croydon, child_id=cast.amber.pk, code="V2", period=("2024-01-01", "2024-02-01")
        )


def test_without_a_scope_nothing_that_leads_to_a_child_is_seen(cast: Cast) -> None:
    """The lists are missing, not empty: it fails closed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'rightplace_app', true), set_config('rightplace.authorities', %s, true)",
                       [str(cast.croydon.pk)])  # fmt: skip
        assert Child.objects.count() == 0
        cursor.execute("SELECT set_config('role', 'none', true)")


def test_sums_and_places_stay_right_without_a_name(cast: Cast) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    due = ScheduleLine.objects.filter(contract=contract, state="due").count()
    restricted(cast)
    with acting_as(cast.fin):
        assert ScheduleLine.objects.filter(contract=contract, state="due").count() == due > 0
    with acting_as(cast.bola):
        assert setting_occupancy({cast.acorn_house.pk: 4}, on=make.NEEDED_BY)[cast.acorn_house.pk].lived_in == 1


def test_a_notice_about_a_restricted_case_is_read_by_named_people_only(cast: Cast) -> None:
    row = make.request_submitted(cast)
    restricted(cast, cast.sadia, cast.bola)
    for number in range(2):
        tell_role(
            authority_id=cast.croydon.pk, role="team_manager", words=f"{number}", now=timezone.now(),
            link=f"/social-work/requests/{row.pk}/" if number else "/social-work/",
        )  # fmt: skip
    with acting_as(cast.moses):
        assert [one.words for one in notices(cast.moses)] == ["0"]
    with acting_as(cast.bola):
        assert notices(cast.bola).filter(link__contains=f"/requests/{row.pk}/").exists()


def test_the_provider_that_cares_for_the_child_still_sees_its_own_contract(cast: Cast) -> None:
    contract = make.contract_in_force(cast)
    restricted(cast)
    with acting_as(cast.priya):
        assert type(contract).objects.filter(pk=contract.pk).exists()
    with acting_as(cast.fin):
        assert not type(contract).objects.filter(pk=contract.pk).exists()


@pytest.mark.parametrize("why", ["nobody named", "no reason", "wrong role", "stranger", "twice"])
def test_a_restriction_that_would_not_hold_is_refused(cast: Cast, why: str) -> None:
    by = cast.bola if why == "wrong role" else cast.dev
    named = {"nobody named": [], "stranger": [cast.simon.person_id]}.get(why, [cast.sadia.person_id])
    if why == "twice":
        restricted(cast, cast.sadia, cast.dev)
    outcome = restricting.restrict_case(
        by=by, now=timezone.now(), child_number="1001", reason="" if why == "no reason" else "An aunt works here.", people=named
    )
    assert [one.code for one in outcome.problems] == [
        {"nobody named": "nobody_named", "no reason": "no_reason", "wrong role": "wrong_role", "stranger": "not_case_staff",
         "twice": "restricted_already"}[why]
    ]  # fmt: skip


def test_a_person_is_named_later_taken_off_and_the_last_one_stays(cast: Cast) -> None:
    row = restricted(cast)
    who = {"by": cast.iggy, "now": timezone.now(), "restriction_id": row.pk}
    row = restricting.name_person(**who, version=1, user_id=cast.bola.person_id, why="She finds the home.").done()
    with acting_as(cast.bola):
        assert Child.objects.filter(pk=cast.amber.pk).exists()
    restricting.take_person_off(**who, version=row.version, user_id=cast.bola.person_id).done()
    with acting_as(cast.bola):
        assert not Child.objects.filter(pk=cast.amber.pk).exists()
    last = restricting.take_person_off(**who, version=row.version + 1, user_id=cast.sadia.person_id)
    assert [one.code for one in last.problems] == ["last_person"]
    assert NamedPerson.objects.count() == 2


def test_a_restriction_is_reviewed_and_lifted(cast: Cast) -> None:
    row = restricted(cast)
    now = timezone.now() + timedelta(days=100)
    row = restricting.keep_restriction(by=cast.dev, now=now, restriction_id=row.pk, version=row.version).done()
    assert row.review_on == timezone.localdate(now) + timedelta(days=90)
    restricting.lift_restriction(by=cast.dev, now=timezone.now(), restriction_id=row.pk, version=row.version).done()
    with acting_as(cast.bola):
        assert Child.objects.filter(pk=cast.amber.pk).exists()


def test_whoever_may_be_the_child_waits_in_the_case_system_for_those_who_may_open_it(cast: Cast) -> None:
    exchanged(cast, cast.amber)
    assert {one.person for one in identities(cast.ana)} == {"N1", "N2"}
    restricted(cast, cast.sadia)
    assert not identities(cast.ana)
    with acting_as(cast.ana):
        assert not identities(cast.ana)


def test_no_page_list_or_export_shows_a_restricted_child_to_anybody_else(world: World) -> None:
    """Every page of the site, every scene of the child, every role of the authority that is not named.

    With each run every page is opened by a third of the roles that may, in `make assure` by all.
    """
    cast = world.cast
    restricted(cast, cast.sadia)
    words, tried, wrong = ("Amber", "Fairweather"), 0, []
    for place, (role, client) in enumerate(_others(world)):
        for turn, address in enumerate(_open_to(role)):
            if not IS_WHOLE and (place + turn) % 3:
                continue
            for path, leads_there in _paths(world, address, cast.amber.pk):
                answer = client.get(path)
                body = b"".join(answer) if answer.streaming else answer.content
                tried += 1
                shown = [word for word in words if word.encode() in body]
                if answer.status_code >= 500 or shown or (leads_there and answer.status_code != 404):
                    wrong.append((role, path, answer.status_code, shown))
    print(f"restricted case: {tried:,} pages and exports opened by others, {len(wrong)} showed it")
    assert wrong == []
    assert tried > 200


def _others(world: World) -> Iterator[tuple[str, Client]]:
    for who, actor in world.actors.items():
        if who.startswith("croydon") and actor.user_id != world.cast.sadia.user_id:
            yield actor.role, signed_in(actor)


def _open_to(role: str) -> list[Address]:
    return [one for one in addresses() if "GET" in one.methods and role in one.roles | {ANYONE} and one.is_known]


def _paths(world: World, address: Address, child_id: int) -> Iterator[tuple[str, bool]]:
    """Addresses of the child's own rows (which must be 404), and lists with their downloads."""
    if not address.parameters:
        yield from ((f"/{address.pattern}{download}", False) for download in DOWNLOADS)
        return
    kinds = {kind for _, kind in address.parameters if kind}
    cases = {"child", "request", "search", "offer", "permission", "placement", "contract", "candidate", "own_offer"}
    for scene in world.ours:
        if kinds & cases and _is_of(scene, child_id):
            yield from ((path, True) for path in address.filled(scene)[:2])


def _is_of(scene: dict[str, int], child_id: int) -> bool:
    from rightplace.journey.requests.models import RequestChild

    request = scene.get("request")
    return RequestChild.objects.filter(request_id=request, child_id=child_id).exists()


def test_looks_of_named_people_go_into_the_trail_and_stay_out_of_others_sight(cast: Cast) -> None:
    restricted(cast)
    with acting_as(cast.sadia):
        child_file(cast.sadia, cast.amber.pk, now=timezone.now())
    seen = {}
    for actor in (cast.sadia, cast.moses, cast.iggy):
        with acting_as(actor):
            seen[actor.role] = AuditEntry.objects.filter(child_id=cast.amber.pk, is_look=True).count()
    assert seen == {"social_worker": 1, "team_manager": 0, "information_officer": 1}


def test_somebody_elses_role_on_the_other_side_sees_nothing_of_it(world: World) -> None:
    row = restricted(world.cast)
    with acting_as(world.sutton_cast.iggy):
        assert not Restriction.objects.filter(pk=row.pk).exists()
    client = signed_in(next(a for w, a in world.actors.items() if w == "sutton information_officer"))
    assert client.get(f"/governance/restricted-cases/{row.pk}/").status_code == 404
    assert of_role(world, "information_officer")
