"""A sign-on service of our own making, whose tokens say whatever a test wants, signed however it wants."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
ACCESS_TOKEN = "an-access-token-for-the-service-alone"


class BentService(ThreadingHTTPServer):
    """`token` is the identity token that it gives next."""

    token = ""
    daemon_threads = True

    @property
    def address(self) -> str:
        """Its issuer."""
        return f"http://localhost:{self.server_address[1]}"

    def usual(self, nonce: str, **other: Any) -> dict[str, Any]:
        """The claims of a right identity token, changed as said; None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": "rightplace", "sub": "b-1", "nonce": nonce, "iat": now, "exp": now + 300,
            "email_verified": True, "amr": ["mfa"], **other,
        }  # fmt: skip
        return {name: value for name, value in claims.items() if value is not None}


def signed(claims: dict[str, Any], how: str = "RS256") -> str:
    """A token; "none" leaves the signature out, "HS256" takes the public key for a secret."""
    if how == "HS256":
        head, body = _part({"alg": "HS256", "typ": "JWT"}), _part(claims)
        return f"{head}.{body}.{_coded(hmac.new(PUBLIC, f'{head}.{body}'.encode(), hashlib.sha256).digest())}"
    if how == "none":
        return f"{_part({'alg': 'none'})}.{_part(claims)}."
    return jwt.encode(claims, KEY, algorithm=how)


def _part(said: dict[str, Any]) -> str:
    return _coded(json.dumps(said).encode())


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class _Answers(BaseHTTPRequestHandler):
    server: BentService

    def do_GET(self) -> None:
        """The description and the keys."""
        address = self.server.address
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        self._say(
            {"keys": [key]}
            if self.path == "/jwks"
            else {
                "issuer": address, "authorization_endpoint": f"{address}/authorise",
                "token_endpoint": f"{address}/token", "jwks_uri": f"{address}/jwks",
            }
        )  # fmt: skip

    def do_POST(self) -> None:
        """The tokens."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": self.server.token})

    def _say(self, said: dict[str, Any]) -> None:
        content = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is told."""


@contextmanager
def bent_service() -> Iterator[BentService]:
    """The service, in threads of its own."""
    with BentService(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
