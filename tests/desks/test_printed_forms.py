"""The printed forms: the whole request, what a provider sees, the joint funding summary. No address on any of them."""

from __future__ import annotations

import io

import pypdf
import pytest

from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest, RequestPlace
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
PLANTED = (
    "12 Larkspur Road",
    "CR0 4XX",
    "CR0 2AB",
    "1 Adams Road",
    "SE6 9ZZ",
    "The Adams family",
    "3 Plum Close",
)


def words_of(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"], "the PDF is not tagged"
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def opened(visitor: Visitor, address: str) -> bytes:
    response = visitor.client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


@pytest.fixture
def row(cast: Cast) -> PlacementRequest:
    """Amber's request, placed with the Adams family, with addresses planted wherever somebody may type one."""
    contract = make.contract_in_force(cast, home=cast.adams)
    row = Placement.objects.get(contract=contract).permission.choice.request
    typed = "Her mother lives at 12 Larkspur Road, CR0 4XX, and her aunt at 3 Plum Close."
    PlacementRequest.objects.filter(pk=row.pk).update(contact_words=typed, why_now=typed)
    place = {"authority": cast.croydon, "request": row, "miles": 2}
    RequestPlace.objects.create(**place, kind="school", postcode="SE6 9ZZ", label="12 Larkspur Road")
    RequestPlace.objects.create(
        **place, is_unsafe=True, postcode="CR0 4XX", label="3 Plum Close", reason="Her stepfather."
    )
    return row


@pytest.mark.parametrize("name", ["form", "redacted"])
def test_no_address_is_printed_of_a_request(cast: Cast, row: PlacementRequest, name: str) -> None:
    sadia = Visitor(cast.sadia)
    base = f"/social-work/requests/{row.pk}/{name}"
    printed = words_of(opened(sadia, f"{base}.pdf"))
    sadia.opens(f"{base}/").does_not_see(*PLANTED)
    assert [planted for planted in PLANTED if planted in printed] == []
    assert row.reference in printed


def test_the_whole_form_says_need_wishes_cost_and_who_signed_off(cast: Cast, row: PlacementRequest) -> None:
    printed = words_of(opened(Visitor(cast.sadia), f"/social-work/requests/{row.pk}/form.pdf"))
    for wanted in (
        "Amber Fairweather",
        "I want to stay near my friends",
        "Signed off",
        "Moses Okoro",
        "A bedroom of the child",
        "Whole cost",
    ):
        assert wanted.lower() in printed.lower(), wanted


def test_the_redacted_form_names_nobody(cast: Cast, row: PlacementRequest) -> None:
    printed = words_of(opened(Visitor(cast.sadia), f"/social-work/requests/{row.pk}/redacted.pdf"))
    assert not [name for name in ("Amber", "Fairweather", "Shirley Vale") if name in printed]


def test_no_address_is_printed_in_a_joint_funding_summary(cast: Cast, row: PlacementRequest) -> None:
    contract = Placement.objects.get(permission__choice__request=row).contract
    make.shares_proposed(cast, contract)
    dev = Visitor(cast.dev)
    printed = words_of(opened(dev, f"/funding/{contract.pk}/summary.pdf"))
    dev.opens(f"/funding/{contract.pk}/summary/").does_not_see(*PLANTED, "Amber")
    assert [planted for planted in (*PLANTED, "Amber") if planted in printed] == []
    assert "Lines, partners and years" in printed


def test_another_authority_prints_nothing(cast: Cast, row: PlacementRequest) -> None:
    assert Visitor(cast.brenda).client.get(f"/social-work/requests/{row.pk}/form.pdf").status_code == 404
