"""The certificate of a destruction: which records by number, under which rule, who agreed, when; it names no child."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from rightplace.foundation.files.drawing import draw_pdf
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.retention.models import ITEM_STATES, SUBJECTS, DestructionItem, DestructionList
from rightplace.foundation.retention.rules import kind_words

TEMPLATE = Path(__file__).parent / "certificate.typ"


def issue_certificate(row: DestructionList, now: datetime) -> tuple[StoredFile, str]:
    """The certificate as a stored PDF, and the SHA-256 of the facts on it (which is printed on it, and kept in the trail)."""
    facts = certificate_facts(row, now)
    digest = sha256_of(facts)
    content = certificate_pdf(facts, digest)
    stored = StoredFile.objects.create(
        authority_id=row.authority_id,
        name=f"certificate-{row.reference}.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        made_at=now,
        made_by="Rightplace",
    )
    return stored, digest


def certificate_facts(row: DestructionList, now: datetime) -> dict[str, Any]:
    """What the certificate says, as plain values."""
    items = list(row.items.order_by("pk"))
    return {
        "reference": row.reference,
        "authority": str(row.authority),
        "agreed": [_agreed(row.first_by, row.first_at), _agreed(row.second_by, row.second_at)],
        "finished": _moment(now),
        "counts": {words: sum(i.state == state for i in items) for state, words in ITEM_STATES.items()},
        "rows": sum(item.rows for item in items),
        "items": [_item(item) for item in items],
    }


def sha256_of(facts: dict[str, Any]) -> str:
    """The hash of the facts in one fixed writing."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def certificate_pdf(facts: dict[str, Any], digest: str) -> bytes:
    """The facts as a tagged PDF; the same values give the same bytes."""
    return draw_pdf(TEMPLATE, {**facts, "sha256": digest})


def _item(item: DestructionItem) -> list[str]:
    return [
        f"{SUBJECTS[item.subject_kind]} {item.subject_id}",
        kind_words()[item.kind],
        f"{item.due_on:%-d %B %Y}",
        ITEM_STATES[item.state] + (f": {item.reason}" if item.state == "stuck" else ""),
        str(item.rows),
        _moment(item.destroyed_at) if item.destroyed_at else "",
    ]


def _agreed(person: Any, at: datetime | None) -> str:
    return f"{person}, {_moment(at)}" if person and at else ""


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y at %H:%M}"
