"""Killing parts of a served installation while people work, and what came of it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.journeys import Cards, Noted, walk, what_is_wrong
from tests.faults.standing import Installation, kill

PEOPLE = 4
WEB_PROCESSES = 2
BETWEEN_SECONDS = (0.05, 0.6)


@dataclass
class Harm:
    """How many kills of each kind, how long until the next page after each, how many journeys, and what was wrong."""

    kills: dict[str, int] = field(default_factory=dict)
    next_page: dict[str, float] = field(default_factory=dict)
    journeys: int = 0
    noted: Noted = field(default_factory=Noted)
    wrong: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """All kills."""
        return sum(self.kills.values())


def harm(place: Installation, cards: Cards, kinds: list[str], seed: int, *, journeys: int = 0) -> Harm:
    """Let people work, end a process of each kind in turn at a random moment, and hold what they were told against the rows.

    With `journeys` they go on until so many were walked.
    """
    found, over, chance = Harm(), threading.Event(), random.Random(seed)
    walked: list[int] = []

    def until() -> bool:
        return over.is_set() and sum(walked) >= journeys

    def person(number: int) -> None:
        while not until():
            walk(place, cards, found.noted, seed + number + 1000 * len(walked), _once())
            walked.append(1)

    with ThreadPoolExecutor(PEOPLE) as pool:
        people = [pool.submit(person, number) for number in range(PEOPLE)]
        try:
            for kind in kinds:
                time.sleep(chance.uniform(*BETWEEN_SECONDS))
                _end_one(place, kind, chance)
                seconds = place.wait_until_answering(60, "/about/" if kind != "database" else "/sign-in/")
                found.kills[kind] = found.kills.get(kind, 0) + 1
                found.next_page[kind] = max(found.next_page.get(kind, 0.0), seconds)
                _wait_until_replaced(place)
        finally:
            over.set()
        for one in people:
            one.result()
    found.journeys = sum(walked)
    found.wrong = what_is_wrong(place, found.noted)
    return found


def _once() -> Callable[[], bool]:
    """True from the second time on: walks one journey."""
    asked: list[bool] = []

    def is_over() -> bool:
        asked.append(True)
        return len(asked) > 1

    return is_over


def _end_one(place: Installation, kind: str, chance: random.Random) -> None:
    if kind == "database":
        place.kill_database()
        return
    # Of the web the one that has lived longest: granian ends when the same one is killed twice in a few seconds.
    found = sorted(place.web_processes())[:1] if kind == "web" else place.worker_processes()
    if found:
        kill(chance.choice(found))


def _wait_until_replaced(place: Installation) -> None:
    """Until the new web process serves too: it has then as many threads as the other. At most two minutes.

    Else the next kill would end the only one that serves, and the next page would wait for a whole start.
    """
    for _ in range(2_400):
        threads = [_threads(number) for number in place.web_processes()]
        if len(threads) == WEB_PROCESSES and min(threads) >= max(threads) - 2:
            return
        time.sleep(0.05)


def _threads(number: int) -> int:
    try:
        return len(list(Path(f"/proc/{number}/task").iterdir()))
    except OSError:
        return 0
