"""Stuffing, guessing and asking around: attempts are counted together, and no answer says which accounts there are."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from rightplace.desks.layout.attempts import TOO_MANY
from rightplace.desks.layout.sign_in import NOT_RIGHT
from rightplace.foundation.access.models import Counted, User
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import OutgoingEmail
from tests.cast import Cast
from tests.security.coming_in import (
    PASSWORD,
    QUICK,
    code_of,
    give_code,
    give_password,
    is_in,
    link_in_mail,
    with_app,
    with_password,
)

COMMON = ("password123456", "letmeinplease1", "qwertyuiop12", "summer-2026-sun", "welcome-welcome")
ATTEMPTS = 100
# Of one in many measurements; the scatter of a busy machine is some milliseconds.
APART_AT_MOST = 0.25


@pytest.fixture
def quick_hashes() -> Iterator[None]:
    """The real hash takes its time on purpose."""
    with override_settings(**QUICK):
        yield


def tried(name: str, password: str, address: str = "203.0.113.7") -> int:
    """One attempt from an address; its status."""
    return Client(REMOTE_ADDR=address).post("/sign-in/", {"username": name, "password": password}).status_code


@pytest.mark.usefixtures("quick_hashes")
def test_guessing_one_password_ends_after_five_attempts_whatever_the_address(cast: Cast) -> None:
    user = with_password(cast.bola)
    found = Counter(
        tried(user.username, f"guess number {n}", f"198.51.100.{n % 200}") for n in range(ATTEMPTS)
    )
    print(f"guessing: {ATTEMPTS} attempts on one account, {found[422]} looked at, {found[429]} turned away")
    assert found == {422: 5, 429: ATTEMPTS - 5}
    assert tried(user.username, PASSWORD, "192.0.2.9") == 429, "not even the right one, for a while"


@pytest.mark.usefixtures("quick_hashes")
def test_a_locked_account_says_so_whether_it_is_there_or_not(cast: Cast) -> None:
    user = with_password(cast.bola)
    answers = []
    for name in (user.username, "nobody-here"):
        for n in range(6):
            answer = Client(REMOTE_ADDR=f"192.0.2.{n}").post(
                "/sign-in/", {"username": name, "password": "wrong"}
            )
        answers.append((answer.status_code, TOO_MANY in answer.content.decode()))
    assert answers == [(429, True), (429, True)]


@pytest.mark.usefixtures("quick_hashes")
def test_stuffing_many_names_from_one_address_ends_after_sixty(cast: Cast) -> None:
    found = Counter(tried(f"person{n}@example.org", COMMON[n % 5]) for n in range(ATTEMPTS))
    print(f"stuffing: {ATTEMPTS} names from one address, {found[422]} looked at, {found[429]} turned away")
    assert found == {422: 60, 429: ATTEMPTS - 60}


@pytest.mark.usefixtures("quick_hashes")
def test_a_right_password_is_not_counted_and_does_not_clear_the_wrong_ones(cast: Cast) -> None:
    user = with_password(cast.bola)
    with_app(user)
    assert [tried(user.username, "wrong") for _ in range(4)] == [422] * 4
    assert [tried(user.username, PASSWORD) for _ in range(3)] == [303] * 3
    assert [tried(user.username, "wrong") for _ in range(2)] == [422, 429]


@pytest.mark.usefixtures("quick_hashes")
def test_the_way_a_name_is_written_makes_no_new_count(cast: Cast) -> None:
    user = with_password(cast.bola)
    names = (user.username, user.username.upper(), f" {user.username} ")
    assert [tried(names[n % 3], "wrong") for n in range(6)][-1] == 429


@pytest.mark.usefixtures("quick_hashes")
def test_guessing_codes_ends_after_five(cast: Cast) -> None:
    user, client = with_password(cast.bola), Client()
    secret = with_app(user)
    give_password(client, user)
    statuses = [give_code(client, f"{n:06}").status_code for n in range(1, 8)]
    assert statuses == [422] * 5 + [429] * 2
    assert give_code(client, code_of(secret)).status_code == 429
    assert not is_in(client)


def test_counts_are_kept_in_the_database_where_every_process_sees_them(cast: Cast) -> None:
    cache.set("seen-by-all", 1, 60)
    assert Counted.objects.filter(cache_key__contains="seen-by-all").exists()


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer_in_about_the_same_time(cast: Cast) -> None:
    """With the real hash, as in operation. Compared by the least of turns taken alternately: what else runs only ever adds."""
    user = with_password(cast.bola)
    asleep = User.objects.create_user("asleep", "asleep@example.org", None)
    took: dict[str, list[float]] = {user.username: [], user.email: [], "nobody-here": [], asleep.username: []}
    bodies = set()
    for _ in range(4):
        for name, times in took.items():
            start = time.perf_counter()
            answer = Client(REMOTE_ADDR="192.0.2.1").post(
                "/sign-in/", {"username": name, "password": "wrong wrong"}
            )
            times.append(time.perf_counter() - start)
            assert NOT_RIGHT in answer.content.decode()
            bodies.add(answer.status_code)
    least = {name: min(times) for name, times in took.items()}
    print("time of an attempt:", {name: f"{seconds * 1000:.0f} ms" for name, seconds in least.items()})
    assert bodies == {422}
    assert max(least.values()) / min(least.values()) - 1 < APART_AT_MOST


@pytest.mark.usefixtures("quick_hashes")
def test_asking_for_a_new_password_does_not_tell_whether_there_is_an_account(cast: Cast) -> None:
    user = with_password(cast.bola)
    pages = []
    for name in (user.username, user.email, "nobody@example.org"):
        client = Client()
        answer = client.post("/sign-in/forgotten/", {"username": name})
        page = client.get(answer["Location"]).content.decode()
        pages.append((answer.status_code, answer["Location"], "If there is an account" in page))
    assert len(set(pages)) == 1
    assert OutgoingEmail.objects.filter(to=user.email).count() == 2
    assert OutgoingEmail.objects.count() == 2


@pytest.mark.usefixtures("quick_hashes")
def test_nobodys_letter_box_is_flooded_with_links(cast: Cast) -> None:
    user = with_password(cast.bola)
    statuses = [Client().post("/sign-in/forgotten/", {"username": user.email}).status_code for _ in range(20)]
    assert Counter(statuses) == {303: 5, 429: 15}
    assert OutgoingEmail.objects.filter(to=user.email).count() == 5


@pytest.mark.usefixtures("quick_hashes")
def test_a_link_for_a_new_password_works_once_and_asks_for_the_second_step_all_the_same(cast: Cast) -> None:
    user = with_password(cast.bola)
    secret = with_app(user)
    Client().post("/sign-in/forgotten/", {"username": user.email})
    link = link_in_mail(user.email, "/sign-in/new-password/")
    client = Client()
    assert client.post(link, {"password": "short"}).status_code == 422
    assert client.post(link, {"password": "four brown geese at dusk"}).status_code == 303
    assert not is_in(client), "a link by e-mail alone brings nobody in"
    assert client.post(link, {"password": "five white swans at noon"}).status_code == 422
    assert give_password(Client(), user).status_code == 422
    give_password(client, user, "four brown geese at dusk")
    assert give_code(client, code_of(secret)).status_code == 303
    assert is_in(client)


@pytest.mark.usefixtures("quick_hashes")
@pytest.mark.parametrize("change", ["x", "", "WzEsIngiXQ:1abc:xyz"])
def test_a_link_that_was_tampered_with_leads_nowhere(cast: Cast, change: str) -> None:
    user = with_password(cast.bola)
    Client().post("/sign-in/forgotten/", {"username": user.email})
    link = link_in_mail(user.email, "/sign-in/new-password/")
    bad = f"{link}{change}" if change == "x" else f"/sign-in/new-password/?link={change}"
    Client().post(bad, {"password": "four brown geese at dusk"})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.usefixtures("quick_hashes")
def test_a_link_is_too_old_after_an_hour(cast: Cast) -> None:
    user = with_password(cast.bola)
    Client().post("/sign-in/forgotten/", {"username": user.email})
    link = link_in_mail(user.email, "/sign-in/new-password/")
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert Client().post(link, {"password": "four brown geese at dusk"}).status_code == 422


@pytest.mark.usefixtures("quick_hashes")
def test_the_host_of_a_link_is_the_installations_own(cast: Cast) -> None:
    user = with_password(cast.bola)
    Client().post("/sign-in/forgotten/", {"username": user.email}, headers={"host": "localhost"})
    body = OutgoingEmail.objects.get(to=user.email).body
    assert "http://127.0.0.1:8000/sign-in/new-password/?link=" in body
    assert (
        Client()
        .post("/sign-in/forgotten/", {"username": user.email}, headers={"host": "evil.example"})
        .status_code
        == 400
    )


@pytest.mark.usefixtures("quick_hashes")
def test_every_try_to_sign_in_is_logged_or_in_the_trail_and_never_what_was_typed(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    user = with_password(cast.bola)
    secret, stranger = with_app(user), "a-password-in-the-wrong-field"
    tried(user.email.upper(), "wrong-herons")
    tried(stranger, "wrong-herons")
    client = Client()
    give_password(client, user)
    give_code(client, "000000")
    give_code(client, code_of(secret))
    for _ in range(6):
        tried(user.username, "wrong-herons")
    said = [(one.name, one.levelname, one.getMessage()) for one in caplog.records if "sign_in" in one.name]
    wrong = "A sign-in was refused: wrong password or no role, account"
    assert said[:3] == [
        ("rightplace.sign_in", "WARNING", f"{wrong} {user.pk}"),
        ("rightplace.sign_in", "WARNING", f"{wrong} None"),
        ("rightplace.sign_in", "WARNING", f"A second step was refused: wrong code, account {user.pk}"),
    ]
    assert said[-1][2] == f"A sign-in was refused: too many attempts at account {user.pk}"
    assert not any(
        typed in words for _, _, words in said for typed in (stranger, "herons", "000000", user.email)
    )
    assert AuditEntry.objects.filter(verb="sign_in", subject_id=user.pk).count() == 1


@pytest.mark.usefixtures("quick_hashes")
def test_a_password_counts_exactly_as_it_was_typed(cast: Cast) -> None:
    password = f"  Drei Graureiher, früh am  Morgen {'x' * 90} "
    user = with_password(cast.bola, password)
    with_app(user)
    for typed in (password.strip(), password[:72], password.lower(), password.replace("  ", " ")):
        assert tried(user.username, typed) == 422
    assert tried(user.username, password) == 303


@pytest.mark.usefixtures("quick_hashes")
@pytest.mark.parametrize(
    ("proxies", "header"), [(0, "{}"), (1, "{}, 203.0.113.9"), (1, "a, {}, 203.0.113.9")]
)
def test_nobody_gets_more_attempts_by_telling_another_address(cast: Cast, proxies: int, header: str) -> None:
    """What a browser claims counts nowhere; behind a proxy only what that one wrote does."""
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        found = Counter(
            Client(REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=header.format(f"198.51.100.{n}"))
            .post("/sign-in/", {"username": f"person{n}@example.org", "password": "wrong"})
            .status_code
            for n in range(ATTEMPTS)
        )
    assert found == {422: 60, 429: ATTEMPTS - 60}
