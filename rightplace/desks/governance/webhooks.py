"""Webhooks: the list, adding one, its page with every message, pausing, a ping, and sending a message again.

The same pages for the access administrator and, in the portal, for a provider's people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.tables import Column
from rightplace.desks.governance.systems_seen import WebhookSeen, delivery_seen, webhook_seen
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.webhooks import actions, queries
from rightplace.foundation.webhooks.kinds import PING, kinds_for
from rightplace.foundation.webhooks.models import Delivery, Webhook
from rightplace.foundation.webhooks.sending import secret_of

STATES = {
    "waiting": ("waiting", "Waiting"),
    "delivered": ("done", "Delivered"),
    "dead": ("failed", "Given up"),
}
LOOKS = {"active": ("active", "Active"), "paused": ("on_hold", "Paused")}
SORTS = {"made_at": ("made_at", "id"), "kind": ("kind", "id"), "attempts": ("attempts", "id")}


class WebhookFilter(forms.Form):
    """Which webhooks."""

    q = forms.CharField(label="Name or address", required=False, max_length=60)


class DeliveryFilter(forms.Form):
    """Which messages."""

    q = forms.CharField(label="Kind", required=False, max_length=40)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=(("", "All"), *((code, words) for code, (_, words) in STATES.items())),
    )


class WebhookForm(forms.Form):
    """Where to tell what."""

    name = forms.CharField(label="Name", max_length=80, help_text="For example: Case system")
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="It starts with https:// and can be reached from the internet",
    )
    kinds = forms.MultipleChoiceField(label="What is it told of?", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, is_provider: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kinds"].choices = list(kinds_for(is_provider=is_provider).items())  # type: ignore[attr-defined]  # a field of choices


def address(request: HttpRequest, page: str, *keys: int) -> str:
    """The address of one of these pages at the desk of who is at the door."""
    desk = "portal" if actor_of(request).role == PROVIDER else "governance"
    return reverse(f"{desk}:{page}", args=keys)


def webhook_list(request: HttpRequest) -> HttpResponse:
    """The webhooks that this actor keeps."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Webhook]:
        text = (filters.get("q") or "").strip()
        wanted = queries.webhooks(actor)
        named = wanted.filter(name__icontains=text) | wanted.filter(url__icontains=text)
        return named.order_by("-name" if sort == "-name" else "name", "id")

    columns = (
        Column("Name", "name", sort="name", link=lambda row: address(request, "webhook", row.pk)),
        Column("Address", "url"),
        Column("Waiting", "waiting", "number"),
        Column("Given up", "dead", "number"),
        Column("Last delivered", "delivered_at", "moment"),
        Column("State", lambda row: LOOKS[row.state], "status"),
    )
    lead = "Other systems are told what happened, by number. Messages carry no names and no prices."
    listing = Listing(
        "Webhooks", "webhook", columns, rows, WebhookFilter, sort="name",
        context={"lead": lead, "new_url": address(request, "webhook_new")}, empty="There is no webhook.",
        as_row=webhook_seen,
    )  # fmt: skip
    return list_page(request, "governance/webhooks.html", listing)


def add_webhook(request: HttpRequest) -> HttpResponse:
    """Add a webhook."""
    return _form_page(request, None)


def change_webhook(request: HttpRequest, key: int) -> HttpResponse:
    """Change a webhook."""
    return _form_page(request, _webhook(request, key))


def _kept(request: HttpRequest, key: int) -> Webhook:
    row: Webhook = found(queries.webhooks(actor_of(request)).filter(pk=key).first())
    return row


def _webhook(request: HttpRequest, key: int) -> WebhookSeen:
    return webhook_seen(_kept(request, key))


def _form_page(request: HttpRequest, row: WebhookSeen | None) -> HttpResponse:
    actor, code = actor_of(request), 200
    initial = {"name": row.name, "url": row.url, "kinds": row.kinds} if row else None
    form = WebhookForm(request.POST or None, initial=initial, is_provider=actor.role == PROVIDER)
    if form.is_bound and form.is_valid():
        who: dict[str, Any] = {"by": actor, "now": timezone.now(), **form.cleaned_data}
        if row:
            outcome = actions.change_webhook(**who, webhook_id=row.pk, version=version_of(request))
        else:
            outcome = actions.add_webhook(**who)
        if outcome.is_done:
            there = address(request, "webhook", outcome.done().pk)
            return answer(request, outcome, then=there, said="The webhook is kept. Try it with a ping.")
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    code = 422 if form.is_bound and code == 200 else code
    known = {"form": form, "row": row, "list_url": address(request, "webhooks")}
    return render(request, "governance/webhook_form.html", known, status=code)


def webhook_page(request: HttpRequest, key: int) -> HttpResponse:
    """One webhook with its messages."""
    actor, kept = actor_of(request), _kept(request, key)
    row = webhook_seen(kept)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Delivery]:
        wanted = queries.deliveries(actor, key).filter(kind__icontains=(filters.get("q") or "").strip())
        wanted = wanted.filter(state=filters["state"]) if filters.get("state") else wanted
        minus = "-" if sort.startswith("-") else ""
        return wanted.order_by(*(f"{minus}{name}" for name in SORTS[sort.lstrip("-")]))

    urls = {
        name: address(request, f"webhook_{name}", key)
        for name in ("change", "pause", "resume", "end", "ping")
    }
    words = kinds_for(is_provider=actor.role == PROVIDER)
    context = {
        "row": row,
        "look": LOOKS[row.state],
        "told": [words.get(kind, kind) for kind in row.kinds],
        "secret": secret_of(kept.nonce),
        "urls": urls,
        "list_url": address(request, "webhooks"),
    }
    columns = (
        Column(
            "Made",
            "made_at",
            "moment",
            sort="made_at",
            link=lambda one: address(request, "delivery", key, one.pk),
        ),
        Column("Kind", "kind", sort="kind"),
        Column("Attempts", "attempts", "number", sort="attempts"),
        Column("Last answer", "answer"),
        Column("State", lambda one: STATES[one.state], "status"),
    )
    listing = Listing(
        row.name, "message", columns, rows, DeliveryFilter, sort="-made_at", context=context,
        empty="Nothing has been told yet. Try a ping.", as_row=delivery_seen,
    )  # fmt: skip
    return list_page(request, "governance/webhook.html", listing)


def delivery_page(request: HttpRequest, key: int, delivery_id: int) -> HttpResponse:
    """One message: what it says, how it fared, and a button to send it again."""
    row = found(
        queries.deliveries(actor_of(request), key).select_related("webhook").filter(pk=delivery_id).first()
    )
    known = {
        "row": delivery_seen(row),
        "webhook": row.webhook.name,
        "state": STATES[row.state],
        "body": json.dumps(row.body, indent=2),
        "is_ping": row.kind == PING,
        "webhook_url": address(request, "webhook", key),
        "repeat_url": address(request, "delivery_repeat", key, delivery_id),
        "list_url": address(request, "webhooks"),
    }
    return render(request, "governance/delivery.html", known)


def pause(request: HttpRequest, key: int) -> HttpResponse:
    """Tell it nothing for now."""
    return _act(request, key, actions.pause_webhook, "Paused. Nothing is sent until you resume it.")


def resume(request: HttpRequest, key: int) -> HttpResponse:
    """Tell it again."""
    return _act(request, key, actions.resume_webhook, "Resumed. What waits goes out now.")


def _act(request: HttpRequest, key: int, verb: Any, said: str) -> HttpResponse:
    outcome = verb(by=actor_of(request), now=timezone.now(), webhook_id=key, version=version_of(request))
    return answer(request, outcome, then=address(request, "webhook", key), said=said)


def end(request: HttpRequest, key: int) -> HttpResponse:
    """End a webhook, after a question."""
    row = _webhook(request, key)
    if request.method == "POST":
        outcome = actions.end_webhook(
            by=actor_of(request), now=timezone.now(), webhook_id=key, version=version_of(request)
        )
        return answer(request, outcome, then=address(request, "webhooks"), said="The webhook has ended.")
    return render(
        request, "governance/webhook_end.html", {"row": row, "back": address(request, "webhook", key)}
    )


def ping(request: HttpRequest, key: int) -> HttpResponse:
    """Try it."""
    outcome = actions.ping_webhook(by=actor_of(request), now=timezone.now(), webhook_id=key)
    said = "A ping is on its way. Load this page again in a few seconds to see how it fared."
    return answer(request, outcome, then=address(request, "webhook", key), said=said)


def repeat(request: HttpRequest, key: int, delivery_id: int) -> HttpResponse:
    """Send a message once more."""
    outcome = actions.repeat_delivery(
        by=actor_of(request), now=timezone.now(), webhook_id=key, delivery_id=delivery_id
    )
    there = address(request, "delivery", key, delivery_id)
    return answer(request, outcome, then=there, said="It goes out once more, under the same id.")
