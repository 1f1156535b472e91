"""What every operation has in common: who may, one effect, nobody's change written over, and problems told as documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.tokens.actions import revoke_token
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.providers.models import Setting
from tests.api.caller import ROOT, Caller
from tests.visit import signed_in
from tests.world import World

Call = Callable[..., Caller]
NEW = {
    "children": [{"child_number": "1001"}],
    "needed_by": "2027-01-11",
    "why_now": "Her carers have given notice.",
}


def problem(response: object) -> str:
    """The kind of problem; everything that a problem must have is there."""
    assert response["Content-Type"] == "application/problem+json"
    told = json.loads(response.content)
    assert set(told) == {"type", "title", "status", "detail", "instance", "request_id", "errors"}
    assert told["status"] == response.status_code
    assert told["request_id"] == response["X-Request-Id"]
    return str(told["type"].partition("#")[2])


# Who may


def test_without_a_token_there_is_nothing(world: World) -> None:
    for headers in ({}, {"Authorization": "Bearer rp_wrong"}, {"Authorization": "Basic cHJpeWE6eA=="}):
        answer = Client().get(f"{ROOT}/requests", headers=headers)
        assert answer.status_code == 401
        assert problem(answer) == "not-signed-in"
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_the_session_of_a_browser_opens_nothing(world: World) -> None:
    """So that no page elsewhere can make a signed-in person's browser call the API."""
    browser = signed_in(world.cast.bola)
    assert browser.get(f"{ROOT}/requests").status_code == 401
    assert browser.post(f"{ROOT}/requests", NEW, content_type="application/json").status_code == 401


def test_a_token_opens_no_page(world: World, call: Call) -> None:
    caller = call(world.cast.bola)
    answer = caller.client.get("/brokerage/", headers=caller.headers)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_a_token_does_what_its_scopes_name_and_no_more(world: World, call: Call) -> None:
    caller = call(world.cast.sadia, "read:placements")
    assert caller.get("/placements").status_code == 200
    for answer in (caller.get("/requests"), caller.post("/requests", NEW)):
        assert answer.status_code == 403
        assert problem(answer) == "scope-missing"


def test_a_scope_gives_no_more_than_the_role_has(world: World, call: Call) -> None:
    answer = call(world.cast.fin).get("/requests")
    assert answer.status_code == 403
    assert problem(answer) == "not-yours"


def test_an_expired_token_opens_nothing(world: World, call: Call) -> None:
    caller = call(world.cast.bola)
    caller.made_long_ago()
    assert caller.get("/requests").status_code == 401


def test_an_ended_token_opens_nothing(world: World, call: Call) -> None:
    caller = call(world.cast.bola)
    revoke_token(by=world.cast.bola, now=timezone.now(), token_id=caller.token.row.pk).done()
    assert caller.get("/requests").status_code == 401


@pytest.mark.parametrize("leaving", ["role ended", "account closed"])
def test_a_leavers_token_ends_at_once(world: World, call: Call, leaving: str) -> None:
    caller = call(world.cast.bola)
    assert caller.get("/requests").status_code == 200
    if leaving == "role ended":
        Membership.objects.filter(user_id=world.cast.bola.user_id).update(ends_on=timezone.localdate())
    else:
        User.objects.filter(pk=world.cast.bola.user_id).update(is_active=False)
    assert caller.get("/requests").status_code == 401


def test_a_token_that_asks_too_often_has_to_wait(world: World, call: Call, settings: object) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    caller = call(world.cast.bola)
    seen = [caller.get("/me") for _ in range(8)]
    refused = [one for one in seen if one.status_code == 429]
    assert refused
    assert problem(refused[0]) == "too-often"
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert call(world.cast.sadia).get("/me").status_code == 200


# Rows of others


def test_what_is_somebody_elses_looks_as_if_it_were_not_there(world: World, call: Call) -> None:
    theirs, caller = world.theirs[0], call(world.cast.bola)
    for path in (
        f"/requests/{theirs['request']}",
        f"/placements/{theirs['placement']}",
        f"/contracts/{theirs['contract']}",
    ):
        assert caller.get(path).status_code == 404
    other = call(world.cast.quinn)
    for path in (f"/offers/{world.ours[2]['offer']}", f"/referrals/{world.ours[2]['invitation']}"):
        assert other.get(path).status_code == 404


def test_an_authority_lists_only_its_own(world: World, call: Call) -> None:
    listed = call(world.cast.bola).get("/requests", limit=100).json()["items"]
    wanted = PlacementRequest.objects.filter(authority=world.cast.croydon).exclude(state="draft")
    assert {one["id"] for one in listed} == set(wanted.values_list("pk", flat=True))


def test_a_referral_says_only_what_was_disclosed(world: World, call: Call) -> None:
    """A provider's system reads what the portal shows: no name, no date of birth, no address, no number of a request."""
    text = call(world.cast.priya).get(f"/referrals/{world.ours[2]['invitation']}").content.decode()
    child = world.cast.amber
    for secret in (child.first_name, child.last_name, child.home_postcode, child.school_name, "2012-05-04"):
        assert secret not in text
    told = json.loads(text)
    assert "request_id" not in told and "search_id" not in told


def test_a_look_into_a_childs_file_is_recorded(world: World, call: Call) -> None:
    before = AuditEntry.objects.filter(child_id=world.cast.amber.pk, is_look=True).count()
    call(world.cast.bola).get(f"/placements/{world.ours[0]['placement']}")
    assert AuditEntry.objects.filter(child_id=world.cast.amber.pk, is_look=True).count() == before + 1


# One effect


def test_the_same_key_does_it_once_and_is_answered_alike(world: World, call: Call) -> None:
    caller = call(world.cast.sadia)
    first = caller.post("/requests", NEW, key="system-1-request")
    again = caller.post("/requests", NEW, key="system-1-request")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert first["Location"] == f"{ROOT}/requests/{first.json()['id']}"


def test_the_same_key_with_another_body_is_refused(world: World, call: Call) -> None:
    caller = call(world.cast.sadia)
    caller.post("/requests", NEW, key="system-1-request")
    before = PlacementRequest.objects.count()
    answer = caller.post("/requests", {**NEW, "needed_by": "2027-02-01"}, key="system-1-request")
    assert answer.status_code == 422
    assert problem(answer) == "key-reused"
    assert PlacementRequest.objects.count() == before


def test_a_refused_request_leaves_its_key_free_and_nothing_behind(world: World, call: Call) -> None:
    """The second child is not there: the first is not asked for either."""
    caller, before = call(world.cast.sadia), PlacementRequest.objects.count()
    wrong = {**NEW, "outcomes": [{"area": "nowhere", "words": "Better"}]}
    answer = caller.post("/requests", wrong, key="system-1-request")
    assert answer.status_code == 422
    assert PlacementRequest.objects.count() == before
    assert caller.post("/requests", NEW, key="system-1-request").status_code == 201


def test_a_post_without_a_key_is_refused(world: World, call: Call) -> None:
    answer = call(world.cast.sadia).send("POST", "/requests", NEW)
    assert answer.status_code == 400
    assert problem(answer) == "key-missing"


# Nobody's change written over


def test_a_change_needs_the_version_that_was_seen(world: World, call: Call) -> None:
    caller = call(world.cast.sadia)
    made = caller.post("/requests", NEW)
    path = f"/requests/{made.json()['id']}"
    missing = caller.patch(path, {"about": "Loves football."})
    assert (missing.status_code, problem(missing)) == (428, "version-missing")
    changed = caller.patch(path, {"about": "Loves football."}, etag=made["ETag"])
    assert changed.status_code == 200
    assert changed.json()["about"] == "Loves football."
    stale = caller.patch(path, {"about": "Hates football."}, etag=made["ETag"])
    assert (stale.status_code, problem(stale)) == (412, "stale")
    assert caller.get(path).json()["about"] == "Loves football."


def test_an_answer_that_is_known_is_not_sent_again(world: World, call: Call) -> None:
    caller = call(world.cast.priya)
    first = caller.get("/vacancies")
    again = caller.get("/vacancies", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_verb_by_a_stale_system_changes_nothing(world: World, call: Call) -> None:
    caller, home = call(world.cast.priya), world.cast.acorn_house
    seen = caller.get(f"/vacancies/{home.pk}")
    assert caller.post(f"/vacancies/{home.pk}", {"vacancies": 2}, etag=seen["ETag"]).status_code == 200
    assert caller.post(f"/vacancies/{home.pk}", {"vacancies": 4}, etag=seen["ETag"]).status_code == 412
    assert Setting.objects.get(pk=home.pk).vacancies_stated == 2


# Lists


def test_pages_of_a_list_follow_each_other_without_a_gap(world: World, call: Call) -> None:
    caller = call(world.cast.bola)
    for order in ("id", "-id", "needed_by", "-needed_by", "created_at"):
        whole = [one["id"] for one in caller.get("/requests", limit=100, sort=order).json()["items"]]
        found, cursor = [], None
        while True:
            page = caller.get(
                "/requests", limit=2, sort=order, **({"cursor": cursor} if cursor else {})
            ).json()
            found += [one["id"] for one in page["items"]]
            if (cursor := page["next"]) is None:
                break
        assert found == whole
        assert len(set(found)) == len(found) > 4


OWN_CURSORS = ["abc", "a:b:c", signing.dumps(["id", "1", 1], salt="other")]


@pytest.mark.parametrize("cursor", OWN_CURSORS, ids=["letters", "in three parts", "signed for another end"])
def test_a_cursor_of_ones_own_making_is_refused(world: World, call: Call, cursor: str) -> None:
    answer = call(world.cast.bola).get("/requests", cursor=cursor)
    assert (answer.status_code, problem(answer)) == (400, "unreadable")


def test_a_filter_that_is_not_known_is_refused_rather_than_ignored(world: World, call: Call) -> None:
    answer = call(world.cast.bola).get("/requests", stat="draft")
    assert (answer.status_code, problem(answer)) == (422, "unfit")
    assert answer.json()["errors"][0]["field"] == "stat"


def test_filters_narrow_a_list(world: World, call: Call) -> None:
    caller = call(world.cast.bola)
    assert {one["state"] for one in caller.get("/requests", state="placed").json()["items"]} == {"placed"}
    assert caller.get("/requests", child_number="none such").json()["items"] == []
    found = caller.get("/placements", request_id=world.ours[0]["request"]).json()["items"]
    assert [one["id"] for one in found] == [world.ours[0]["placement"]]


# Problems


def test_everything_that_goes_wrong_is_a_problem_document(world: World, call: Call, settings: object) -> None:
    caller, post = call(world.cast.sadia), {"key": "a-key-of-mine"}
    assert problem(caller.get("/nowhere")) == "not-found"
    assert problem(caller.get("/requests/word")) == "not-found"
    assert problem(caller.get(f"/requests/{10**30}")) == "unfit"
    answer = caller.send("DELETE", "/requests", None)
    assert (answer.status_code, problem(answer)) == (405, "wrong-method")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
    assert problem(caller.post("/requests", b"x" * (1024 * 1024 + 1))) == "too-large"
    assert problem(caller.post("/requests", b"<a/>", content_type="application/xml")) == "wrong-media-type"
    for body in (b"{", b"\xff\xfe\x00", b'{"children": NaN', b"[" * 100_000):
        assert problem(caller.post("/requests", body)) in {"unreadable", "unfit"}
    assert problem(caller.send("POST", "/requests", {**NEW, "state": "placed"}, **post)) == "unfit"


@pytest.mark.parametrize("value", ["\x00", "a\ud800", "x" * 4001, 7, None, {"a": 1}])
def test_what_is_no_text_is_told_at_its_field(world: World, call: Call, value: object) -> None:
    answer = call(world.cast.sadia).post(
        "/requests", {**NEW, "children": [{"child_number": "1001", "strengths": value}]}
    )
    if value is None:
        assert answer.status_code == 201
        return
    assert (answer.status_code, problem(answer)) == (422, "unfit")
    assert answer.json()["errors"][0]["field"] == "children.0.strengths"


def test_what_nobody_expected_is_told_without_detail(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rightplace.journey.requests import queries

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(queries, "requests_found", broken)
    answer = call(world.cast.bola).get("/requests")
    assert (answer.status_code, problem(answer)) == (500, "our-fault")
    assert "secret" not in answer.content.decode()


def test_an_actions_refusal_names_each_field(world: World, call: Call) -> None:
    caller = call(world.cast.sadia)
    made = caller.post("/requests", NEW)
    answer = caller.post(f"/requests/{made.json()['id']}/submit", etag=made["ETag"])
    assert (answer.status_code, problem(answer)) == (422, "unfit")
    assert len(answer.json()["errors"]) > 3
    assert answer.json()["errors"][0]["message"]


def test_too_late_is_a_conflict(world: World, call: Call) -> None:
    caller, key = call(world.cast.bola), world.ours[0]["placement"]
    seen = caller.get(f"/placements/{key}")
    answer = caller.post(f"/placements/{key}/confirm-start", {"started_on": "2026-11-20"}, etag=seen["ETag"])
    assert (answer.status_code, problem(answer)) == (409, "wrong-state")


def test_a_request_keeps_the_number_that_its_caller_gave(world: World, call: Call) -> None:
    caller = call(world.cast.bola)
    assert (
        caller.get("/me", headers={"X-Request-Id": "case-system-4711"})["X-Request-Id"] == "case-system-4711"
    )
    assert caller.get("/me", headers={"X-Request-Id": "a\tb <script>"})["X-Request-Id"] != "a\tb <script>"


def test_head_is_a_get_without_its_body(world: World, call: Call) -> None:
    caller = call(world.cast.bola)
    answer = caller.client.head(f"{ROOT}/me", headers=caller.headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) == len(caller.get("/me").content)


def test_expiry_is_never_more_than_a_year_away(world: World, call: Call) -> None:
    row = call(world.cast.bola).token.row
    assert row.expires_at - row.made_at <= timedelta(days=366)
