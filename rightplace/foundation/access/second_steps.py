"""The second step of signing in: codes of an authenticator app, passkeys, and recovery codes for when both are lost.

django-allauth keeps them (`Authenticator`); what is here adds that a code counts once, ever: the time step of the last one
taken is kept with the secret, and only a later one is taken (RFC 6238 section 5.2).
"""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from rightplace.foundation.access.models import User

APP, PASSKEY, RECOVERY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
# Phones' clocks run apart: the code before and the one after the present one are taken too.
STEPS_APART = 1
LAST_STEP = "last_step"


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps secrets encrypted under a key drawn from the installation's own, and names things in our words."""

    def encrypt(self, text: str) -> str:
        """As it is kept."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it is used."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a device shows beside a passkey."""
        found: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**found, "name": "Rightplace"}


@cache
def _cipher() -> Fernet:
    key = hashlib.sha256(b"rightplace second steps:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


@dataclass(frozen=True, slots=True)
class SecondStep:
    """One thing that a person can show beside a password: an app or a passkey, in words."""

    key: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None


def second_steps(user: User) -> list[SecondStep]:
    """The app and the passkeys of a person, the oldest first; recovery codes are not among them."""
    rows = Authenticator.objects.filter(user_id=user.pk, type__in=(APP, PASSKEY)).order_by("created_at", "pk")
    return [
        SecondStep(
            row.pk,
            row.type,
            "Authenticator app" if row.type == APP else str(row.data.get("name") or "Passkey"),
            row.created_at,
            row.last_used_at,
        )
        for row in rows
    ]


def has_second_step(user: User) -> bool:
    """Whether this person has an app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=(APP, PASSKEY)).exists())


def has_app(user: User) -> bool:
    """Whether an authenticator app is set up."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type=APP).exists())


def new_secret() -> str:
    """A secret for an authenticator app: 160 random bits in base 32."""
    return str(generate_totp_secret())


def app_address(user: User, secret: str) -> str:
    """What the QR code says to the app."""
    return str(SecondStepAdapter().build_totp_url(user, secret))


def qr_picture(address: str) -> str:
    """The QR code as an address of a picture, so that no markup is put into the page."""
    drawn = SecondStepAdapter().build_totp_svg(address)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def step_of(secret: str, code: str, now: float) -> int | None:
    """The time step that a code belongs to; None when it is none of the present ones."""
    present = int(now) // app_settings.TOTP_PERIOD
    for step in range(present - STEPS_APART, present + STEPS_APART + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def add_app(user: User, secret: str, step: int) -> Authenticator:
    """Keep an authenticator app after its first code, which counts as taken."""
    row = TOTP.activate(user, secret).instance
    row.data = {**row.data, LAST_STEP: step}
    row.save(update_fields=["data"])
    return row


def take_code(user: User, code: str) -> Authenticator | None:
    """What a typed code proves: the app or the recovery codes, or None. Each code is taken once, whoever is quicker."""
    code = "".join(code.split()).replace("-", "")
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user_id=user.pk, type__in=(APP, RECOVERY))
        for row in rows.order_by("-type"):
            if _takes(row, code):
                row.last_used_at = timezone.now()
                row.save(update_fields=["last_used_at"])
                return row
    return None


def _takes(row: Authenticator, code: str) -> bool:
    if row.type == RECOVERY:
        taken = RecoveryCodes(row).validate_code(code)
        row.refresh_from_db()
        return bool(taken)
    step = step_of(decrypt(row.data["secret"]), code, time.time())
    if step is None or step <= row.data.get(LAST_STEP, 0):
        return False
    row.data = {**row.data, LAST_STEP: step}
    row.save(update_fields=["data"])
    return True


def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes in place of the old ones, as `12345 67890`."""
    Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).delete()
    codes = RecoveryCodes.activate(user).get_unused_codes()
    return [f"{code[:5]} {code[5:]}" for code in codes]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes have not been used."""
    row = Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def remove(user: User, key: int) -> None:
    """Remove one second step of a person."""
    Authenticator.objects.filter(user_id=user.pk, pk=key, type__in=(APP, PASSKEY)).delete()


def remove_all(user_id: int) -> int:
    """Remove every second step and recovery code of a person; how many were removed."""
    return int(Authenticator.objects.filter(user_id=user_id).delete()[0])


# Passkeys. The browser's part is in static/layout/passkey.js.


def passkey_to_make(user: User) -> dict[str, Any]:
    """What the browser is asked to make: a passkey kept on the device, which checks that it is really its owner."""
    from allauth.mfa.webauthn.internal import auth

    return dict(auth.begin_registration(user, True))


def add_passkey(user: User, name: str, credential: Any) -> Authenticator | None:
    """Keep a passkey that the browser made; None when it was not made for us, just now, by its owner."""
    from allauth.mfa.webauthn.internal import auth

    try:
        auth.parse_registration_response(credential)
        made = auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return None
    return auth.WebAuthn.add(user, name, credential).instance if made.is_user_verified() else None


def passkey_to_show(user: User | None) -> dict[str, Any]:
    """What the browser is asked to show: one of this person's passkeys, or any that it holds for this site."""
    from allauth.mfa.webauthn.internal import auth

    return dict(auth.begin_authentication(user))


def take_passkey(user: User | None, credential: Any) -> Authenticator | None:
    """What a shown passkey proves: whose it is, or None. The challenge that was set counts once."""
    from allauth.mfa.webauthn.internal import auth

    try:
        auth.parse_authentication_response(credential)
        row = auth.complete_authentication(user or auth.extract_user_from_response(credential), credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        auth.clear_state()
        return None
    row.last_used_at = timezone.now()
    row.save(update_fields=["last_used_at"])
    return row
