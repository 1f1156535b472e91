"""The desks of commissioning and the region: the register, holds, frameworks, imports, and the market across authorities."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from rightplace.foundation.files.models import ImportRun
from rightplace.register.carers.models import Household
from rightplace.register.frameworks.models import Framework, Lot, LotMember
from rightplace.register.providers.models import Hold
from tests import make
from tests.cast import Cast
from tests.visit import send, signed_in

TODAY_PARTS = {"starts_on_day": "1", "starts_on_month": "12", "starts_on_year": "2026"}


@pytest.fixture
def cora(cast: Cast) -> Client:
    """Cora's browser."""
    return signed_in(cast.cora)


PAGES = ("", "homes/", "homes/?kind=residential&grade=Good", "frameworks/", "frameworks/new/", "imports/")


@pytest.mark.parametrize("url", PAGES)
def test_the_pages_of_the_desk_open(url: str, cora: Client) -> None:
    assert cora.get(f"/commissioning/{url}").status_code == 200


def test_an_analyst_reads_but_keeps_no_framework(cast: Cast) -> None:
    ana = signed_in(cast.ana)
    assert ana.get("/commissioning/").status_code == 200
    assert ana.get("/commissioning/frameworks/new/").status_code == 403


def test_placements_are_stopped_and_allowed_again(cora: Client, cast: Cast) -> None:
    url = f"/commissioning/homes/{cast.acorn_house.pk}/"
    assert send(cora, f"{url}hold/", kind="concern").status_code == 422
    assert send(cora, f"{url}hold/", kind="concern", reason="Staffing", **TODAY_PARTS).status_code == 303
    hold = Hold.objects.get()
    assert "Staffing" in cora.get(url).content.decode()
    assert send(cora, f"{url}holds/{hold.pk}/lift/").status_code == 303


def test_a_provider_joins_and_leaves_a_lot(cora: Client, cast: Cast) -> None:
    lot = Lot.objects.get(kind="residential")
    url = f"/commissioning/lots/{lot.pk}/"
    unknown = send(cora, f"{url}join/", provider="Nobody", **TODAY_PARTS)
    assert unknown.status_code == 422
    assert (
        send(
            cora, f"{url}join/", provider="harbour fostering", ceiling_pence_week="5000", **TODAY_PARTS
        ).status_code
        == 303
    )
    member = LotMember.objects.get(lot=lot, provider=cast.harbour)
    assert "Harbour Fostering" in cora.get(url).content.decode()
    assert cora.get(f"{url}members/{member.pk}/leave/").status_code == 200
    assert send(cora, f"{url}members/{member.pk}/leave/").status_code == 422
    assert send(cora, f"{url}members/{member.pk}/leave/", reason="Sold.").status_code == 303
    member.refresh_from_db()
    assert (member.ends_on, member.reason) == (timezone.localdate(), "Sold.")


def test_a_framework_is_made(cora: Client) -> None:
    ends = {"ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2031"}
    done = send(
        cora,
        "/commissioning/frameworks/new/",
        name="New route",
        route="framework",
        kinds=["foster"],
        **TODAY_PARTS,
        **ends,
    )
    assert done.status_code == 303
    assert Framework.objects.filter(name="New route").exists()


def test_a_tracker_is_shown_before_anything_is_written_and_then_imported(cora: Client, cast: Cast) -> None:
    text = "Reference,Carers,Status,Postcode,Places,Min age,Max age\nFC-900,The Quick family,approved,CR0 2AB,2,0,17\n"
    file = SimpleUploadedFile("carers.csv", text.encode(), content_type="text/csv")
    shown = send(
        signed_in(cast.cora),
        "/commissioning/imports/tracker/",
        **{"tracker-kind": "carers", "tracker-file": file},
    )
    assert shown.status_code == 303
    page = cora.get(shown["Location"])
    assert page.status_code == 200
    assert not Household.objects.filter(reference="FC-900").exists()
    done = send(cora, f"{shown['Location']}confirm/", sha256=page.context["seen"].sha256)
    assert done.status_code == 303
    assert Household.objects.filter(reference="FC-900").exists()
    run = ImportRun.objects.get()
    assert cora.get(f"/commissioning/imports/{run.pk}/").status_code == 200


def test_a_file_of_another_kind_is_refused(cora: Client) -> None:
    file = SimpleUploadedFile("run.exe", b"MZ", content_type="text/csv")
    assert send(cora, "/commissioning/imports/register/", **{"register-file": file}).status_code == 422


def test_the_region_sees_the_market_and_never_a_child(cast: Cast) -> None:
    make.market_open(cast)
    conrad = signed_in(cast.conrad)
    page = conrad.get("/region/").content.decode()
    assert "Croydon" in page
    assert "Amber" not in page
    assert conrad.get("/region/homes/").status_code == 200
    assert conrad.get(f"/region/homes/{cast.acorn_house.pk}/").status_code == 200
    assert conrad.get("/brokerage/searches/").status_code == 403
