"""Which passwords are refused, after NIST SP 800-63B-4 (3.1.1.2) and the NCSC's guidance on three random words.

Long rather than odd: at least 12 characters, at most 256, no rules of composition, nothing that a guesser tries first:
common passwords (Django's packaged list of 20,000), also doubled or with figures after them, runs of keys, words
of this product, of the council's work, of where the person works, and of their own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from rightplace.foundation.access.models import User

LONGEST = 256
FEWEST_DIFFERENT = 6
LEFT_AT_LEAST = 6
OF_THE_WORK = (
    "rightplace", "placement", "placements", "children", "childrens", "council", "borough", "london", "password",
    "passphrase", "letmein", "welcome", "social", "worker", "fostering", "broker", "services", "provider", "qwerty",
)  # fmt: skip
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
RUN = 5


class GuessableValidator:
    """Refuses what is too long to hash, of few different characters, or built from common and well-known words."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator()

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError with what is wrong."""
        if len(password) > LONGEST:
            raise ValidationError(f"Use at most {LONGEST} characters.", code="password_too_long")
        left = without_known_words(password, words_around(user))
        if (
            len(set(password.lower())) < FEWEST_DIFFERENT
            or len(left) < LEFT_AT_LEAST
            or self._is_common(left)
        ):
            raise ValidationError(
                "This is easy to guess: it is a common password, a run of keys, or made of words from your work or "
                "name. Three random words make a good one.",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """What to do, in words."""
        return "Three random words make a good password. Do not use one that you use elsewhere."

    def _is_common(self, left: str) -> bool:
        bare = re.sub(r"[\W\d_]+$", "", left.lower())
        half = bare[: len(bare) // 2]
        tried = {bare, half} if half * 2 == bare else {bare}
        return any(each in self.common.passwords for each in tried if each)


def words_around(user: User | None) -> list[str]:
    """Words that somebody who knows the person would try: names, address, where they work."""
    if user is None:
        return []
    said = [user.first_name, user.last_name, user.username, user.email]
    said += list(getattr(user, "works_at", ()))
    if user.pk:
        rows = user.memberships.select_related("authority", "provider")
        said += [str(row.authority or row.provider or "") for row in rows]
    return [word for text in said for word in re.findall(r"[a-z]{4,}", text.lower())]


def without_known_words(password: str, words: Iterable[str]) -> str:
    """What is left of a password without the words of the work, those given, and runs of neighbouring keys."""
    left = password.lower()
    for word in sorted({*OF_THE_WORK, *words}, key=len, reverse=True):
        left = left.replace(word, "")
    for run in (way for each in RUNS for way in (each, each[::-1])):
        for start in range(len(run) - RUN + 1):
            left = left.replace(run[start : start + RUN], "")
    return left
