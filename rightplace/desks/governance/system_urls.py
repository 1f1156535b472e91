"""Addresses of tokens and webhooks, the same at each desk that keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern

from rightplace.desks.governance import tokens, webhooks
from rightplace.desks.layout.doors import form_page, page, verb


def token_patterns(start: str, roles: Iterable[str], *, prefix: str = "") -> list[URLPattern]:
    """The pages of tokens under `start`."""
    who, one = tuple(roles), f"{start}<int:key>/"
    return [
        page(start, tokens.token_list, roles=who, name=f"{prefix}tokens"),
        form_page(f"{start}new/", tokens.make_token, roles=who, name=f"{prefix}token_new"),
        page(one, tokens.token_page, roles=who, name=f"{prefix}token"),
        form_page(f"{one}end/", tokens.end_token, roles=who, name=f"{prefix}token_end"),
    ]


def webhook_patterns(start: str, roles: Iterable[str]) -> list[URLPattern]:
    """The pages of webhooks under `start`."""
    who, one = tuple(roles), f"{start}<int:key>/"
    message = f"{one}messages/<int:delivery_id>/"
    return [
        page(start, webhooks.webhook_list, roles=who, name="webhooks"),
        form_page(f"{start}new/", webhooks.add_webhook, roles=who, name="webhook_new"),
        page(one, webhooks.webhook_page, roles=who, name="webhook"),
        form_page(f"{one}change/", webhooks.change_webhook, roles=who, name="webhook_change"),
        verb(f"{one}pause/", webhooks.pause, roles=who, name="webhook_pause"),
        verb(f"{one}resume/", webhooks.resume, roles=who, name="webhook_resume"),
        form_page(f"{one}end/", webhooks.end, roles=who, name="webhook_end"),
        verb(f"{one}ping/", webhooks.ping, roles=who, name="webhook_ping"),
        page(message, webhooks.delivery_page, roles=who, name="delivery"),
        verb(f"{message}again/", webhooks.repeat, roles=who, name="delivery_repeat"),
    ]
