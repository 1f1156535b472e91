"""Telling people: a notice on their desk now, an e-mail by the worker later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.notices.models import Notice, OutgoingEmail

_SUBJECT = "Something waits for you in Rightplace"
_BODY = "Something waits for you in Rightplace.\n\nSign in to read it: {link}\n\nThis message carries no personal data by design."


def tell_role(*, authority_id: int, role: str, words: str, link: str, now: datetime) -> None:
    """Put a notice on the desk of everyone who holds a role in an authority."""
    Notice.objects.create(authority_id=authority_id, role=role, words=words, link=link, at=now)


def tell_user(*, authority_id: int, user_id: int, words: str, link: str, now: datetime) -> None:
    """Put a notice on one person's desk, and an e-mail without personal data into the outbox."""
    Notice.objects.create(authority_id=authority_id, user_id=user_id, words=words, link=link, at=now)
    _mail({"user_id": user_id}, authority_id=authority_id, link=link, now=now)


def tell_provider(
    *, authority_id: int | None, provider_id: int, words: str, link: str, now: datetime
) -> None:
    """Put a notice into a provider's portal, and an e-mail without personal data to its people."""
    Notice.objects.create(authority_id=authority_id, provider_id=provider_id, words=words, link=link, at=now)
    _mail(
        {"provider_id": provider_id}, authority_id=authority_id, provider_id=provider_id, link=link, now=now
    )


def tell_providers(*, authority_id: int, provider_ids: Iterable[int], words: str, link: str, now: datetime) -> None:
    """Tell many providers the same at the same time: a notice each and e-mails to their people, in three statements."""
    wanted = sorted(set(provider_ids))
    Notice.objects.bulk_create(
        Notice(authority_id=authority_id, provider_id=one, words=words, link=link, at=now) for one in wanted
    )
    people = Membership.objects.filter(not_over(timezone.localdate(now)), provider_id__in=wanted).exclude(user__email="")
    rows = people.order_by("provider_id", "user__email").values_list("provider_id", "user__email").distinct()
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(
            authority_id=authority_id, provider_id=one, to=address, subject=_SUBJECT, body=_body(link), made_at=now
        )
        for one, address in rows
    )  # fmt: skip


def read_notices(*, by: Actor, now: datetime) -> None:
    """Mark what waits for this actor as read."""
    from rightplace.foundation.notices.queries import notices

    notices(by).filter(read_at__isnull=True).update(read_at=now)


def _body(link: str) -> str:
    """The one text of every e-mail: that something waits, and where; a link without the site's address gets it."""
    return _BODY.format(link=f"{settings.SITE_ADDRESS}{link}" if link.startswith("/") else link)


def _mail(
    whose: dict[str, int],
    *,
    authority_id: int | None,
    link: str,
    now: datetime,
    provider_id: int | None = None,
) -> None:
    addresses = (
        Membership.objects.filter(not_over(timezone.localdate(now)), **whose)
        .values_list("user__email", flat=True)
        .distinct()
    )
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(
            authority_id=authority_id,
            provider_id=provider_id,
            to=address,
            subject=_SUBJECT,
            body=_body(link),
            made_at=now,
        )
        for address in addresses
        if address
    )


def mail_to(address: str, subject: str, body: str, *, authority_id: int | None, now: datetime) -> None:
    """Put an e-mail about somebody's own account into the outbox; nothing where no address is known.

    The product itself writes it, as it may go to somebody who works for nobody here yet. It names no child.
    """
    from rightplace.foundation.access.scope import as_system

    if address:
        with as_system():
            OutgoingEmail.objects.create(
                authority_id=authority_id or None, to=address, subject=subject, body=body, made_at=now
            )
