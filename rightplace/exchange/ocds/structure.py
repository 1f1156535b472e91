"""What an OCDS 1.1 release and package must be: required fields, types, closed lists of codes. Pure.

Written in our own words after the published schema of the Open Contracting Data Standard, version 1.1 (release schema and
release package schema; Apache-2.0): `name!` is required, `[x]` a list of x. Fields that the standard does not name are allowed,
as it allows extensions; empty values are not, as its validators warn of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

VERSION = "1.1"
OCID = re.compile(r"ocds-[a-z0-9]{6}-.+")
LINK = re.compile(r"https?://[^\s]+|[a-z][a-z0-9+.-]*:[^\s]+")
MOST_FAULTS = 50
EMPTY = "is empty; leave it out"

SHAPES: dict[str, dict[str, str]] = {
    "package": {
        "uri": "uri!", "version": "string!", "publishedDate": "moment!", "releases": "[release]!", "publisher": "publisher!",
        "license": "uri", "publicationPolicy": "uri", "extensions": "[uri]",
    },
    "publisher": {"name": "string!", "scheme": "string", "uid": "string", "uri": "uri"},
    "release": {
        "ocid": "ocid!", "id": "key!", "date": "moment!", "tag": "[tag]!", "initiationType": "initiation!",
        "parties": "[party]", "buyer": "organisation", "planning": "planning", "tender": "tender", "awards": "[award]",
        "contracts": "[contract]", "language": "string", "relatedProcesses": "[related]",
    },
    "planning": {"rationale": "string", "budget": "budget", "documents": "[document]", "milestones": "[milestone]"},
    "budget": {"id": "id", "description": "string", "amount": "value", "project": "string", "projectID": "id", "uri": "uri"},
    "party": {
        "name": "string", "id": "id", "identifier": "identifier", "additionalIdentifiers": "[identifier]",
        "address": "address", "contactPoint": "contact", "roles": "[role]", "details": "object",
    },
    "identifier": {"scheme": "string", "id": "id", "legalName": "string", "uri": "uri"},
    "address": {
        "streetAddress": "string", "locality": "string", "region": "string", "postalCode": "string", "countryName": "string",
    },
    "contact": {"name": "string", "email": "string", "telephone": "string", "faxNumber": "string", "url": "uri"},
    "organisation": {"name": "string", "id": "id"},
    "tender": {
        "id": "id!", "title": "string", "description": "string", "status": "tenderStatus", "procuringEntity": "organisation",
        "items": "[item]", "value": "value", "minValue": "value", "procurementMethod": "method",
        "procurementMethodDetails": "string", "procurementMethodRationale": "string", "mainProcurementCategory": "category",
        "additionalProcurementCategories": "[string]", "awardCriteria": "string", "awardCriteriaDetails": "string",
        "submissionMethod": "[string]", "submissionMethodDetails": "string", "tenderPeriod": "period",
        "enquiryPeriod": "period", "hasEnquiries": "boolean", "eligibilityCriteria": "string", "awardPeriod": "period",
        "contractPeriod": "period", "numberOfTenderers": "integer", "tenderers": "[organisation]",
        "documents": "[document]", "milestones": "[milestone]", "amendments": "[amended]",
    },
    "award": {
        "id": "id!", "title": "string", "description": "string", "status": "awardStatus", "date": "moment", "value": "value",
        "suppliers": "[organisation]", "items": "[item]", "contractPeriod": "period", "documents": "[document]",
        "amendments": "[amended]",
    },
    "contract": {
        "id": "id!", "awardID": "id!", "title": "string", "description": "string", "status": "contractStatus",
        "period": "period", "value": "value", "items": "[item]", "dateSigned": "moment", "documents": "[document]",
        "implementation": "implementation", "relatedProcesses": "[related]", "milestones": "[milestone]",
        "amendments": "[amended]",
    },
    "implementation": {"transactions": "[transaction]", "milestones": "[milestone]", "documents": "[document]"},
    "transaction": {
        "id": "id!", "source": "uri", "date": "moment", "value": "value", "payer": "organisation", "payee": "organisation",
        "uri": "uri",
    },
    "item": {
        "id": "id!", "description": "string", "classification": "classification",
        "additionalClassifications": "[classification]", "quantity": "number", "unit": "unit",
    },
    "unit": {"scheme": "string", "id": "string", "name": "string", "value": "value", "uri": "uri"},
    "classification": {"scheme": "string", "id": "id", "description": "string", "uri": "uri"},
    "value": {"amount": "number", "currency": "currency"},
    "period": {"startDate": "moment", "endDate": "moment", "maxExtentDate": "moment", "durationInDays": "integer"},
    "document": {
        "id": "id!", "documentType": "string", "title": "string", "description": "string", "url": "uri",
        "datePublished": "moment", "dateModified": "moment", "format": "string", "language": "string",
    },
    "milestone": {
        "id": "id!", "title": "string", "type": "string", "description": "string", "code": "string", "dueDate": "moment",
        "dateMet": "moment", "dateModified": "moment", "status": "milestoneStatus", "documents": "[document]",
    },
    "amended": {
        "date": "moment", "rationale": "string", "id": "string", "description": "string", "amendsReleaseID": "string",
        "releaseID": "string",
    },
    "related": {
        "id": "string", "relationship": "[string]", "title": "string", "scheme": "string", "identifier": "string", "uri": "uri",
    },
}  # fmt: skip
CODES: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "tag": (
            "planning planningUpdate tender tenderAmendment tenderUpdate tenderCancellation award awardUpdate "
            "awardCancellation contract contractUpdate contractAmendment implementation implementationUpdate "
            "contractTermination compiled"
        ),
        "initiation": "tender",
        "tenderStatus": "planning planned active cancelled unsuccessful complete withdrawn",
        "awardStatus": "pending active cancelled unsuccessful",
        "contractStatus": "pending active cancelled terminated",
        "milestoneStatus": "scheduled met notMet partiallyMet",
        "method": "open selective limited direct",
        "category": "goods works services",
    }.items()
}
ROLES = frozenset(
    "buyer procuringEntity supplier tenderer funder enquirer payer payee reviewBody interestedParty".split()
)


def package_faults(package: Any) -> list[str]:
    """What keeps a package from being an OCDS 1.1 release package: sentences with the place; empty when it is one."""
    found = [one for one in _faults("package", package, "package") if not one.endswith(EMPTY)]
    if isinstance(package, Mapping) and package.get("version") != VERSION:
        found.append(f"package/version: is {package.get('version')!r}, not {VERSION}")
    if isinstance(package, Mapping) and isinstance(package.get("releases"), list):
        keys = [one.get("id") for one in package["releases"] if isinstance(one, Mapping)]
        if len(set(map(str, keys))) < len(keys):
            found.append("package/releases: two releases have one id")
    return found[:MOST_FAULTS]


def release_faults(release: Any, *, is_own: bool = False) -> list[str]:
    """What keeps one release from being of OCDS 1.1, with what it refers to: parties that it names must be among its parties.

    Empty values are allowed by the schema and warned of by validators: only in our own releases are they a fault.
    """
    found = list(_faults("release", release, "release"))
    if not is_own:
        found = [one for one in found if not one.endswith(EMPTY)]
    return (found or list(_reference_faults(release)))[:MOST_FAULTS]


def _reference_faults(release: Mapping[str, Any]) -> Iterator[str]:
    """References within a release: a contract to an award of it, an organisation to its parties."""
    known = {str(one.get("id")) for one in release.get("parties", ())}
    named = [("buyer", release["buyer"])] if "buyer" in release else []
    for award in release.get("awards", ()):
        named += [(f"awards/{award['id']}/suppliers", one) for one in award.get("suppliers", ())]
    for place, one in named:
        if "id" in one and str(one["id"]) not in known:
            yield f"release/{place}: refers to {one['id']}, which is not among the parties"
    awards = {str(one["id"]) for one in release.get("awards", ())}
    for contract in release.get("contracts", ()):
        if awards and str(contract["awardID"]) not in awards:
            yield f"release/contracts/{contract['id']}: its award {contract['awardID']} is not in the release"


def _faults(shape: str, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place}: has to be an object"
        return
    fields = SHAPES[shape]
    for name, rule in fields.items():
        if name not in value:
            if rule.endswith("!"):
                yield f"{place}/{name}: is missing"
            continue
        yield from _value_faults(rule.rstrip("!"), value[name], f"{place}/{name}")


def _value_faults(rule: str, value: Any, place: str) -> Iterator[str]:
    if value is None or value in ("", [], {}):
        yield f"{place}: {EMPTY}"
    elif rule.startswith("["):
        if not isinstance(value, list):
            yield f"{place}: has to be a list"
            return
        for number, one in enumerate(value):
            yield from _value_faults(rule[1:-1], one, f"{place}/{number}")
    elif rule in SHAPES:
        yield from _faults(rule, value, place)
    elif words := _plain_fault(rule, value):
        yield f"{place}: {words}"


def _plain_fault(rule: str, value: Any) -> str:
    """What is wrong with a value that is no object; empty when nothing is."""
    if rule in CODES:
        return "" if value in CODES[rule] else f"“{value}” is not in the list {rule}"
    if rule == "role":
        return "" if value in ROLES else f"“{value}” is no role of the standard"
    if rule == "boolean":
        return "" if isinstance(value, bool) else "has to be true or false"
    if rule in {"number", "integer"}:
        kinds = (int,) if rule == "integer" else (int, float)
        return "" if isinstance(value, kinds) and not isinstance(value, bool) else "has to be a number"
    if rule == "id":
        return (
            ""
            if isinstance(value, str | int) and not isinstance(value, bool)
            else "has to be words or a number"
        )
    if rule == "object":
        return "" if isinstance(value, Mapping) else "has to be an object"
    return _word_fault(rule, value)


def _word_fault(rule: str, value: Any) -> str:
    if not isinstance(value, str):
        return "has to be words"
    if rule == "moment" and not _is_moment(value):
        return f"“{value}” is no date with time and zone"
    if rule == "ocid" and not OCID.fullmatch(value):
        return f"“{value}” has no registered prefix"
    if rule == "key" and "#" in value:
        return "may hold no #"
    if rule == "uri" and not LINK.fullmatch(value):
        return f"“{value}” is no address"
    if rule == "currency" and not re.fullmatch("[A-Z]{3}", value):
        return f"“{value}” is no currency"
    return ""


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None
    except ValueError:
        return False
