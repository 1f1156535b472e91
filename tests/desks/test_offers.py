"""Offers through their pages: filled in step by step, sealed, compared side by side, chosen."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rightplace.foundation.access.models import Membership
from rightplace.journey.offers import actions
from rightplace.journey.offers.models import Offer, OfferEvidence
from rightplace.journey.offers.pages import OfferPage
from rightplace.journey.search.models import Search
from tests import make
from tests.cast import Cast
from tests.files import PDF, PNG
from tests.visit import send, signed_in


def facts() -> dict:
    return {"now": timezone.now(), "needed_by": timezone.localdate() + timedelta(days=30)}


@pytest.fixture
def search(cast: Cast) -> Search:
    """A search that is open now."""
    return make.market_open(cast, **facts())


@pytest.fixture
def draft(cast: Cast, search: Search) -> Offer:
    """An offer just begun for Acorn House."""
    return make.offer_begun(cast, search, cast.acorn_house, now=timezone.now())


def text(response) -> str:
    return response.content.decode()


def url(offer: Offer, step: str = "", desk: str = "portal") -> str:
    return f"/{desk}/offers/{offer.pk}/{step}"


def line(number: int = 0, **entries: object) -> dict:
    given = {"kind": "core_fee", "unit": "week", "amount_pence": "4,250.00", "words": "Fee", **entries}
    return {f"lines-{number}-{name}": value for name, value in given.items()}


def rows(*lines: dict) -> dict:
    found = {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}
    return found | {name: value for one in lines for name, value in one.items()}


def day(name: str, **parts: object) -> dict:
    return {f"{name}_{part}": value for part, value in parts.items()}


def saved(offer: Offer) -> Offer:
    return Offer.objects.get(pk=offer.pk)


def test_a_provider_fills_in_an_offer_and_submits_it(cast: Cast, search: Search) -> None:
    client = signed_in(cast.priya)
    invitation = make.invitation_to(search, cast.acorn_house)
    begun = send(client, f"/portal/referrals/{invitation.pk}/offer/")
    assert begun.status_code == 303
    offer = Offer.objects.get()
    assert begun["Location"] == url(offer, "place/")
    place = {"support_words": make.SUPPORT, "home_postcode_district": "cr0"}
    soon = timezone.localdate() + timedelta(days=20)
    place |= day("starts_on", day=soon.day, month=soon.month, year=soon.year)
    assert send(client, url(offer, "place/"), 1, **place)["Location"] == url(offer, "price/")
    discount = line(1, kind="discount", unit="percent", amount_pence="", percent="2.5")
    assert send(client, url(offer, "price/"), 2, then="stay", **rows(line(), discount)).status_code == 303
    page = text(client.get(url(offer, "price/")))
    assert "£215,475.00" in page  # 52 weeks at £4,250 less 2.5%
    names = re.findall(r'name="(how_\d+|met_\d+)"', text(client.get(url(offer, "answers/"))))
    answers = {name: "yes" if name.startswith("met") else make.HOW for name in names}
    assert send(client, url(offer, "answers/"), 3, **answers)["Location"] == url(offer, "evidence/")
    assert send(client, url(offer, "submit/"), 4).status_code == 303
    assert saved(offer).state == "submitted"
    assert "Take back to change" in text(client.get(url(offer)))
    assert send(client, url(offer, "reopen/"), 5).status_code == 303
    assert saved(offer).state == "draft"


def test_submitting_too_early_lists_everything_missing_with_the_way_to_its_entry(
    cast: Cast, draft: Offer
) -> None:
    client = signed_in(cast.priya)
    answer = send(client, url(draft, "submit/"), 1)
    assert answer.status_code == 422
    links = re.findall(rf'href="({url(draft)}\w+/\?missing=1#[^"]+)"', text(answer))
    assert len(links) == 5
    for link in links:
        address, _, anchor = link.partition("#")
        page = text(client.get(address))
        assert f'id="{anchor}"' in page
        assert "There is a problem" in page
    assert saved(draft).state == "draft"


BAD_PRICES = (
    ("amount_pence", "NaN"),
    ("amount_pence", "1e9"),
    ("amount_pence", "-5"),
    ("amount_pence", "99999999999999999999"),
    ("amount_pence", "100000001"),
    ("amount_pence", '=HYPERLINK("http://x")'),
    ("amount_pence", "12.345"),
    ("amount_pence", ""),
    ("quantity", "NaN"),
    ("quantity", "1e9"),
    ("quantity", "-1"),
    ("kind", "bribe"),
    ("unit", "fortnight"),
    ("unit", "percent"),
    ("starts_on_day", "31"),
)


def test_a_price_that_cannot_be_is_refused_beside_its_entry(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    for name, value in BAD_PRICES:
        answer = send(client, url(draft, "price/"), 1, **rows(line(**{name: value})))
        assert answer.status_code == 422, (name, value)
        assert "govuk-error-message" in text(answer), (name, value)
    assert not saved(draft).lines.exists()


def test_days_that_are_not_real_are_refused(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    for year, month, number in (
        ("2027", "2", "30"),
        ("9999", "1", "1"),
        ("0", "1", "1"),
        ("x", "1", "1"),
        ("99999999", "1", "1"),
    ):
        given = day("starts_on", day=number, month=month, year=year)
        assert send(client, url(draft, "place/"), 1, **given).status_code == 422, year


def test_rows_come_and_go_without_scripts_and_keep_what_was_typed(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    page = text(send(client, url(draft, "price/"), 1, add="lines", **rows(line(words="Kept"))))
    assert "Price line 2" in page
    assert 'value="Kept"' in page
    fewer = text(
        send(client, url(draft, "price/"), 1, remove="lines-0", **rows(line(), line(1, words="Second")))
    )
    assert "Price line 2" not in fewer
    assert 'value="Second"' in fewer


def test_scripts_and_formulas_are_only_words(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    send(client, url(draft, "place/"), 1, support_words="<script>alert(1)</script>")
    assert "<script>alert(1)" not in text(client.get(url(draft)))
    send(client, url(draft, "withdraw/"), 2, reason="=1+1")
    sheet = text(client.get("/portal/offers/?download=csv"))
    assert "\r\n=" not in sheet
    assert ",=" not in sheet


def test_an_old_page_does_not_save_over_a_newer_one(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    send(client, url(draft, "place/"), 1, support_words="First")
    late = send(client, url(draft, "place/"), 1, support_words="Second")
    assert late.status_code == 409
    assert "Second" in text(late)
    assert saved(draft).support_words == "First"


def test_a_double_press_begins_one_offer(cast: Cast, search: Search) -> None:
    client = signed_in(cast.priya)
    address = f"/portal/referrals/{make.invitation_to(search, cast.acorn_house).pk}/offer/"
    first = send(client, address, once="0" * 32)
    again = send(client, address, once="0" * 32)
    assert first["Location"] == again["Location"]
    assert Offer.objects.count() == 1


def upload(client: Client, offer: Offer, name: str, content: bytes) -> int:
    file = SimpleUploadedFile(name, content, "application/pdf")
    return send(client, url(offer, "evidence/"), saved(offer).version, file=file, words="x").status_code


def test_evidence_is_taken_shown_and_read_only_by_its_makers(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    assert upload(client, draft, "../../profile.pdf", PDF) == 303
    assert upload(client, draft, "photo.png", PNG) == 303
    for name, content in (
        ("tracker.xlsx", b"PK\x03\x04"),
        ("tracker.pdf", b"PK\x03\x04 really a workbook"),
        ("page.png", b"<svg onload=alert(1)>"),
        ("large.pdf", PDF + b"0" * 5 * 1024 * 1024),
        ("empty.pdf", b""),
    ):
        assert upload(client, draft, name, content) == 422, name
    kept = list(OfferEvidence.objects.select_related("file"))
    assert [one.file.name for one in kept] == ["profile.pdf", "photo.png"]
    answer = client.get(url(draft, f"files/{kept[0].file_id}/"))
    assert answer["Content-Disposition"] == 'attachment; filename="profile.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    # Taken in without what says who wrote it: the pages are the same, the bytes are not.
    assert answer.content == bytes(kept[0].file.content)
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 1
    for other, desk in ((cast.quinn, "portal"), (cast.bola, "brokerage"), (cast.fern, "brokerage")):
        assert signed_in(other).get(url(draft, f"files/{kept[0].file_id}/", desk)).status_code == 404
    removed = send(client, url(draft, "evidence/remove/"), saved(draft).version, evidence=kept[0].pk)
    assert removed.status_code == 303
    assert OfferEvidence.objects.count() == 1


def test_another_providers_offer_is_not_there(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.quinn)
    for step in ("", "place/", "price/", "answers/", "evidence/", "withdraw/"):
        assert client.get(url(draft, step)).status_code == 404
    for step in ("submit/", "reopen/"):
        assert send(client, url(draft, step), 1).status_code in {404, 422}
    assert draft.reference not in text(client.get("/portal/offers/"))


def test_a_fostering_officer_offers_an_own_household_and_a_broker_types_on_behalf(
    cast: Cast, search: Search
) -> None:
    own = make.invitation_to(search, cast.adams)
    assert send(signed_in(cast.fern), f"/brokerage/invitations/{own.pk}/offer/").status_code == 303
    asked = make.invitation_to(search, cast.acorn_house)
    assert send(signed_in(cast.fern), f"/brokerage/invitations/{asked.pk}/offer/").status_code == 404
    listed = f"/brokerage/searches/{search.pk}/offers/on-behalf/"
    assert "Acorn House" in text(signed_in(cast.bola).get(f"{listed}?text=acorn"))
    assert send(signed_in(cast.bola), f"/brokerage/invitations/{asked.pk}/offer/").status_code == 303
    assert "Acorn House" not in text(signed_in(cast.bola).get(listed))
    offer = Offer.objects.get(invitation=asked)
    assert "Typed on behalf of the provider by Bola Adeyemi" in text(
        signed_in(cast.bola).get(url(offer, desk="brokerage"))
    )
    assert signed_in(cast.priya).get(url(offer)).status_code == 200


def test_offers_stay_sealed_on_every_page_until_closing(cast: Cast, search: Search) -> None:
    offer = make.offer_submitted(cast, search, cast.acorn_house, now=timezone.now())
    compare = f"/brokerage/searches/{search.pk}/offers/"
    for who in (cast.sadia, cast.moses, cast.bola, cast.pearl, cast.dev):
        page = text(signed_in(who).get(compare))
        assert "Offers are sealed" in page
        assert "Acorn House" not in page
        assert "£" not in page
    choose = f"/social-work/requests/{search.request_id}/choose/{offer.pk}/"
    assert signed_in(cast.moses).get(choose).status_code == 404
    assert signed_in(cast.bola).get(url(offer, desk="brokerage")).status_code == 404


def test_offers_are_compared_side_by_side_by_those_who_may(cast: Cast) -> None:
    search = make.offers_closed(cast, later=timezone.now(), **facts())
    compare = f"/brokerage/searches/{search.pk}/offers/"
    for who in (cast.sadia, cast.moses, cast.bola, cast.pearl, cast.dev):
        page = text(signed_in(who).get(compare))
        assert "Cost never changes the order." in page
        assert "£208,000.00" in page
        assert ("Choose " in page) is (who == cast.moses)
    for who, status in ((cast.fin, 403), (cast.priya, 403), (cast.brenda, 404)):
        assert signed_in(who).get(compare).status_code == status


def choose_entries(page: str) -> dict:
    told = re.findall(r'<textarea name="(feedback_\d+)"[^>]*>([^<]*)', page)
    return {"reason": "It is near her school.", **{name: words.strip() for name, words in told}}


def test_a_team_manager_chooses_and_permission_is_asked(cast: Cast) -> None:
    search = make.offers_closed(cast, later=timezone.now(), **facts())
    offer = Offer.objects.get(search=search, setting=cast.acorn_house)
    address = f"/social-work/requests/{search.request_id}/choose/{offer.pk}/"
    moses, tessa = signed_in(cast.moses), signed_in(cast.tessa)
    page = text(moses.get(address))
    assert "A director can give it" in page
    version = int(re.findall(r'name="version" value="(\d+)"', page)[0])
    entries = choose_entries(page)
    assert len(entries) == 3
    assert send(moses, address, version, **{**entries, "reason": ""}).status_code == 422
    done = send(moses, address, version, **entries)
    assert (done.status_code, done["Location"][:19]) == (303, "/panel/permissions/")
    late = send(tessa, address, version, **entries)
    assert late.status_code == 409
    assert "Moses Okoro chose offer" in text(late)
    assert signed_in(cast.sadia).get(address).status_code == 403


def test_the_comparison_and_the_portal_ask_the_database_a_fixed_number_of_times(cast: Cast) -> None:
    search = make.offers_closed(cast, cast.acorn_house, later=timezone.now(), **facts())
    broker, provider = signed_in(cast.bola), signed_in(cast.priya)
    compare = f"/brokerage/searches/{search.pk}/offers/"
    first = [queries_of(broker, compare), queries_of(provider, "/portal/offers/")]
    make.search_reopened(cast, search, closes_at=timezone.now() + timedelta(days=3), now=timezone.now())
    for home in (cast.beech_house, cast.harbour_agency, cast.adams):
        make.offer_submitted(cast, search, home, now=timezone.now())
    make.search_closed(cast, search, now=timezone.now())
    assert [queries_of(broker, compare), queries_of(provider, "/portal/offers/")] == first


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_portals_templates_are_given_no_rows_of_the_database(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    for step in ("", "place/", "price/", "answers/", "evidence/", "withdraw/"):
        answer = client.get(url(draft, step))
        held = [value for known in answer.context for layer in known.dicts for value in layer.values()]
        assert any(isinstance(value, OfferPage) for value in held)
        assert not [value for value in held if isinstance(value, Model)]


def test_a_withdrawal_needs_a_reason(cast: Cast, draft: Offer) -> None:
    client = signed_in(cast.priya)
    assert send(client, url(draft, "withdraw/"), 1, reason="").status_code == 422
    assert send(client, url(draft, "withdraw/"), 1, reason="The place has gone.").status_code == 303
    assert "The place has gone." in text(client.get(url(draft)))


def test_those_not_chosen_read_why_in_their_portal(cast: Cast) -> None:
    search = make.offers_closed(cast, later=timezone.now(), **facts())
    make.placement_approved(cast, search, cast.acorn_house, now=timezone.now())
    client = signed_in(cast.quinn)
    offer = Offer.objects.get(search=search, setting=cast.harbour_agency)
    assert "Thank you for your offer." in text(client.get("/portal/offers/?state=not_chosen"))
    assert "What Croydon said:" in text(client.get(url(offer)))
    assert Membership.objects.filter(user_id=cast.quinn.user_id).count() == 1
    outcome = actions.withdraw_offer(
        by=cast.quinn, now=timezone.now(), offer_id=offer.pk, version=offer.version, reason="x"
    )
    assert [p.code for p in outcome.problems] == ["wrong_state"]
