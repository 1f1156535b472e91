"""E-mails about a person's own account: short, plain, and without a word about any child."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from rightplace.foundation.access.models import AccountInvitation, User
from rightplace.foundation.notices.actions import mail_to

WAS_IT_YOU = (
    "If this was you, there is nothing to do. If it was not, tell your access administrator at once, and choose a new "
    "password at {address}/sign-in/forgotten/"
)


def tell_of_change(user: User, what: str, *, now: datetime) -> None:
    """Tell a person that something about signing in to their account has changed, and what if it was not them."""
    body = f"{what}\n\n{WAS_IT_YOU.format(address=settings.SITE_ADDRESS)}"
    mail_to(user.email, "A change to how you sign in to Rightplace", body, authority_id=None, now=now)


def send_invitation(
    invitation: AccountInvitation, secret: str, *, role: str, place: str, by: str, now: datetime
) -> None:
    """Send the link of an invitation: it works once, for seven days."""
    body = (
        f"{by} invites you to Rightplace, as {role} for {place}.\n\n"
        f"Open this link to choose a password. It works once, until {invitation.expires_at:%d %B %Y}:\n"
        f"{settings.SITE_ADDRESS}/invitation/?link={secret}\n\n"
        "If you did not expect this, leave it alone: nothing happens without you."
    )
    subject = "You are invited to Rightplace"
    mail_to(invitation.email, subject, body, authority_id=invitation.authority_id, now=now)


def send_new_password_link(user: User, link: str, *, now: datetime) -> None:
    """Send the link with which a new password is chosen: it works once, for an hour."""
    body = (
        f"Somebody, we think you, asked for a new password at Rightplace. Choose one here within an hour:\n"
        f"{settings.SITE_ADDRESS}/sign-in/new-password/?link={link}\n\n"
        "Your second step stays as it is. If you did not ask, leave this alone: nothing has changed."
    )
    mail_to(user.email, "Choose a new password for Rightplace", body, authority_id=None, now=now)
