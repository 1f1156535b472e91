"""People at work over HTTP while things break: each form is sent again under its key until it is answered.

What was acknowledged (an answer that leads on) is noted, and afterwards held against the rows of the database.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import psycopg

from tests.faults.standing import Installation, connect
from tests.security.forms import Form, forms_in

TOKEN = "a" * 32
GIVES_UP_SECONDS = 60
PAUSE_SECONDS = 0.1
HOPELESS = 500
"""An answer of 500 is a fault of ours."""

COME_BACK = {429, 503}
"""Too much at once of one's own, or of everybody's: to be asked again in a while."""


@dataclass
class Noted:
    """What the people were told, over all of them, since they began."""

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    acknowledged: list[tuple[str, str, str]] = field(default_factory=list)  # kind, key, where it led
    refused: list[tuple[str, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    sent_again: int = 0
    pages: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Person:
    """Somebody signed in, by the key of a session, who comes back until the product answers."""

    place: Installation
    session: str
    noted: Noted

    def __post_init__(self) -> None:
        cookies = {"sessionid": self.session, "csrftoken": TOKEN}
        self.client = httpx.Client(base_url=self.place.address, cookies=cookies, timeout=20)

    def opens(self, path: str) -> str:
        """The text of a page."""
        with self.noted.lock:
            self.noted.pages += 1
        return self._answered(lambda: self.client.get(path, follow_redirects=True)).text

    def form(self, path: str, words: str = "") -> Form:
        """The form of a page whose address has these words."""
        found = [form for form in forms_in(self.opens(path), path) if words in form.action]
        assert found, f"no form {words!r} on {path}"
        return found[-1]

    def sends(self, kind: str, form: Form, **entries: object) -> str:
        """Send a form under one key until it is answered; where it led, or nothing when it was refused."""
        body = {**form.filled(**entries)}
        key = str(body["once"])
        answer = self._answered(
            lambda: self.client.post(form.action, data=body, headers={"X-CSRFToken": TOKEN})
        )
        with self.noted.lock:
            if answer.is_redirect:
                self.noted.acknowledged.append((kind, key, answer.headers["Location"]))
                return answer.headers["Location"]
            self.noted.refused.append((kind, answer.status_code))
        return ""

    def _answered(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        begun = time.monotonic()
        while True:
            try:
                answer = ask()
                if answer.status_code not in COME_BACK:
                    if answer.status_code >= HOPELESS:
                        with self.noted.lock:
                            self.noted.faults.append(f"{answer.status_code} {answer.request.url}")
                    return answer
            except httpx.HTTPError:
                pass
            assert time.monotonic() - begun < GIVES_UP_SECONDS, f"no answer: {self.place.words_of('serve')}"
            with self.noted.lock:
                self.noted.sent_again += 1
            time.sleep(PAUSE_SECONDS)


@dataclass(frozen=True)
class Cards:
    """Who is signed in (sessions by name) and which rows they work on."""

    sessions: dict[str, str]
    children: tuple[int, ...]
    home: int


def ask_for_a_place(who: Person, cards: Cards, chance: random.Random) -> None:
    """Start a request, fill a step in, and withdraw it."""
    child = chance.choice(cards.children)
    start = f"/social-work/children/{child}/start/"
    needed = {"needed_by_day": "1", "needed_by_month": "2", "needed_by_year": "2027"}
    empty = Form("post", start)
    step = who.sends("start", empty, **needed)
    row = step.split("/requests/")[1].split("/")[0]
    form = who.form(step)
    who.sends("step", form, **dict.fromkeys(form.words[:1], "Kept safe whatever breaks."))
    form = who.form(f"/social-work/requests/{row}/withdraw/")
    who.sends("withdraw", form, reason="No longer needed, as the fault suite says.")


def state_vacancies(who: Person, cards: Cards, chance: random.Random) -> None:
    """A provider says how many beds are free."""
    form = who.form(f"/portal/homes/{cards.home}/", "vacancies")
    who.sends("vacancies", form, **{name: str(chance.randrange(3)) for name in form.words[:1]})


def read_notices(who: Person, cards: Cards, chance: random.Random) -> None:
    """A broker looks round and marks the notices as read."""
    for path in ("/brokerage/searches/", "/placements/"):
        who.opens(path)
    who.sends("notices", Form("post", "/notices/read/"))


JOURNEYS = (("sadia", ask_for_a_place), ("priya", state_vacancies), ("bola", read_notices))


def walk(place: Installation, cards: Cards, noted: Noted, seed: int, until: Callable[[], bool]) -> int:
    """Walk journeys, mixed by chance, until told to stop; how many."""
    chance, walked = random.Random(seed), 0
    people = {name: Person(place, session, noted) for name, session in cards.sessions.items()}
    try:
        while not until():
            name, journey = chance.choices(JOURNEYS, weights=(3, 1, 1))[0]
            journey(people[name], cards, chance)
            walked += 1
    finally:
        for person in people.values():
            person.client.close()
    return walked


def what_is_wrong(place: Installation, noted: Noted) -> list[str]:
    """Each acknowledged deed against the rows: none lost, none by half, none twice, nobody told twice."""
    with connect(place) as connection:
        found = [f"fault {fault}" for fault in noted.faults]
        found += _lost(connection, noted)
        found += _by_half(connection)
        found += _twice(connection, noted)
    done = place.run("check", "audit", "--json")
    return found + ([] if done.returncode == 0 else [done.stdout + done.stderr])


def _lost(connection: psycopg.Connection, noted: Noted) -> list[str]:
    query = "SELECT location FROM access_submission WHERE key = %s"
    wrong = []
    for kind, key, location in noted.acknowledged:
        row = connection.execute(query, [key]).fetchone()
        if row is None or row[0] != location:
            wrong.append(f"lost: {kind} {key} → {location}")
    return wrong


def _by_half(connection: psycopg.Connection) -> list[str]:
    query = """
        SELECT r.id, r.state FROM requests_placementrequest r
        LEFT JOIN requests_requestchild c ON c.request_id = r.id
        LEFT JOIN audit_auditentry e ON e.subject = 'request' AND e.subject_id = r.id AND e.verb = 'start_request'
        LEFT JOIN audit_auditentry w ON w.subject = 'request' AND w.subject_id = r.id AND w.verb = 'withdraw_request'
        GROUP BY r.id, r.state
        HAVING count(DISTINCT c.id) = 0 OR count(DISTINCT e.id) <> 1
            OR count(DISTINCT w.id) <> (r.state = 'withdrawn')::int
    """
    return [f"by half: request {row}" for row in connection.execute(query).fetchall()]


def _twice(connection: psycopg.Connection, noted: Noted) -> list[str]:
    wrong = []
    started = {location for kind, _, location in noted.acknowledged if kind == "start"}
    keys = {key for kind, key, _ in noted.acknowledged if kind == "start"}
    if len(started) != len(keys):
        wrong.append(f"{len(keys)} forms started {len(started)} requests")
    stated = len([1 for kind, _, _ in noted.acknowledged if kind == "vacancies"])
    entries = "SELECT count(*) FROM audit_auditentry WHERE verb = 'state_vacancies' AND at >= %s"
    written = _number(connection, entries, noted.since)
    if stated and written != stated:
        wrong.append(f"{stated} vacancies stated, {written} entries")
    told = _number(
        connection,
        """
        SELECT count(*) FROM (SELECT 1 FROM notices_notice WHERE at > now() - '6 hours'::interval
            GROUP BY authority_id, provider_id, user_id, role, words, link, at HAVING count(*) > 1) twice
    """,
    )
    return [*wrong, *([f"{told} notices twice"] if told else [])]


def started_rows(connection: psycopg.Connection) -> int:
    """How many requests there are."""
    return _number(connection, "SELECT count(*) FROM requests_placementrequest")


def _number(connection: psycopg.Connection, query: str, *values: object) -> int:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])
