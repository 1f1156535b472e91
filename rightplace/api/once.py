"""Each POST once: the caller's Idempotency-Key is taken in the transaction of its effect, as the key of a form is.

The same key with the same request is answered with the row as it stands now, and nothing is done again; with another
request it is refused (422). What was refused, or failed, has taken no key.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest

from rightplace.api.calling import Call
from rightplace.api.problems import ApiProblem
from rightplace.foundation.access.models import Submission

KEY = re.compile(r"[!-~]{8,200}\Z")
_TAKE = """
    INSERT INTO access_submission (user_id, key, body_sha256, location, taken_at) VALUES (%s, %s, %s, '', now())
    ON CONFLICT (user_id, key) DO NOTHING
"""


def only_once(
    request: HttpRequest, call: Call, do: Callable[[], Any], again: Callable[[int], Any]
) -> tuple[Any, bool]:
    """What the request comes to, and whether it is a repeat. A repeat waits for the first to end."""
    key = _key(request, call)
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).digest()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [call.actor.person_id, key, digest])
        is_first = cursor.rowcount == 1
    taken = Submission.objects.get(user_id=call.actor.person_id, key=key)
    if bytes(taken.body_sha256) != digest:
        raise ApiProblem("key-reused")
    if not is_first:
        return again(int(taken.location)), True
    result = do()
    Submission.objects.filter(pk=taken.pk).update(location=str(result.id))
    return result, False


def _key(request: HttpRequest, call: Call) -> uuid.UUID:
    given = request.headers.get("Idempotency-Key", "")
    if not KEY.match(given):
        raise ApiProblem("key-missing", "Send an Idempotency-Key of 8 to 200 visible characters.")
    return uuid.uuid5(uuid.NAMESPACE_URL, f"api-token:{call.token_id}:{given}")
