"""Every form, sent with an entry for every column that its tables have: nothing is written that the form does not ask.

Each form is sent twice from the same state: as a browser sends it, and with some hundred further entries (authority,
state, version of others, who decided, prices, dates). Both must write the same rows.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.test import Client

from tests.security.attacks.snapshot import numbers, rows_of
from tests.security.crawl import IS_WHOLE, writes
from tests.security.forms import Form
from tests.security.test_forms import DONE, sampled
from tests.world import World

FEWEST_DONE = 40 if IS_WHOLE else 13
STATES = ("approved", "in_force", "agreed", "closed", "submitted")


def planted_entries(world: World) -> dict[str, str]:
    """An entry for every column of every table of the product, under its name and the name of its column."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        if model.__module__.startswith("rightplace."):
            for field in model._meta.concrete_fields:
                found[field.name] = found[field.attname] = _planted(field, world)
    more = {
        "is_staff": "on",
        "is_superuser": "on",
        "role": "director",
        "by": "1",
        "user": "1",
        "membership": "1",
        "pk": "1",
    }
    return {
        **found,
        **more,
        "authority": str(world.cast.sutton.pk),
        "authority_id": str(world.cast.sutton.pk),
    }


def _planted(field: models.Field[Any, Any], world: World) -> str:
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return "2099-09-09 09:09:09"
    if isinstance(field, models.DateField):
        return "2099-09-09"
    if field.name in {"state", "status", "verdict"}:
        return STATES[len(field.model.__name__) % len(STATES)]
    if isinstance(field, models.ForeignKey | models.AutoField | models.BigAutoField):
        return "2"
    if isinstance(field, models.IntegerField | models.DecimalField):
        return "7"
    return "Planted"


def sent(
    client: Client, form: Form, entries: dict[str, object], known: dict[str, int]
) -> tuple[int, Counter[str]]:
    """Send a form; the answer's status and the rows of every table that it wrote, all undone afterwards."""
    with transaction.atomic():
        before = writes()
        answer = client.post(form.action, entries)
        tables = {table for table, n in writes().items() if n != before.get(table, 0)}
        written = rows_of(tables, known)
        transaction.set_rollback(True)
    return answer.status_code, written


def test_no_form_writes_what_it_does_not_ask(forms: list[tuple[str, Client, Form]], world: World) -> None:
    more, known, done, wrong = planted_entries(world), numbers(), 0, []
    assert len(more) > 300
    for key, client, form in sampled(forms):
        asked = {*form.entries, *form.kinds, *form.choices, "once", "csrfmiddlewaretoken", "version"}
        further = {
            name: value for name, value in more.items() if name not in asked and not _is_part(name, asked)
        }
        for entries in (form.filled(), form.filled(**form.chosen())):
            status, plain = sent(client, form, entries, known)
            if status in DONE:
                done += 1
                other, written = sent(client, form, {**further, **form.filled(**entries)}, known)
                wrong += [f"{key}: {status} became {other}"] if other != status else []
                wrong += [f"{key}: {row} || {list(plain - written)[:1]}" for row in (written - plain)][:3]
                break
    print(
        f"{len(sampled(forms))} forms, {done} of them done with {len(more)} further entries each: {len(wrong)} wrote any"
    )

    assert done >= FEWEST_DONE
    assert wrong == []


def _is_part(name: str, asked: set[str]) -> bool:
    """A date is asked in three boxes, a row of many under a prefix."""
    return any(each.startswith((f"{name}_", f"{name}-")) for each in asked)
