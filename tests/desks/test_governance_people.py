"""Joiners, movers and leavers at the governance desk: inviting, giving and ending roles, leaving, and who may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from rightplace.foundation.access import invitations, people, roles
from rightplace.foundation.access.events import PersonLeft
from rightplace.foundation.access.models import AccountInvitation, Membership, Session, User
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.events import bus
from rightplace.foundation.notices.models import OutgoingEmail
from tests.cast import Cast
from tests.security.coming_in import (
    QUICK,
    code_of,
    come_in,
    give_password,
    is_in,
    link_in_mail,
    with_app,
    with_password,
)
from tests.visit import send, signed_in

GOOD = "four brown geese at dusk"


@pytest.fixture(autouse=True)
def quick_hashes() -> Iterator[None]:
    """The real hash takes its time on purpose."""
    with override_settings(**QUICK):
        yield


def dated(name: str, days: int = 0) -> dict[str, str]:
    """A date in three parts, so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def invited(
    cast: Cast, email: str = "nia@croydon.example", role: str = "broker", **more: object
) -> AccountInvitation:
    who = invitations.Invited(email, "Nia Newman", role, timezone.localdate(), **more)
    return invitations.invite_person(by=cast.ada, now=timezone.now(), invited=who).done()


def accept(link: str, password: str = GOOD) -> Client:
    """Open the link, choose a password and set up an app; the browser that is in."""
    client = Client()
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": password})["Location"] == "/sign-in/set-up/"
    client.get("/sign-in/set-up/")
    assert client.post("/sign-in/set-up/", {"code": code_of(client.session["app_secret"])}).status_code == 303
    return client


def test_an_invited_person_chooses_a_password_and_a_second_step_and_is_in(cast: Cast) -> None:
    form = {
        "full_name": "Nia Newman",
        "email": "Nia@Croydon.example",
        "role": "broker",
        "team": "",
        **dated("starts_on"),
    }
    answer = send(signed_in(cast.ada), "/governance/people/invite/", **form)
    assert answer.status_code == 303, answer.content.decode()
    client = accept(link_in_mail("nia@croydon.example", "/invitation/"))
    assert client.get("/brokerage/").status_code == 200
    row = Membership.objects.get(user__email="nia@croydon.example")
    assert (row.role, row.authority, row.given_by_id) == ("broker", cast.croydon, cast.ada.user_id)
    assert row.user.emailaddress_set.get().verified


def test_an_invitation_works_once(cast: Cast) -> None:
    invited(cast)
    link = link_in_mail("nia@croydon.example", "/invitation/")
    accept(link)
    assert Client().get(link).status_code == 422
    assert Client().post(link, {"password": "five white swans at noon"}).status_code == 422
    assert User.objects.filter(email="nia@croydon.example").count() == 1


def test_an_invitation_is_out_of_date_after_seven_days(cast: Cast) -> None:
    row = invited(cast)
    link = link_in_mail("nia@croydon.example", "/invitation/").split("link=")[1]
    almost, after = row.invited_at + timedelta(days=7, seconds=-1), row.invited_at + timedelta(days=7)
    assert invitations.invitation_of(link, now=almost)
    assert invitations.invitation_of(link, now=after) is None


def test_a_new_link_ends_the_earlier_one_and_a_withdrawn_one_leads_nowhere(cast: Cast) -> None:
    row = invited(cast)
    first = link_in_mail(row.email, "/invitation/")
    client = signed_in(cast.ada)
    assert (
        send(client, f"/governance/account-invitations/{row.pk}/again/", version=row.version).status_code
        == 303
    )
    second = link_in_mail(row.email, "/invitation/")
    assert (Client().get(first).status_code, Client().get(second).status_code) == (422, 200)
    assert send(client, f"/governance/account-invitations/{row.pk}/withdraw/", version=1).status_code == 409
    assert send(client, f"/governance/account-invitations/{row.pk}/withdraw/", version=2).status_code == 303
    assert Client().get(second).status_code == 422


def test_a_tampered_link_leads_nowhere(cast: Cast) -> None:
    invited(cast)
    link = link_in_mail("nia@croydon.example", "/invitation/")
    for bad in (
        link[:-2],
        link.replace("link=", "link=x"),
        "/invitation/?link=",
        "/invitation/?link=WzEsIngiXQ",
    ):
        assert Client().post(bad, {"password": GOOD}).status_code in {200, 422}
    assert not User.objects.filter(email="nia@croydon.example").exists()


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "password123456",
        "rightplace2026!",
        "croydoncouncil1",
        "nianewman12345",
        "aaaaaaaaaaaaaaa",
        "qwertyuiop12",
        "x" * 257,
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(cast: Cast, weak: str) -> None:
    invited(cast)
    assert (
        Client().post(link_in_mail("nia@croydon.example", "/invitation/"), {"password": weak}).status_code
        == 422
    )
    assert not User.objects.filter(email="nia@croydon.example").exists()


@pytest.mark.parametrize(
    "good", ["wet otter ladder", "correcthorsebatterystaple", "ßü é 漢字 птица ok", "a1!" + "Zq7 " * 60]
)
def test_long_passwords_of_any_characters_are_taken(cast: Cast, good: str) -> None:
    invited(cast)
    assert (
        Client().post(link_in_mail("nia@croydon.example", "/invitation/"), {"password": good}).status_code
        == 303
    )
    assert User.objects.get(email="nia@croydon.example").check_password(good)


def test_somebody_who_has_an_account_signs_in_to_it_to_accept(cast: Cast) -> None:
    theirs = with_password(cast.brenda)
    secret = with_app(theirs)
    invited(cast, email=theirs.email)
    link = link_in_mail(theirs.email, "/invitation/")
    assert Client().post(link, {"password": GOOD}).status_code == 422
    stranger = come_in(with_password(cast.moses), with_app(with_password(cast.moses)))
    assert send(stranger, link).status_code == 422
    client = come_in(theirs, secret)
    assert send(client, link).status_code == 303
    assert set(Membership.objects.filter(user=theirs).values_list("authority__name", flat=True)) == {
        "Croydon",
        "Sutton",
    }


def test_a_commissioner_invites_a_providers_person_but_no_staff(cast: Cast) -> None:
    client = signed_in(cast.cora)
    form = {"provider": "oakhouse care ltd", "full_name": "Lee Oak", "email": "lee@oakhouse.example"}
    assert send(client, "/governance/provider-accounts/invite/", **form).status_code == 303
    assert send(client, "/governance/people/invite/").status_code == 403
    theirs = accept(link_in_mail("lee@oakhouse.example", "/invitation/"))
    assert theirs.get("/portal/").status_code == 200
    row = Membership.objects.get(user__email="lee@oakhouse.example")
    assert send(signed_in(cast.cora), f"/governance/provider-accounts/{row.pk}/end/").status_code == 303
    assert theirs.get("/portal/").status_code == 302
    who = invitations.Invited("x@croydon.example", "X Y", "broker", timezone.localdate())
    outcome = invitations.invite_person(by=cast.cora, now=timezone.now(), invited=who)
    assert [problem.code for problem in outcome.problems] == ["not_yours"]


def test_another_authoritys_commissioner_cannot_end_a_providers_person(cast: Cast) -> None:
    row = Membership.objects.get(user_id=cast.priya.user_id)
    Membership.objects.filter(pk=row.pk).update(vouched_by=cast.sutton)
    assert send(signed_in(cast.cora), f"/governance/provider-accounts/{row.pk}/end/").status_code == 404


def test_a_mover_has_the_new_role_and_not_the_old_one_at_the_next_request(cast: Cast) -> None:
    client, officer = signed_in(cast.bola), signed_in(cast.ada)
    old = Membership.objects.get(user_id=cast.bola.user_id)
    assert client.get("/brokerage/").status_code == 200
    form = {"role": "finance_officer", "team": "", "instead_of": old.pk, **dated("starts_on")}
    answer = send(officer, f"/governance/people/{cast.bola.user_id}/role/", **form)
    assert answer.status_code == 303, answer.content.decode()
    assert client.get("/brokerage/").status_code == 302
    page = officer.get("/governance/people/changes/?happened=moved").content.decode()
    assert "Finance officer" in page
    assert "Ada Frost" in page


def test_a_role_from_a_later_day_opens_nothing_before_it(cast: Cast) -> None:
    given = people.RoleToGive("panel_chair", timezone.localdate() + timedelta(days=9))
    people.give_role(by=cast.ada, now=timezone.now(), person_id=cast.bola.person_id, given=given).done()
    row = Membership.objects.get(user_id=cast.bola.user_id, role="panel_chair")
    assert send(signed_in(cast.bola), "/switch-role/", membership=row.pk).status_code == 404


def test_a_leavers_sessions_end_at_once_and_the_account_is_closed(cast: Cast) -> None:
    user = with_password(cast.bola)
    secret = with_app(user)
    phone, laptop = come_in(user, secret, steps_on=-1), come_in(user, secret)
    assert is_in(phone)
    assert is_in(laptop)
    heard: list[PersonLeft] = []
    bus._reactions[PersonLeft].append(heard.append)
    try:
        answer = send(signed_in(cast.ada), f"/governance/people/{user.pk}/leave/", **dated("ends_on"))
    finally:
        bus._reactions[PersonLeft].remove(heard.append)
    assert answer.status_code == 303
    assert [(event.user_id, event.is_gone) for event in heard] == [(user.pk, True)]
    assert not Session.objects.filter(user=user).exists()
    for browser in (phone, laptop):
        assert browser.get("/notices/")["Location"] == "/sign-in/?next=%2Fnotices%2F&because=ended"
    assert give_password(Client(), user).status_code == 422
    user.refresh_from_db()
    assert not user.is_active


def test_a_leaver_on_a_later_day_keeps_access_until_then(cast: Cast) -> None:
    client = signed_in(cast.bola)
    people.record_leaver(
        by=cast.ada,
        now=timezone.now(),
        person_id=cast.bola.person_id,
        ends_on=timezone.localdate() + timedelta(days=5),
    ).done()
    assert client.get("/brokerage/").status_code == 200
    now = timezone.now() + timedelta(days=5)
    assert people.close_left_accounts(today=now.date(), now=now) == 1
    assert people.close_left_accounts(today=now.date(), now=now) == 0
    assert client.get("/brokerage/").status_code == 302


def test_who_leaves_one_authority_keeps_the_other_but_signs_in_again(cast: Cast) -> None:
    user = with_password(cast.bola)
    secret = with_app(user)
    Membership.objects.create(
        user=user, role=roles.BROKER, authority=cast.sutton, starts_on=timezone.localdate()
    )
    client = come_in(user, secret)
    people.record_leaver(
        by=cast.ada, now=timezone.now(), person_id=user.pk, ends_on=timezone.localdate()
    ).done()
    assert not is_in(client)
    again = come_in(user, secret, steps_on=1)
    assert "Sutton" in again.get("/notices/").content.decode()


def _tried(cast: Cast, by: object, person_id: int) -> list[Outcome[object]]:
    now, today = timezone.now(), timezone.localdate()
    row = Membership.objects.filter(user_id=person_id).first()
    what = {"by": by, "now": now, "person_id": person_id}
    return [
        people.give_role(**what, given=people.RoleToGive("director", today)),
        people.end_role(**what, membership_id=row.pk, ends_on=today),
        people.record_leaver(**what, ends_on=today),
        people.end_sessions_of(**what),
        people.reset_second_step(**what),
    ]


def test_nobody_changes_their_own_access(cast: Cast) -> None:
    codes = [
        [problem.code for problem in each.problems] for each in _tried(cast, cast.ada, cast.ada.person_id)
    ]
    assert all("oneself" in found for found in codes), codes


@pytest.mark.parametrize("who", ["bola", "moses", "dev", "cora", "iggy"])
def test_only_the_access_administrator_changes_access(cast: Cast, who: str) -> None:
    outcomes = _tried(cast, getattr(cast, who), cast.sadia.person_id)
    assert not any(each.is_done for each in outcomes)


def test_a_person_of_another_authority_is_not_there(cast: Cast) -> None:
    outcomes = _tried(cast, cast.ada, cast.brenda.person_id)
    assert [[problem.code for problem in each.problems] for each in outcomes] == [["missing"]] * 5
    assert signed_in(cast.ada).get(f"/governance/people/{cast.brenda.user_id}/").status_code == 404


def test_a_lost_phone_is_helped_and_told_by_email(cast: Cast) -> None:
    user = with_password(cast.bola)
    client = come_in(user, with_app(user))
    assert send(signed_in(cast.ada), f"/governance/people/{user.pk}/second-step/").status_code == 303
    assert not is_in(client)
    assert "removed the second step" in OutgoingEmail.objects.get(to=user.email).body
    assert give_password(Client(), user)["Location"] == "/sign-in/set-up/"


def test_every_change_leaves_one_entry_in_the_trail(cast: Cast) -> None:
    before = AuditEntry.objects.count()
    client = signed_in(cast.ada)
    where = f"/governance/people/{cast.bola.user_id}/"
    send(client, f"{where}role/", role="panel_member", team="", instead_of="", **dated("starts_on"))
    send(client, f"{where}end-sessions/")
    send(client, f"{where}leave/", **dated("ends_on"))
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)[before:]
    assert list(verbs) == ["give_role", "end_sessions_of", "record_leaver"]
    assert "leaves on" in client.get(where).content.decode()


def test_the_list_finds_people_by_name_role_and_standing(cast: Cast) -> None:
    client = signed_in(cast.iggy)

    def names(query: str) -> list[str]:
        page = client.get(f"/governance/people/{query}").content.decode()
        return re.findall(r'/governance/people/(\d+)/"', page)

    assert names("?q=bola") == [str(cast.bola.user_id)]
    assert names("?role=director") == [str(cast.dev.user_id)]
    assert str(cast.brenda.user_id) not in names("")
    people.record_leaver(
        by=cast.ada, now=timezone.now(), person_id=cast.fin.person_id, ends_on=timezone.localdate()
    ).done()
    assert names("?state=left") == [str(cast.fin.user_id)]
    rows = client.get("/governance/people/?download=csv").content.decode()
    assert "Bola Adeyemi" in rows
    assert "Brenda Cole" not in rows
