"""The panel desk through its pages: what waits, one permission, the decision, the limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts.models import RisePermission
from rightplace.journey.decisions.models import Delegation, Permission
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.requests.models import PlacementRequest
from tests import make
from tests.cast import LONG_AGO, Cast
from tests.visit import send, signed_in


@pytest.fixture
def permission(cast: Cast) -> Permission:
    """A children's home chosen by Moses: the director's limit covers it."""
    now, needed = timezone.now(), timezone.localdate() + timedelta(days=30)
    search = make.offers_closed(cast, cast.acorn_house, now=now, later=now, needed_by=needed)
    return make.offer_chosen(cast, search, cast.acorn_house, now=now)


def text(response) -> str:
    return response.content.decode()


def url(permission: Permission, verb: str = "") -> str:
    return f"/panel/permissions/{permission.pk}/{verb}"


def test_a_permission_waits_on_the_desk_of_who_may_decide(cast: Cast, permission: Permission) -> None:
    reference = permission.choice.request.reference
    assert f"{reference}: £208,000.00 whole cost" in text(signed_in(cast.dev).get("/panel/"))
    assert f"{reference}:" not in text(signed_in(cast.pearl).get("/panel/"))
    assert signed_in(cast.bola).get("/panel/").status_code == 403


def test_only_who_may_decide_is_offered_the_decision(cast: Cast, permission: Permission) -> None:
    for who, may in (
        (cast.dev, True),
        (cast.moses, False),
        (cast.tessa, False),
        (cast.bola, False),
        (cast.sadia, False),
    ):
        page = text(signed_in(who).get(url(permission)))
        assert ("Your decision" in page) is may, who.name
    assert "Nobody approves what they asked for or chose themselves." in text(
        signed_in(cast.moses).get(url(permission))
    )
    for who, status in ((cast.fin, 403), (cast.priya, 403), (cast.brenda, 404)):
        assert signed_in(who).get(url(permission)).status_code == status


def test_opening_a_permission_is_a_look_into_the_childs_file(cast: Cast, permission: Permission) -> None:
    signed_in(cast.dev).get(url(permission))
    assert (
        AuditEntry.objects.filter(is_look=True, actor_name="Dev Anand", child_id=cast.amber.pk).count() == 1
    )


def test_an_approval_with_conditions_is_shown_and_a_second_decision_is_too_late(
    cast: Cast, permission: Permission
) -> None:
    client = signed_in(cast.dev)
    given = {"conditions": "Review after <b>six</b> weeks.", "reason": "In line with her needs."}
    assert send(client, url(permission, "approve/"), 1, **given).status_code == 303
    page = text(client.get(url(permission)))
    assert "Review after &lt;b&gt;six&lt;/b&gt; weeks." in page
    assert send(client, url(permission, "refuse/"), 1, reason="No.").status_code == 409
    assert PlacementRequest.objects.get().state == "permitted"


def test_a_refusal_needs_a_reason(cast: Cast, permission: Permission) -> None:
    client = signed_in(cast.dev)
    assert send(client, url(permission, "refuse/"), 1, reason=" ").status_code == 422
    assert send(client, url(permission, "refuse/"), 1, reason="Too far from school.").status_code == 303
    assert PlacementRequest.objects.get().state == "offers_in"


def test_a_refusal_without_a_reason_shows_the_page_again_with_what_was_typed(
    cast: Cast, permission: Permission
) -> None:
    answered = send(
        signed_in(cast.dev), url(permission, "refuse/"), 1, reason=" ", conditions="Review the hours."
    )
    page = text(answered)
    assert answered.status_code == 422
    assert "Your decision" in page
    assert "Review the hours.</textarea>" in page
    assert 'href="#id_reason"' in page
    assert 'id="id_reason_error"' in page
    assert "Say why permission is refused." in page


def test_words_too_long_for_a_decision_are_kept_and_refused(cast: Cast, permission: Permission) -> None:
    for verb in ("approve/", "refuse/"):
        answered = send(signed_in(cast.dev), url(permission, verb), 1, reason="Too far. " * 500)
        assert answered.status_code == 422
        assert "Too far. Too far." in text(answered)
    assert Permission.objects.get(pk=permission.pk).state == "asked"


def test_those_who_may_not_decide_are_refused_however_they_ask(cast: Cast, permission: Permission) -> None:
    for who, status in (
        (cast.moses, 422),
        (cast.tessa, 422),
        (cast.pearl, 422),
        (cast.bola, 403),
        (cast.sadia, 403),
        (cast.priya, 403),
    ):
        assert send(signed_in(who), url(permission, "approve/"), 1).status_code == status, who.name
    assert Permission.objects.get(pk=permission.pk).state == "asked"


def test_the_choice_is_undone_by_a_team_manager_or_brought_to_the_panel(
    cast: Cast, permission: Permission
) -> None:
    assert send(signed_in(cast.bola), url(permission, "to-panel/"), 1).status_code == 303
    assert "With the panel" in text(signed_in(cast.pearl).get("/panel/"))
    assert (
        send(
            signed_in(cast.moses), url(permission, "undo/"), 2, reason="Her aunt asked to be heard."
        ).status_code
        == 303
    )
    assert Permission.objects.get(pk=permission.pk).state == "undone"


def test_the_list_is_filtered_sorted_and_taken_away(cast: Cast, permission: Permission) -> None:
    client = signed_in(cast.dev)
    reference = permission.choice.request.reference
    assert reference in text(client.get("/panel/permissions/?state=asked&sort=-cost"))
    assert reference not in text(client.get("/panel/permissions/?state=refused"))
    assert reference in text(client.get("/panel/permissions/?download=csv"))
    assert "£20,000" in text(client.get("/panel/limits/"))


def test_who_could_approve_says_when_nobody_decides_any_more(cast: Cast, permission: Permission) -> None:
    client = signed_in(cast.dev)
    assert "You may decide on this: up to £" in text(client.get(url(permission, "who/")))
    assert send(client, url(permission, "approve/"), 1, reason="In line with her needs.").status_code == 303
    page = text(client.get(url(permission, "who/")))
    assert "Nobody decides on this any more: approved." in page
    assert "You may decide on this" not in page


def test_a_chair_is_told_that_a_panel_decides_at_any_cost(cast: Cast, permission: Permission) -> None:
    assert send(signed_in(cast.bola), url(permission, "to-panel/"), 1).status_code == 303
    page = text(signed_in(cast.pearl).get(url(permission, "who/")))
    assert "You may decide on this: at any cost, as it is at the panel." in page


def test_the_number_of_statements_does_not_grow_with_those_who_could_approve(
    cast: Cast, permission: Permission
) -> None:
    client = signed_in(cast.dev)
    counted = []
    for number in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(url(permission))
        counted.append(len(captured))
        for name in (f"one{number}", f"two{number}"):
            user = User.objects.create_user(name, f"{name}@example.org", None)
            Membership.objects.create(user=user, role="director", starts_on=LONG_AGO, authority=cast.croydon)
    assert counted[0] == counted[1]


# Dearer variations


def test_a_dearer_variation_waits_says_who_could_permit_it_and_is_decided(cast: Cast) -> None:
    row = make.contract_in_force(cast)
    facts = {"in_force_from": make.NEEDED_BY + timedelta(days=60), "reason": "Two adults at night."}
    lines = (LineGiven("core_fee", "week", 450_000),)
    call = {"by": cast.bola, "now": make.LATER, "contract_id": row.pk, "version": row.version}
    contracts.vary_contract(**call, **facts, lines=lines).done()
    rise = RisePermission.objects.get()
    page = f"/panel/permissions/variations/{rise.pk}/"
    assert page in text(signed_in(cast.dev).get("/panel/"))
    assert row.reference in text(
        signed_in(cast.bola).get(f"/panel/permissions/variations/?words={row.reference}")
    )
    assert page in text(signed_in(cast.bola).get(f"/contracts/{row.pk}/"))
    assert "waits for permission" in text(signed_in(cast.cora).get(f"/contracts/{row.pk}/"))
    shown = text(signed_in(cast.tessa).get(f"{page}who/"))
    assert cast.dev.name in shown
    assert "above this role’s limit" in shown
    assert "Your decision" not in text(signed_in(cast.tessa).get(page))
    for who, status in ((cast.fin, 403), (cast.priya, 403), (cast.brenda, 404)):
        assert signed_in(who).get(page).status_code == status
    assert send(signed_in(cast.tessa), f"{page}approve/", rise.version, reason="").status_code == 422
    assert send(signed_in(cast.dev), f"{page}refuse/", rise.version, reason="").status_code == 422
    assert send(signed_in(cast.dev), f"{page}approve/", rise.version, reason="In line.").status_code == 303
    rise.refresh_from_db()
    assert (rise.state, rise.decided_by_id) == ("approved", cast.dev.user_id)


def test_a_limit_may_be_for_variations_and_is_shown_in_its_own_column(cast: Cast) -> None:
    given = {"authority": cast.croydon, "role": "team_manager", "kind": "variation", "starts_on": LONG_AGO}
    Delegation.objects.create(**given, whole_cost_pence=12_345_600)
    page = text(signed_in(cast.dev).get("/panel/limits/"))
    assert "Variation" in page
    assert "£123,456.00 the stay" in page
