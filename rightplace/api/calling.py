"""Who calls: the token, the actor it stands for, and the version of the row that the caller saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from rightplace.api.problems import ApiProblem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.tokens.using import seconds_to_wait, token_in_use


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation: who, when, by which token; `version` is what If-Match says was seen."""

    actor: Actor
    now: datetime
    token_id: int
    version: int = 0

    @property
    def today(self) -> date:
        """The day of the call."""
        return timezone.localdate(self.now)


class ApiToken(HttpBearer):
    """A token in the Authorization header. The session of a browser opens nothing here, so no page can forge a call."""

    def __init__(self, scope: str, roles: frozenset[str]) -> None:
        super().__init__()
        self.scope, self.roles = scope, roles

    def authenticate(self, request: HttpRequest, token: str) -> Call:
        """The call, if the token is good, does not ask too often, has the scope and acts in one of the roles."""
        now = timezone.now()
        used = token_in_use(token, now)
        if used is None:
            raise ApiProblem("not-signed-in", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        if seconds := seconds_to_wait(used.token_id, now, most_a_minute=settings.API_REQUESTS_A_MINUTE):
            raise ApiProblem("too-often", headers={"Retry-After": str(seconds)})
        if self.scope and self.scope not in used.scopes:
            raise ApiProblem("scope-missing", f"This needs the scope {self.scope}.")
        if used.actor.role not in self.roles:
            raise ApiProblem("not-yours", f"The role {used.actor.role_words} does not do this.")
        return Call(used.actor, now, used.token_id)


def call_of(request: HttpRequest) -> Call:
    """The call that this request makes; there is one wherever an operation runs."""
    call: Call = request.auth  # type: ignore[attr-defined]  # set by django-ninja from `authenticate`
    return call
