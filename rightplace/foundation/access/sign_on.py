"""Signing on elsewhere: the OpenID Connect services that an installation names in its environment. No Django in here.

RIGHTPLACE_SSO=croydon,sutton
RIGHTPLACE_SSO_CROYDON_NAME=Croydon Council
RIGHTPLACE_SSO_CROYDON_ISSUER=https://login.example.org/croydon
RIGHTPLACE_SSO_CROYDON_CLIENT_ID=…
RIGHTPLACE_SSO_CROYDON_CLIENT_SECRET=…
RIGHTPLACE_SSO_CROYDON_AUTHORITY=Croydon          whose people it may vouch for
RIGHTPLACE_SSO_CROYDON_SECOND_STEP=amr:mfa        the claim that says that it asked for a second factor
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "RIGHTPLACE_SSO"
NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")


@dataclass(frozen=True, slots=True)
class SignOnService:
    """One service that people may sign on with: who it is, whose people it vouches for, and what proves two factors.

    `second_step` is a claim and its value, as `("amr", "mfa")`; none where our own second step is always asked for.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    authority: str = ""
    second_step: tuple[str, str] | None = None

    def as_app(self) -> dict[str, Any]:
        """As django-allauth wants it."""
        return {
            "provider_id": self.key,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer, "oauth_pkce_enabled": True, "fetch_userinfo": False},
        }

    def has_asked_twice(self, claims: Mapping[str, Any]) -> bool:
        """Whether the claims of a sign-on prove that the service asked for a second factor itself."""
        if self.second_step is None:
            return False
        claim, wanted = self.second_step
        said = claims.get(claim)
        return wanted in said if isinstance(said, list) else said == wanted


def sign_on_services(environment: Mapping[str, str]) -> dict[str, SignOnService]:
    """The services by key; ValueError names a setting that is missing."""
    keys = [key.strip() for key in environment.get(PREFIX, "").split(",") if key.strip()]
    return {key: _service(key, environment) for key in keys}


def _service(key: str, environment: Mapping[str, str]) -> SignOnService:
    def said(name: str) -> str:
        return environment.get(f"{PREFIX}_{key.upper()}_{name}", "").strip()

    missing = [f"{PREFIX}_{key.upper()}_{name}" for name in NEEDED if not said(name)]
    if missing:
        raise ValueError(f"Single sign-on needs {' and '.join(missing)}")
    claim, _, value = said("SECOND_STEP").partition(":")
    return SignOnService(
        key=key,
        name=said("NAME") or key.title(),
        issuer=said("ISSUER"),
        client_id=said("CLIENT_ID"),
        client_secret=said("CLIENT_SECRET"),
        authority=said("AUTHORITY"),
        second_step=(claim, value) if claim and value else None,
    )
