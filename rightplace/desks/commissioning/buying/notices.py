"""Notices: those that the consortium published, each as an OCDS release, the register as a package, and releases of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import UploadField
from rightplace.desks.components.parts import NavItem
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import count
from rightplace.desks.layout.answers import answer
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.exchange.ocds.models import PublicRelease
from rightplace.exchange.ocds.publishing import publish_release
from rightplace.exchange.ocds.reading import Imported, as_package, import_releases
from rightplace.foundation.actions import Outcome
from rightplace.foundation.organisations.models import Consortium
from rightplace.register.buying import queries
from rightplace.register.buying.models import Release
from rightplace.register.buying.standing import consortium
from rightplace.register.buying.words import RELEASE_KINDS

COLUMNS = (
    Column("What is bought", "title", sort="title"),
    Column("Notice", lambda row: RELEASE_KINDS[row.kind], sort="kind"),
    Column("Published", "published_at", "moment", sort="published_at"),
    Column("Number", "number", "reference", link=lambda row: reverse("commissioning:release", args=[row.pk])),
)
OTHERS = (
    Column("What is bought", "title", sort="title"),
    Column("Buyer", "buyer", sort="buyer"),
    Column("Kind", "tag", sort="tag"),
    Column("Value", "value_pence", "pounds", sort="value_pence"),
    Column("Awarded to", "awarded_to", "number"),
    Column("Ends", "ends_on", "date", sort="ends_on"),
    Column("Dated", "dated_at", "date", sort="dated_at"),
)


class WordsFilter(forms.Form):
    """Which notices."""

    q = forms.CharField(label="What is bought", required=False, max_length=60)


class ImportForm(forms.Form):
    """A file of releases."""

    file = UploadField(label="A package of OCDS releases", endings=(".json",), max_bytes=20 * 2**20)


def _sections(here: str) -> list[NavItem]:
    pages = (("Ours", "commissioning:releases"), ("Of others", "commissioning:public_releases"))
    return [NavItem(label, reverse(name), name == here) for label, name in pages]


def release_list(request: HttpRequest) -> HttpResponse:
    """What the consortium published."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Release]:
        return (
            queries.releases(actor)
            .filter(title__icontains=(filters.get("q") or "").strip())
            .order_by(sort, "id")
        )

    known = {
        "lead": "Each notice is a release of the Open Contracting Data Standard 1.1, checked before it is kept.",
        "sections": _sections("commissioning:releases"),
        "links": [NavItem("Download all as one package", reverse("commissioning:release_package"))],
    }  # fmt: skip
    listing = Listing("Notices", "notice", COLUMNS, rows, WordsFilter, sort="-published_at", context=known,
                      empty="Nothing is published. Notices are published on the page of a tender.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def public_releases(request: HttpRequest) -> HttpResponse:
    """What others published."""

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[PublicRelease]:
        return PublicRelease.objects.filter(title__icontains=(filters.get("q") or "").strip()).order_by(
            sort, "id"
        )

    known = {
        "lead": "Releases of other buyers, as they published them.", "sections": _sections("commissioning:public_releases"),
        "links": [NavItem("Import releases", reverse("commissioning:import_releases"))],
    }  # fmt: skip
    listing = Listing("Notices of others", "notice", OTHERS, rows, WordsFilter, sort="-dated_at", context=known,
                      empty="No release of another buyer was imported.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def release(request: HttpRequest, release_id: int) -> HttpResponse:
    """One notice as JSON."""
    row: Release = found(queries.releases(actor_of(request)).filter(pk=release_id).first())
    return _file(row.body, row.number)


def release_package(request: HttpRequest) -> HttpResponse:
    """Everything published, as one package: the contract register among it."""
    actor, now = actor_of(request), timezone.now()
    name = (
        Consortium.objects.filter(pk=consortium(actor)).values_list("name", flat=True).first() or "Rightplace"
    )
    bodies = [row.body for row in queries.releases(actor).order_by("published_at", "id")]
    return _file(as_package(bodies, uri=request.build_absolute_uri(), publisher=name, now=now), "releases")


def _file(body: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def publish(request: HttpRequest, tender_id: int, notice: str) -> HttpResponse:
    """Publish a notice of a tender."""
    outcome = publish_release(by=actor_of(request), now=timezone.now(), tender_id=tender_id, kind=notice)
    return answer(request, outcome, then=reverse("commissioning:tender", args=[tender_id]), said="Published.")


def import_page(request: HttpRequest) -> HttpResponse:
    """Import releases of others from a file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    deed = Deed("Import releases", "Import", "Notices of others", reverse("commissioning:public_releases"), has_file=True,
                lead="A JSON file with releases of the Open Contracting Data Standard 1.1.")  # fmt: skip

    def act(typed: dict[str, Any]) -> Outcome[Any]:
        return import_releases(by=actor_of(request), now=timezone.now(), content=typed["file"].read())

    return deed_page(request, deed, form, act, said=_told)


def _told(done: Imported) -> str:
    return f"{count(done.added, 'release')} imported, {done.known} known already, {len(done.bad)} not good."
