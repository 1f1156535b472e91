"""Every form of every page, sent as a browser would: once is once, late is told so, and nothing typed breaks a page.

Forms are read from the pages themselves, so a new form is tested without a new test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from rightplace.foundation.audit.models import AuditEntry
from tests.files import pdf
from tests.security.crawl import Opened, _writes
from tests.security.entering import signed_in
from tests.security.forms import Form, forms_in
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
FEWEST = 25


def unique(pages: list[Opened]) -> dict[str, tuple[Opened, Form]]:
    """One of each form: by the address that it is sent to and its entries."""
    found: dict[str, tuple[Opened, Form]] = {}
    for each in pages:
        if each.is_own and each.who.startswith(("croydon", "oakhouse")) and each.status == 200:
            for form in forms_in(each.body, each.path):
                name = resolve(form.action.split("?")[0]).view_name
                step = form.action.rstrip("/").rsplit("/", 1)[-1] if name in {"social_work:step", "placements:deed"} else ""
                found.setdefault(f"{name} {step} {'version' in form.entries}", (each, form))
    return {key: value for key, value in found.items() if not key.startswith(("sign_out", "switch_role"))}


@pytest.fixture
def forms(pages: list[Opened], world: World) -> list[tuple[str, Client, Form]]:
    """Every form with the browser of somebody who may send it."""
    clients = {who: signed_in(actor) for who, actor in world.actors.items()}
    return [(key, clients[each.who], form) for key, (each, form) in sorted(unique(pages).items())]


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


def test_a_form_sent_twice_has_one_effect_and_leads_to_the_same_page(forms: list[tuple[str, Client, Form]]) -> None:
    done, wrong = [], []
    for key, client, form in forms:
        for entries in tries(form):
            with undone():
                wrong += _twice(key, client, form, entries, done)
    assert len(set(done)) >= FEWEST // 2, done
    assert wrong == []


def _deeds() -> int:
    """What people did. What the product does of itself after that (opening the market) has entries of its own."""
    return AuditEntry.objects.filter(is_look=False, actor_id__isnull=False).count()


def _twice(key: str, client: Client, form: Form, entries: dict[str, object], done: list[str]) -> list[str]:
    entries_before = _deeds()
    first = send(client, form, entries)
    if first.status_code >= 500:
        return [f"{key}: {first.status_code}"]
    if first.status_code not in DONE or first["Location"].startswith("/sign-in"):
        return []
    done.append(key)
    deeds = _deeds() - entries_before
    before = _writes()
    again = send(client, form, entries)
    wrong = [f"{key}: {deeds} entries"] if deeds > 1 else []
    if again.status_code not in DONE or again["Location"] != first["Location"]:
        wrong.append(f"{key}: again {again.status_code}")
    changed = {table for table, n in _writes().items() if n != before.get(table, 0)} - BESIDE
    return wrong + ([f"{key}: again wrote {sorted(changed)}"] if changed else [])


def test_the_same_key_with_another_body_is_refused(forms: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for key, client, form in forms:
        with undone():
            entries = form.filled(**form.chosen())
            if send(client, form, entries).status_code in DONE:
                other = send(client, form, {**entries, "a_further_entry": "x"})
                wrong += [f"{key}: {other.status_code}"] if other.status_code != 409 else []
    assert wrong == []


def test_a_form_without_its_key_is_refused(forms: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for key, client, form in forms:
        with undone():
            found = send(client, form, form.filled(once=None)).status_code
            wrong += [f"{key}: {found}"] if found != 400 else []
    assert wrong == []


def test_a_stale_form_is_told_so_and_overwrites_nothing(forms: list[tuple[str, Client, Form]]) -> None:
    """What goes through with the version that was seen is refused with an older one (409), and writes nothing."""
    tried, wrong = 0, []
    for key, client, form in forms:
        if "version" not in form.entries:
            continue
        for entries in tries(form):
            with undone():
                is_done = send(client, form, entries).status_code in DONE
            if is_done:
                tried += 1
                with undone():
                    wrong += _late(key, client, form, entries)
    assert tried >= FEWEST // 3
    assert wrong == []


def _late(key: str, client: Client, form: Form, entries: dict[str, object]) -> list[str]:
    before = _writes()
    late = send(client, form, {**entries, "version": "0", "once": form.filled()["once"]})
    changed = {table for table, n in _writes().items() if n != before.get(table, 0)} - BESIDE - {"audit_auditentry"}
    wrong = [f"{key}: {late.status_code}"] if late.status_code != 409 else []
    return wrong + ([f"{key}: wrote {sorted(changed)}"] if late.status_code in DONE and changed else [])


@pytest.mark.parametrize("kind", sorted(STRANGE))
def test_nothing_that_is_typed_breaks_a_page(forms: list[tuple[str, Client, Form]], kind: str) -> None:
    wrong = []
    for key, client, form in forms:
        if form.words:
            with undone():
                typed = dict.fromkeys(form.words, STRANGE[kind])
                answer = send(client, form, form.filled(**{**form.chosen(), **typed}))
                wrong += [f"{key}: {answer.status_code}"] if answer.status_code >= 500 else []
                wrong += [f"{key}: unescaped"] if SCRIPT in answer.content.decode("utf-8", "replace") else []
    assert wrong == []


def test_choices_that_were_not_offered_break_nothing(forms: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for key, client, form in forms:
        if form.choices:
            with undone():
                answer = send(client, form, form.filled(**dict.fromkeys(form.choices, "-7'\"<x>")))
                wrong += [f"{key}: {answer.status_code}"] if answer.status_code >= 500 else []
    assert wrong == []


def test_a_version_that_is_no_number_breaks_nothing(forms: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for key, client, form in forms:
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
            before = _stored()
            files = {one: SimpleUploadedFile(name, content) for one in form.files}
            answer = send(client, form, form.filled(**{**form.chosen(), **files}))
            wrong += [f"{key}: {answer.status_code}"] if answer.status_code >= 500 else []
            wrong += [f"{key}: kept"] if _stored() != before and kind != "a path in the name" else []
    assert wrong == []


def _stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM files_storedfile")
        return int(cursor.fetchone()[0])
