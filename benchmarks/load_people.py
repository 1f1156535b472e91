"""People for locust: each signed in with a role, opening pages of their desk, thinking, and now and then sending a form.

Run by benchmarks.load, which writes the plan; what was acknowledged and refused is written beside it at the end.
"""

from __future__ import annotations

import json
import os
import random
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from locust import HttpUser, between, constant, events, task

PLAN = Path(os.environ["RIGHTPLACE_LOAD_PLAN"])
PLANNED = json.loads(PLAN.read_text())
TOKEN = "a" * 32
NUMBERS = count()
ACKNOWLEDGED: list[str] = []
REFUSED: dict[str, int] = {}
FORM = {"needed_by_day": "1", "needed_by_month": "2", "needed_by_year": "2028"}


class Person(HttpUser):
    """Somebody at a desk."""

    wait_time = constant(0) if PLANNED["is_rush"] else between(*PLANNED["thinks_seconds"])

    def on_start(self) -> None:
        """Take the next seat of the plan."""
        self.seat = PLANNED["seats"][next(NUMBERS) % len(PLANNED["seats"])]
        self.client.cookies.set("sessionid", self.seat["session"])
        self.client.cookies.set("csrftoken", TOKEN)

    @task(PLANNED["reads"])
    def opens_a_page(self) -> None:
        """One of the pages of this role."""
        path, name = random.choice(self.seat["pages"])
        self._ask("GET", path, name)

    @task(PLANNED["writes"])
    def sends_a_form(self) -> None:
        """A social worker starts a request; everybody else marks the notices as read."""
        child = self.seat["child"]
        key = str(uuid4())
        path, name = (f"/social-work/children/{child}/start/", "start a request") if child else ("/notices/read/", "read notices")
        answer = self._ask("POST", path, name, data={**(FORM if child else {}), "once": key}, headers={"X-CSRFToken": TOKEN})
        if answer in {302, 303}:
            ACKNOWLEDGED.append(key)

    def _ask(self, method: str, path: str, name: str, **more: Any) -> int:
        options = {"name": f"{method} {name}", "catch_response": True, "allow_redirects": False, **more}
        with self.client.request(method, path, **options) as answer:
            status = answer.status_code
            is_told_to_wait = status in {429, 503} and "Retry-After" in answer.headers
            if is_told_to_wait:
                REFUSED[str(status)] = REFUSED.get(str(status), 0) + 1
            if is_told_to_wait or 200 <= status < 400:
                answer.success()
            else:
                answer.failure(f"{status} {method} {name}")
        return int(status)


@events.quitting.add_listener
def tell(**_: Any) -> None:
    """Write down what was acknowledged."""
    PLAN.with_suffix(".told.json").write_text(json.dumps({"acknowledged": ACKNOWLEDGED, "refused": REFUSED}))
