"""Rows 23 and 24: files made to hurt, sent through each page that takes a file: refused in words, soon and cheaply."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rightplace.core.problems import Problem
from rightplace.exchange.uploads import open_table
from tests.figures import figure
from tests.security.attacks.bombs import BOMBS, ENTITIES, NO_EVIDENCE, archive
from tests.security.forms import Form
from tests.security.test_forms import DONE, stored, undone

CPU_SECONDS, MEGABYTES = 1.0, 64
# On a busy machine a second of the clock is not a second of work: what is asked for is counted in seconds of work.
REFUSED = {400, 409, 413, 422}


@pytest.fixture
def takers(forms: list[tuple[str, Client, Form]]) -> list[tuple[str, Client, Form]]:
    """Every form that takes a file, with the browser of somebody who may send it."""
    return [one for one in forms if one[2].files]


def work() -> tuple[float, float]:
    """Seconds of work so far, of this process and its children, and the most memory of this process in MB."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime, own.ru_maxrss / 1024


def send(client: Client, form: Form, name: str, content: bytes) -> int:
    files = {one: SimpleUploadedFile(name, content) for one in form.files}
    return client.post(form.action, form.filled(**{**form.chosen(), **files})).status_code


def test_a_bomb_is_refused_cheaply_on_every_upload_page(takers: list[tuple[str, Client, Form]]) -> None:
    wrong, dearest = [], 0.0
    for kind, (name, content) in BOMBS.items():
        for key, client, form in takers:
            with undone():
                before, held = work(), stored()
                status = send(client, form, name, content)
                spent, grown = work()[0] - before[0], work()[1] - before[1]
                dearest = max(dearest, spent)
                wrong += [f"{key}, {kind}: {status}"] if status not in REFUSED else []
                wrong += [f"{key}, {kind}: kept"] if stored() != held else []
                wrong += [f"{key}, {kind}: {spent:.2f} s of work"] if spent > CPU_SECONDS else []
                wrong += (
                    [f"{key}, {kind}: {grown:.0f} MB more"]
                    if grown > MEGABYTES + len(content) / 2**20 * 3
                    else []
                )
    print(
        f"{len(BOMBS)} bombs at {len(takers)} upload pages: {len(wrong)} not refused cheaply, the dearest {dearest:.2f} s of work"
    )
    figure(23, "bombs sent at upload pages", len(BOMBS) * len(takers))
    figure(23, "dearest refusal, s of work", dearest, CPU_SECONDS, met=dearest <= CPU_SECONDS)
    figure(23, "not refused, kept or too dear", len(wrong), 0, met=not wrong)
    assert len(takers) >= 3
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(ENTITIES))
def test_a_workbook_with_a_doctype_is_refused_at_once(kind: str) -> None:
    began = time.process_time()
    refused = open_table(ENTITIES[kind])
    spent = time.process_time() - began
    assert isinstance(refused, Problem)
    assert refused.code in {"wrong_type", "too_large"}
    assert "definitions" in refused.sentence or refused.code == "too_large"
    figure(24, f"refused {kind}, s", spent, 0.05, met=spent <= 0.05)
    assert spent <= 0.05, f"{spent * 1000:.0f} ms"


def test_a_workbook_that_only_writes_about_doctypes_is_read() -> None:
    text = b"<workbook>&lt;!DOCTYPE html&gt; is how a page starts</workbook>"
    refused = open_table(archive({"xl/workbook.xml": text}))
    assert not isinstance(refused, Problem) or "definitions" not in refused.sentence


def test_entities_are_refused_on_every_upload_page(takers: list[tuple[str, Client, Form]]) -> None:
    wrong = []
    for kind, content in ENTITIES.items():
        for key, client, form in takers:
            with undone():
                status = send(client, form, "a.xlsx", content)
                wrong += [f"{key}, {kind}: {status}"] if status not in REFUSED else []
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(NO_EVIDENCE))
def test_a_drawing_or_a_page_is_not_evidence(takers: list[tuple[str, Client, Form]], kind: str) -> None:
    name, content = NO_EVIDENCE[kind]
    for key, client, form in takers:
        with undone():
            assert send(client, form, name, content) in REFUSED, key


@pytest.mark.parametrize(
    "name",
    ["../../../tmp/planted.pdf", "..\\..\\planted.pdf", "/etc/planted.pdf", "a/../../planted.pdf", "CON.pdf"],
)
def test_a_path_in_a_name_leads_nowhere(takers: list[tuple[str, Client, Form]], name: str) -> None:
    for _, client, form in takers:
        with undone():
            status = send(
                client,
                form,
                name,
                b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
            )
            assert status in REFUSED | DONE
    for folder in (tempfile.gettempdir(), "/etc", "/", "."):
        assert not (Path(folder) / "planted.pdf").exists()
        assert not (Path(folder) / "planted.xml").exists()
