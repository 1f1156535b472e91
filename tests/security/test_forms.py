"""Every form of every page, sent as a browser would: once is once, late is told so, and nothing typed breaks a page.

Forms are read from the pages themselves, so a new form is tested without a new test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.audit.models import AuditEntry
from tests.files import pdf
from tests.security.crawl import IS_WHOLE, Opened, writes
from tests.security.entering import Browsers
from tests.security.forms import Form
from tests.world import World

DONE = {302, 303}
BESIDE = {"access_session", "access_counted", "access_submission", "audit_auditchain", "notices_notice", "django_content_type"}
SCRIPT = "<script>alert('planted')</script>"
HUGE = "ab " * 60_000
STRANGE = {
    "huge": HUGE,
    "null": "before\x00after",
    "script and other alphabets": f"\U0001f9f8 Zoë \u202e\ufeff ﷽ {SCRIPT}",
    "a number out of bounds": "-99999999999999999999999999",
    "a date that is none": "31/02/2026",
}
# These add rows beside the one whose version they show, and leave that as it is.
ADDS_A_ROW = ("panel:add_action", "panel:add_item", "panel:ask_appeal", "panel:plan_meetings")
FEWEST, FEWEST_DONE = 100, 40
T = TypeVar("T")


class undone:  # noqa: N801  # reads as a verb where it is used
    """What happens in the block is undone at its end."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *problem: object) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def send(client: Client, form: Form, entries: dict[str, object]) -> HttpResponse:
    return client.post(form.action, entries)


def tries(form: Form) -> Iterator[dict[str, object]]:
    """The form as it is, and with the first of everything that must be chosen."""
    yield form.filled()
    if form.choices:
        yield form.filled(**form.chosen())


def test_there_are_forms(forms: list[tuple[str, Client, Form]]) -> None:
    assert len(forms) >= FEWEST


@dataclass
class Sent:
    """A form sent as a browser would: what came of it, and of sending it again, changed, and late."""

    key: str
    first: int
    deeds: int = 0
    again: int = 0
    is_same_page: bool = True
    again_wrote: set[str] = field(default_factory=set)
    changed: int = 0
    late: int = 0
    late_wrote: set[str] = field(default_factory=set)

    @property
    def is_done(self) -> bool:
        """Whether it had its effect."""
        return self.first in DONE


@pytest.fixture(scope="module")
def sent(unique_forms: dict[str, tuple[Opened, Form]], world_connection: World) -> list[Sent]:
    """Every form sent as it is, and with the first of everything that must be chosen."""
    with undone():
        browsers = Browsers(world_connection.actors)
        known = [(key, browsers[each.who], form) for key, (each, form) in unique_forms.items()]
        return [_sent(key, client, form, entries) for key, client, form in known for entries in tries(form)]


def _sent(key: str, client: Client, form: Form, entries: dict[str, object]) -> Sent:
    with undone():
        one = _first_and_again(key, client, form, entries)
    if one.is_done and "version" in form.entries:
        with undone():
            before = writes()
            late = send(client, form, {**entries, "version": "0", "once": str(uuid4())})
            one.late, one.late_wrote = late.status_code, _written(before) - {"audit_auditentry"}
    return one


def _first_and_again(key: str, client: Client, form: Form, entries: dict[str, object]) -> Sent:
    deeds = _deeds()
    first = send(client, form, entries)
    one = Sent(key, first.status_code)
    if not one.is_done or first["Location"].startswith("/sign-in"):
        return Sent(key, first.status_code if first.status_code >= 500 else 0)
    one.deeds = _deeds() - deeds
    before = writes()
    again = send(client, form, entries)
    one.again, one.again_wrote = again.status_code, _written(before)
    one.is_same_page = again.get("Location") == first["Location"]
    one.changed = send(client, form, {**entries, "a_further_entry": "x"}).status_code
    return one


def _written(before: dict[str, int]) -> set[str]:
    return {table for table, n in writes().items() if n != before.get(table, 0)} - BESIDE


def _deeds() -> int:
    """What people did. What the product does of itself after that (opening the market) has entries of its own."""
    return AuditEntry.objects.filter(is_look=False, actor_id__isnull=False).count()


def test_a_form_sent_twice_has_one_effect_and_leads_to_the_same_page(sent: list[Sent]) -> None:
    done = [one for one in sent if one.is_done]
    print(f"{len(sent)} sendings of {len({one.key for one in sent})} forms, {len(done)} done")
    assert len({one.key for one in done}) >= FEWEST_DONE
    assert [one for one in sent if one.first >= 500] == []
    assert [one for one in done if one.deeds > 1] == []
    assert [one for one in done if one.again not in DONE or not one.is_same_page or one.again_wrote] == []


def test_the_same_key_with_another_body_is_refused(sent: list[Sent]) -> None:
    assert [one for one in sent if one.is_done and one.changed != 409] == []


def test_a_stale_form_is_told_so_and_overwrites_nothing(sent: list[Sent]) -> None:
    """What goes through with the version that was seen is refused with an older one (409), and writes nothing."""
    tried = [one for one in sent if one.is_done and one.late and not one.key.startswith(ADDS_A_ROW)]
    assert len(tried) >= FEWEST_DONE // 2
    assert [(one.key, one.late, one.late_wrote) for one in tried if one.late != 409] == []


def test_a_form_without_its_key_is_refused(forms: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for key, client, form in sampled(forms):
        with undone():
            found = send(client, form, form.filled(once=None)).status_code
            wrong += [f"{key}: {found}"] if found != 400 else []
    assert wrong == []


def sampled(forms: list[T], kind: str = "") -> list[T]:
    """Every form in `make assure`; else every third, another third for each kind."""
    kinds = sorted({*STRANGE, *UPLOADS, ""})
    return forms if IS_WHOLE else forms[kinds.index(kind) % 3 :: 3]


@pytest.mark.parametrize("kind", sorted(STRANGE))
def test_nothing_that_is_typed_breaks_a_page(forms: list[tuple[str, Client, Form]], kind: str) -> None:
    wrong = []
    for key, client, form in sampled(forms, kind):
        if form.words:
            with undone():
                typed = dict.fromkeys(form.words, STRANGE[kind])
                answer = send(client, form, form.filled(**{**form.chosen(), **typed}))
                wrong += [f"{key}: {answer.status_code}"] if answer.status_code >= 500 else []
                wrong += [f"{key}: unescaped"] if SCRIPT in answer.content.decode("utf-8", "replace") else []
    assert wrong == []


def test_choices_that_were_not_offered_break_nothing(forms: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for key, client, form in sampled(forms, "script and other alphabets"):
        if form.choices:
            with undone():
                answer = send(client, form, form.filled(**dict.fromkeys(form.choices, "-7'\"<x>")))
                wrong += [f"{key}: {answer.status_code}"] if answer.status_code >= 500 else []
    assert wrong == []


def test_a_version_that_is_no_number_breaks_nothing(forms: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for key, client, form in sampled(forms, "too much"):
        with undone():
            answer = send(client, form, form.filled(version="9" * 40))
            wrong += [f"{key}: {answer.status_code}"] if answer.status_code >= 500 else []
    assert wrong == []


UPLOADS = {
    "a programme": ("run.exe", b"MZ\x90\x00" + b"\0" * 100),
    "a page": ("page.html", b"<html><script>alert(1)</script>"),
    "a picture that is none": ("photo.png", b"not a picture"),
    "an empty file": ("empty.pdf", b""),
    "a path in the name": ("../../etc/passwd.pdf", pdf()),
    "an archive": ("book.xlsx", b"PK\x03\x04" + b"\0" * 100),
    "too much": ("large.pdf", b"%PDF-" + b"0" * (13 * 1024 * 1024)),
}


@pytest.mark.parametrize("kind", sorted(UPLOADS))
def test_a_file_of_the_wrong_kind_or_size_is_refused_in_words(forms: list[tuple[str, Client, Form]], kind: str) -> None:
    taking = [(key, client, form) for key, client, form in forms if form.files]
    assert taking
    name, content = UPLOADS[kind]
    wrong = []
    for key, client, form in taking:
        with undone():
            before = stored()
            files = {one: SimpleUploadedFile(name, content) for one in form.files}
            answer = send(client, form, form.filled(**{**form.chosen(), **files}))
            wrong += [f"{key}: {answer.status_code}"] if answer.status_code >= 500 else []
            wrong += [f"{key}: kept"] if stored() != before and kind != "a path in the name" else []
    assert wrong == []


def stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM files_storedfile")
        return int(cursor.fetchone()[0])
