"""Fuzzing the API against its own document: cases that fit it and cases that do not, as each role, on rows that exist.

Cases are made by schemathesis and sent to the real WSGI application over a real PostgreSQL. To reach the verbs, half of
the numbers in addresses and of the versions in If-Match are taken from the walked world.
"""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from rightplace.site.wsgi import application
from tests.api.caller import ROOT, Caller
from tests.world import World

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
ROLES = ("sadia", "moses", "bola", "fern", "pearl", "dev", "fin", "cora", "ana", "ada", "priya", "quinn")
# Making a case up takes longer than sending it: each is sent as so many roles.
AT_ONCE = 8
A_ROUND = 5_000
# Bodies of these are large, and slow to make up.
LARGE = frozenset(
    {"POST /requests", "PATCH /requests/{request_id}", "POST /offers", "PATCH /offers/{offer_id}"}
)


@dataclass
class Fuzz:
    """A run: its callers, and what came of it."""

    world: World
    rng: random.Random
    callers: list[Caller] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    by_role: Counter[str] = field(default_factory=Counter)
    unguarded: list[str] = field(default_factory=list)
    until: float = float("inf")

    @property
    def is_out_of_time(self) -> bool:
        """Whether the time that was given is over: the rest of the cases is then left out."""
        return time.monotonic() > self.until

    @property
    def cases(self) -> int:
        """How many requests were sent."""
        return self.statuses.total()

    def send(self, case: Any) -> None:
        """Send a case as several of the roles, one after the other, and check each answer.

        Now and then it is sent without a token, which must be refused.
        """
        for caller in () if self.is_out_of_time else self._some_callers(case):
            self._make_real(case)
            if self.rng.random() < 0.05:
                self._without_token(case)
                continue
            case.headers["Authorization"] = caller.headers["Authorization"]
            response = case.call()
            self.statuses[response.status_code] += 1
            self.by_role[caller.actor.role] += 1
            case.validate_response(response, checks=CHECKS)

    def _some_callers(self, case: Any) -> list[Caller]:
        """Mostly roles that the operation lets in, and two that it does not."""
        may = set(case.operation.definition.raw["x-roles"])
        inside = [one for one in self.callers if one.actor.role in may]
        outside = [one for one in self.callers if one.actor.role not in may]
        picked = self.rng.choices(inside, k=AT_ONCE - 2)
        return [
            *picked,
            *(self.rng.sample(outside, 2) if len(outside) > 1 else self.rng.choices(inside, k=2)),
        ]

    def _make_real(self, case: Any) -> None:
        for name, value in dict(case.path_parameters or {}).items():
            if isinstance(value, int) and self.rng.random() < 0.7:
                case.path_parameters[name] = self.rng.randint(1, 20)
        if "Idempotency-Key" in case.headers and len(case.headers["Idempotency-Key"]) > 8:
            case.headers["Idempotency-Key"] = uuid.UUID(int=self.rng.getrandbits(128)).hex
        if "If-Match" in case.headers and self.rng.random() < 0.5:
            case.headers["If-Match"] = f'"{self.rng.randint(1, 12)}"'

    def _without_token(self, case: Any) -> None:
        case.headers["Authorization"] = self.rng.choice(
            ["Bearer rp_guessed", "Basic cnA6eA==", "rp_", "Bearer", "Bearer "]
        )
        response = case.call()
        self.statuses[response.status_code] += 1
        # What cannot even be read may be refused before who asks is looked at.
        if response.status_code not in {400, 401, 404, 405, 413, 415}:
            self.unguarded.append(f"{case.method} {case.path}: {response.status_code}")


def fuzz(world: World, *, cases: int, number: int, seconds: float = float("inf")) -> Fuzz:
    """Send so many cases, spread over the operations; schemathesis raises at the first answer that breaks the document.

    They are sent in rounds over all operations, so that a run whose time is over has asked each of them alike.
    """
    run = Fuzz(world, random.Random(number))  # a seed, so that a run can be repeated
    run.until = time.monotonic() + seconds
    run.callers = [Caller(getattr(world.cast, name)) for name in ROLES]
    with _one_connection():
        for turn in range(max(1, cases // A_ROUND)):
            if not run.is_out_of_time:
                _spread(run, min(cases, A_ROUND), number + turn)
    return run


@contextmanager
def _one_connection() -> Iterator[None]:
    """Keep the connection that the test's transaction is in, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _spread(run: Fuzz, cases: int, number: int) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    shares = {one.label: 1 if one.label in LARGE else 4 for one in operations}
    for operation in operations:
        wanted = max(2, round(cases / AT_ONCE * shares[operation.label] / sum(shares.values())))
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _some(operation, mode, wanted // 2 + wanted % 2, number, run.send)


def _some(operation: Any, mode: GenerationMode, wanted: int, number: int, send: Callable[..., None]) -> None:
    strategy: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=mode)

    @seed(number)
    @settings(
        max_examples=wanted,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(case: Any) -> None:
        send(case)

    each()
