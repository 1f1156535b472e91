"""What names a child in the audit trail is sealed under the child's own key: when the record goes the key goes with it.

The trail itself is never edited, so its chain still proves; without the key nobody can read the sealed words again.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from rightplace.foundation.retention.models import SealKey


def seal(words: Any, *, authority_id: int, child_id: int) -> str:
    """JSON values as a text that only this child's key opens; the key is made when it is first needed."""
    row = SealKey.objects.filter(child_id=child_id, authority_id=authority_id).first()
    if row is None:
        row, _ = SealKey.objects.get_or_create(
            child_id=child_id, defaults={"authority_id": authority_id, "key": Fernet.generate_key()}
        )
    return Fernet(bytes(row.key)).encrypt(json.dumps(words, default=str).encode()).decode()


def unseal(sealed: str, *, child_id: int) -> Any | None:
    """What was sealed; None when the key has been destroyed, or is not this one."""
    row = SealKey.objects.filter(child_id=child_id).first()
    if row is None:
        return None
    try:
        return json.loads(Fernet(bytes(row.key)).decrypt(sealed.encode()))
    except InvalidToken:
        return None
