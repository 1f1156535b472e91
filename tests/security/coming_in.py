"""Coming in as a browser does, without a demonstration's one click: password, code, links out of e-mails."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.access import second_steps
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import User
from rightplace.foundation.notices.models import OutgoingEmail

PASSWORD = "three grey herons at dawn"
QUICK = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}


def with_password(who: Actor, password: str = PASSWORD) -> User:
    """The account of one of the cast, with a password."""
    user = User.objects.get(pk=who.user_id)
    user.set_password(password)
    user.save()
    return user


def with_app(user: User) -> str:
    """An authenticator app for this account, which gave its first code an hour ago; its secret."""
    secret = second_steps.new_secret()
    second_steps.add_app(user, secret, int(time.time()) // app_settings.TOTP_PERIOD - 120)
    return secret


def code_of(secret: str, steps_on: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds on."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD + steps_on))


def give_password(client: Client, user: User, password: str = PASSWORD, goal: str = "") -> HttpResponse:
    """The first step."""
    address = f"/sign-in/?next={goal}" if goal else "/sign-in/"
    return client.post(address, {"username": user.username, "password": password})


def give_code(client: Client, code: str) -> HttpResponse:
    """The second step."""
    return client.post("/sign-in/second-step/", {"code": code})


def come_in(user: User, secret: str, *, steps_on: int = 0) -> Client:
    """Both steps; a browser that is in."""
    client = Client()
    assert give_password(client, user)["Location"] == "/sign-in/second-step/"
    assert give_code(client, code_of(secret, steps_on)).status_code == 303
    return client


def is_in(client: Client) -> bool:
    """Whether a page opens."""
    return client.get("/notices/").status_code == 200


def link_in_mail(address: str, part: str) -> str:
    """The path of the link in the last e-mail to somebody."""
    mail = OutgoingEmail.objects.filter(to__iexact=address, body__contains=part).order_by("-pk").first()
    assert mail is not None, f"no e-mail to {address}"
    found = re.search(rf"https?://\S+({re.escape(part)}\S*)", mail.body)
    assert found
    return found[1]


def where_to(response: HttpResponse) -> tuple[str, dict[str, list[str]]]:
    """The path of a redirect and its parameters."""
    parts = urlsplit(response["Location"])
    return parts.path, parse_qs(parts.query)
