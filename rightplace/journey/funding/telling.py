"""Who is told of joint funding: those who may agree, who proposed, and the partner by an e-mail without personal data."""

from __future__ import annotations

from rightplace.core.money import pounds
from rightplace.foundation.access import roles
from rightplace.foundation.events.bus import Event
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.foundation.notices.models import OutgoingEmail
from rightplace.journey.funding.events import (
    FundingEvent,
    PartnerReminded,
    RechargeSent,
    SharesAgreed,
    SharesProposed,
    SharesRefused,
)
from rightplace.journey.funding.models import RechargeInvoice

BODY = (
    "{what} {reference} from {authority}, {total} due on {due}.\n\n"
    "The invoice itself reaches you by the way agreed with the authority’s finance team. "
    "This message carries no personal data by design."
)


def tell(event: Event) -> None:
    """Tell whoever waits for what has happened."""
    if isinstance(event, SharesProposed):
        tell_proposed(event)
    elif isinstance(event, SharesAgreed | SharesRefused):
        tell_decided(event)
    elif isinstance(event, RechargeSent | PartnerReminded):
        tell_partner(event)


def tell_proposed(event: SharesProposed) -> None:
    """Directors and the panel's chair see that an agreement is waited for."""
    words = f"Shares of IPC-{event.contract_id:06d} are proposed and wait for an agreement"
    for role in (roles.DIRECTOR, roles.PANEL_CHAIR):
        tell_role(authority_id=event.authority_id, role=role, words=words, link=link_of(event), now=event.now)


def tell_decided(event: SharesAgreed | SharesRefused) -> None:
    """Who proposed hears what came of it; finance, what holds from now on."""
    what = "are agreed" if isinstance(event, SharesAgreed) else "are not agreed"
    words = f"Shares of IPC-{event.contract_id:06d} {what}"
    link, whose = link_of(event), event.authority_id
    tell_user(authority_id=whose, user_id=event.proposed_by_id, words=words, link=link, now=event.now)
    if isinstance(event, SharesAgreed):
        tell_role(authority_id=whose, role=roles.FINANCE_OFFICER, words=words, link=link, now=event.now)


def tell_partner(event: RechargeSent | PartnerReminded) -> None:
    """An e-mail to the partner's finance team, where their address is known; reminders are told to our own too."""
    invoice = RechargeInvoice.objects.select_related("partner", "authority").get(pk=event.invoice_id)
    is_reminder = isinstance(event, PartnerReminded)
    if is_reminder:
        words = f"{invoice.partner} was reminded of {invoice.reference}"
        link = f"/finance/recharges/{invoice.pk}/"
        tell_role(
            authority_id=event.authority_id, role=roles.FINANCE_OFFICER, words=words, link=link, now=event.now
        )
    if not invoice.partner.email or invoice.due_on is None:
        return
    what = "Reminder: recharge" if is_reminder else "Recharge"
    body = BODY.format(
        what=what, reference=invoice.reference, authority=invoice.authority.name,
        total=pounds(invoice.total_pence), due=f"{invoice.due_on:%-d %B %Y}",
    )  # fmt: skip
    OutgoingEmail.objects.create(
        authority_id=event.authority_id, to=invoice.partner.email, subject=f"{what} {invoice.reference}",
        body=body, made_at=event.now,
    )  # fmt: skip


def link_of(event: FundingEvent) -> str:
    """The page of a contract's joint funding."""
    return f"/funding/{event.contract_id}/"
