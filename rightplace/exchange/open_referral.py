"""The service directory in the form of Open Referral UK (the community directories standard, version 1: services by page).

Only what anybody may know of a service stands in it: never a child, a price or who uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from rightplace.register.services.models import Service

SPACE = "urn:rightplace:service:"


def open_referral(rows: Iterable[Service], kinds: Mapping[str, str]) -> dict[str, Any]:
    """One page of every open service; `kinds` are their names by code. Numbers are the same in every file."""
    content = [_service(row, kinds) for row in rows]
    return {
        "totalElements": len(content), "totalPages": 1, "number": 1, "size": len(content), "first": True, "last": True,
        "empty": not content, "content": content,
    }  # fmt: skip


def _service(row: Service, kinds: Mapping[str, str]) -> dict[str, Any]:
    number = str(uuid5(NAMESPACE_URL, f"{SPACE}{row.pk}"))
    place = {"latitude": row.latitude, "longitude": row.longitude, "postal_code": row.postcode}
    return {
        "id": number, "name": row.name, "description": row.about, "status": "active", "url": row.url or None,
        "email": row.email or None, "assured_date": row.confirmed_on.isoformat(),
        "organization": {"name": str(row.provider)} if row.provider else None,
        "eligibilitys": [{"minimum_age": row.min_age, "maximum_age": row.max_age}],
        "service_taxonomys": [{"taxonomy": {"name": name}} for name in (kinds.get(row.kind_code, ""), *row.needs) if name],
        "service_at_locations": [{"location": place}] if row.postcode else [],
    }  # fmt: skip
