"""Recognising somebody by user name or e-mail address and password, always at the cost of one hash."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from rightplace.foundation.access.models import User


class NameOrEmailBackend(ModelBackend):
    """Finds the person by either name. An unknown name takes as long as a wrong password: one hash is made anyway."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The person, or None: unknown, wrong password, or a closed account."""
        if not username or password is None:
            return None
        user = person_called(username)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session; None where the account was closed."""
        user = next(iter(User.objects.raw(_by_number(), [user_id])), None)
        return user if user is not None and self.user_can_authenticate(user) else None


@cache
def _by_number() -> str:
    # Asked for every page: written once, rather than each time anew by the mapper.
    columns = ", ".join(f'"{one.column}"' for one in User._meta.concrete_fields)
    return f'SELECT {columns} FROM "{User._meta.db_table}" WHERE id = %s'  # noqa: S608 - names of our own


def person_called(name: str) -> User | None:
    """The person with this user name or e-mail address; a user name goes first."""
    found = list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))[:3])
    found.sort(key=lambda user: user.username.lower() != name.lower())
    return found[0] if found else None
