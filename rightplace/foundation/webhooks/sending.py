"""Sending one message: signed, to the address that was checked, without following anywhere and without waiting long.

The signature is that of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, moment and body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from uuid import UUID

from django.conf import settings

from rightplace.foundation.webhooks.addresses import Refused, Target, target_of

CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 8.0
ANSWER_BYTES = 4096
SECRET_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Sent:
    """How an attempt fared: the status of the answer, or the fault in words."""

    status: int | None = None
    fault: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver took the message: any answer of the 200s."""
        return self.status is not None and 200 <= self.status < 300


def secret_of(nonce: UUID) -> str:
    """The secret that a webhook's receiver checks signatures with; made anew each time from the installation's key."""
    made = hmac.new(settings.SECRET_KEY.encode(), b"webhook:" + nonce.bytes, hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(made).decode()


def signature(secret: str, event_id: str, moment: int, body: bytes) -> str:
    """The signature of a message, as the header carries it."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.new(key, f"{event_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def send(url: str, *, secret: str, event_id: UUID, body: bytes, now: datetime) -> Sent:
    """Send a message once; whatever goes wrong comes back in words that say nothing of what answers there."""
    moment = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Rightplace-Webhooks/1",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, str(event_id), moment, body),
    }
    try:
        target = target_of(url, to_loopback=settings.WEBHOOKS_TO_LOOPBACK)
        return Sent(status=_post(target, headers, body))
    except Refused as refused:
        return Sent(fault=str(refused))
    except TimeoutError:
        return Sent(fault="No answer in time")
    except ssl.SSLError:
        return Sent(fault="The certificate is not valid, or the secure connection failed")
    except (OSError, http.client.HTTPException, ValueError):
        return Sent(fault="The connection failed")


def _post(target: Target, headers: dict[str, str], body: bytes) -> int:
    connection = _connected(target)
    # Beside the time-out of each read: an answer that drips byte by byte ends here.
    ending = Timer(WHOLE_SECONDS, _cut, [connection])
    ending.daemon = True
    ending.start()
    try:
        connection.request("POST", target.path, body, headers)
        answer = connection.getresponse()
        answer.read(ANSWER_BYTES)
        return answer.status
    finally:
        ending.cancel()
        connection.close()


def _connected(target: Target) -> http.client.HTTPConnection:
    """A connection to the checked number. The name is used for the certificate and the Host header alone."""
    raw = socket.create_connection((target.number, target.port), timeout=CONNECT_SECONDS)
    raw.settimeout(WHOLE_SECONDS)
    connection = http.client.HTTPConnection(target.host, target.port)
    if target.scheme == "https":
        try:
            connection = http.client.HTTPSConnection(target.host, target.port)
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=target.host)
        except OSError:
            raw.close()
            raise
    else:
        connection.sock = raw
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):  # it may have ended by itself meanwhile
            connection.sock.shutdown(socket.SHUT_RDWR)
