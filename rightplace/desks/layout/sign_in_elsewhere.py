"""Signing on with one's employer's service (OpenID Connect), for people who have an account here already.

The code flow with PKCE, state and nonce; the identity token's signature, issuer, audience and age are always checked. A
service vouches only for people all of whose roles are in its authority, so that no authority's service opens another's files.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rightplace.desks.layout.answers import see_other
from rightplace.desks.layout.attempts import count
from rightplace.desks.layout.entering import begin, safe
from rightplace.foundation.access.models import User
from rightplace.foundation.access.queries import memberships_of
from rightplace.foundation.access.sign_on import SignOnService

log = logging.getLogger("rightplace.sign_in")
ON_THE_WAY = "elsewhere"
SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
# What comes of an answer that is in another shape than OpenID Connect has it: a list where names are looked up, and the like.
BROKEN = (AttributeError, KeyError, TypeError, ValueError)
NOT_THERE = "The sign-on service does not answer. Try again in a few minutes, or use your password."
NOT_PROVED = "Signing on did not succeed. Start again here."
UNKNOWN = "You were recognised there, but no account here goes with it. Ask your access administrator to invite you."


class NotProved(Exception):
    """What came back from the service proves nothing."""


class _Dialogue(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth ships no types
    """django-allauth's dialogue with a service, come back to at our one address."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{settings.SITE_ADDRESS}/sign-in/elsewhere/back/"


class _Service(OpenIDConnectProvider):  # type: ignore[misc]  # allauth ships no types
    oauth2_adapter_class = _Dialogue


def _known(request: HttpRequest, service: SignOnService) -> _Service:
    return _Service(request, app=get_adapter(request).get_app(request, provider=service.key))


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Off to the service, with a state and a nonce that only this browser's session knows."""
    service: SignOnService | None = settings.SIGN_ON.get(request.GET.get("with", ""))
    if service is None:
        return see_other("/sign-in/")
    nonce = secrets.token_urlsafe(24)
    goal = safe(request.GET.get("next", ""))
    request.session[ON_THE_WAY] = {"key": service.key, "nonce": nonce, "goal": goal}
    try:
        leave: HttpResponse = _known(request, service).redirect(
            request, "login", auth_params={"nonce": nonce}
        )
    except (requests.RequestException, OAuth2Error, *BROKEN) as error:
        return _refused(request, NOT_THERE, error)
    return leave


def back(request: HttpRequest) -> HttpResponse:
    """Back from the service: who is it? Then our second step, unless the service has asked for one itself."""
    held = request.session.pop(ON_THE_WAY, None) or {}
    service: SignOnService | None = settings.SIGN_ON.get(held.get("key", ""))
    if service is None or count(request, "open_link", "elsewhere") is None:
        return _refused(request, NOT_PROVED, "no sign-on was on the way")
    try:
        claims = _claims(request, service, held["nonce"])
    except requests.RequestException as error:
        return _refused(request, NOT_THERE, error)
    except (NotProved, OAuth2Error, jwt.PyJWTError, *BROKEN) as error:
        return _refused(request, NOT_PROVED, error)
    user = person_vouched_for(service, claims)
    if user is None:
        return _refused(request, UNKNOWN, "no account goes with it")
    is_twice = service.has_asked_twice(claims)
    return begin(request, user, how=f"{service.name}’s sign-on", goal=held["goal"], is_proved_twice=is_twice)


def _claims(request: HttpRequest, service: SignOnService, nonce: str) -> dict[str, Any]:
    """What the service says of the person: NotProved, OAuth2Error or PyJWTError when anything does not fit."""
    known = _known(request, service)
    state_id = request.GET.get("state", "")
    state = statekit.unstash_state(request, provider_id=known.sub_id, state_id=state_id) if state_id else None
    if state is None or "code" not in request.GET:
        raise NotProved("wrong state, or no code")
    dialogue = known.get_oauth2_adapter(request)
    if _bare(dialogue.openid_config["issuer"]) != _bare(service.issuer):
        raise NotProved("another issuer")
    client = dialogue.get_client(request, known.app)
    token = dialogue.get_access_token_data(
        request, known.app, client, pkce_code_verifier=state.get("pkce_code_verifier")
    )
    with get_adapter(request).get_requests_session() as asking:
        keys = asking.get(dialogue.openid_config["jwks_uri"]).json()
    claims = _verified(
        token["id_token"], keys, issuer=dialogue.openid_config["issuer"], audience=service.client_id
    )
    if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
        raise NotProved("wrong nonce")
    return claims


def _verified(token: str, keys: dict[str, Any], *, issuer: str, audience: str) -> dict[str, Any]:
    """The claims of an identity token whose signature, issuer, audience and age are right. A lone key needs no name."""
    head = jwt.get_unverified_header(token)
    fit = [key for key in jwt.PyJWKSet.from_dict(keys).keys if head.get("kid") in {None, key.key_id}]
    if head.get("alg") not in SIGNATURES or len(fit) != 1:
        raise NotProved("a signature that proves nothing")
    claims: dict[str, Any] = jwt.decode(
        token,
        fit[0].key,
        algorithms=[head["alg"]],
        audience=audience,
        issuer=issuer,
        leeway=30,
        options={"require": ["exp", "iat", "iss", "aud", "sub"]},
    )
    return claims


def _bare(address: str) -> str:
    return address.rstrip("/")


def person_vouched_for(service: SignOnService, claims: Mapping[str, Any]) -> User | None:
    """Whom the service's claims mean: by its own number for them, the first time by an e-mail address that it has verified.

    None for somebody without an account, with a closed one, without a role today, or with a role where this service
    has no say.
    """
    known = SocialAccount.objects.filter(provider=service.key, uid=str(claims["sub"])).first()
    email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
    user = known.user if known else User.objects.filter(email__iexact=email).exclude(email="").first()
    if user is None or not user.is_active:
        return None
    places = {str(row.authority or "") for row in memberships_of(user, today=timezone.localdate())}
    if not places or (service.authority and places != {service.authority}):
        return None
    if known is None:
        SocialAccount.objects.create(user=user, provider=service.key, uid=str(claims["sub"]))
    return user


def _refused(request: HttpRequest, words: str, why: object) -> HttpResponse:
    log.warning("A sign-on elsewhere was refused: %s", why)
    messages.info(request, words)
    return see_other("/sign-in/")
