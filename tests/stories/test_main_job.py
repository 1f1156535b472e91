"""The main job whole, through HTTP and by role, on the real register and a real return: from a request to a payment schedule."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from rightplace.exchange.ofsted.loading import import_ofsted
from rightplace.exchange.ofsted.packaged import PACKAGED
from rightplace.exchange.ssda903.loading import import_ssda903
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import Child
from rightplace.register.frameworks.models import Lot, LotMember
from rightplace.register.providers.models import Setting
from tests.cast import LONG_AGO, Cast, person
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
RETURN = Path("tests/data/ssda903/2021")
WHY = "Her carers have given notice. She has lived with them for a year and must move before the end of the month."
ABOUT = "She is funny and caring, loves drawing and looks after the neighbours' rabbits. She wants to become a vet."


@pytest.fixture
def market(cast: Cast) -> tuple[Setting, Actor]:
    """A real children's home in Croydon from the real register, its provider on the lot and with a person in the portal."""
    with acting_as(cast.cora):
        import_ofsted(
            by=cast.cora, now=timezone.now(), path=PACKAGED, regions=("London",), is_full=False
        ).done()
    homes = Setting.objects.filter(kind="residential", status="active", grade="good", places__gte=2)
    home = homes.filter(local_authority="Croydon").exclude(provider=cast.oakhouse).order_by("urn")[0]
    LotMember.objects.create(
        lot=Lot.objects.get(kind="residential"), provider=home.provider, starts_on=LONG_AGO
    )
    return home, person("Paula Reid", PROVIDER, provider=home.provider)


def day(name: str, on: date) -> dict[str, object]:
    """A date as its three boxes."""
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def test_a_return_gives_the_authority_its_children_with_their_history(cast: Cast) -> None:
    with acting_as(cast.ana):
        report = import_ssda903(
            by=cast.ana, now=timezone.now(), authority=cast.croydon, folders=(RETURN,), keep_good=True
        ).done()
    assert report.added > 0
    imported = Child.objects.filter(authority=cast.croydon, placements__source="ssda903").order_by("pk")[0]
    worker = Visitor(cast.sadia).opens(f"/social-work/children/{imported.pk}/")
    worker.sees(imported.local_number, "Placements")


def test_the_main_job_from_request_to_schedule(cast: Cast, market: tuple[Setting, Actor]) -> None:
    home, paula = market
    needed = timezone.localdate() + timedelta(days=20)
    request_path = ask(cast, needed)
    check(cast, request_path)
    search_path = search(cast, request_path, home)
    offer(paula, home, needed)
    choose(cast, search_path, request_path)
    permission(cast, request_path)
    contract(cast, paula)
    arrive_and_pay(cast, paula, needed)
    assert check_chains().is_whole


def ask(cast: Cast, needed: date) -> str:
    """The social worker asks, step by step, and sends."""
    sadia = Visitor(cast.sadia).opens(f"/social-work/children/{cast.amber.pk}/start/")
    sadia.presses("Start")
    path = re.search(r"/social-work/requests/\d+/", sadia.address)
    assert path, sadia.address
    base = path.group()
    sadia.opens(f"{base}steps/why/").presses(
        "Save and continue", why_now=WHY, about=ABOUT, **day("needed_by", needed)
    )
    sadia.presses("Save and continue")
    needs = {
        "risks_to_child": ["self_harm"],
        "self_harm_severity": "2",
        "self_harm_evidence": "Has cut her arms twice since the summer; talking to a trusted adult helps her to stop.",
        "child_view": "I want to stay near my friends and see my mum.",
    }
    sadia.presses("Save and continue", **needs)
    sadia.presses(
        "Save and continue",
        residential_suitability="preferred",
        foster_suitability="unsuitable",
        living_companions="with_others",
        pets="can",
    )
    sadia.presses(
        "Save and continue",
        health_words="Mild asthma, inhaler before sport. No allergies known.",
        contact_words="Sees her mother every other Saturday, supervised by the team.",
        keep_school="yes",
        school_words="Should stay at her present school, where she is settled.",
        cultural_needs="not_required",
    )
    sadia.presses("Save and continue")
    sadia.presses("Save and continue", own_bedroom="essential", supports_contact="desirable")
    rows = {
        "outcomes-0-area": "safety",
        "outcomes-0-words": "She feels safe enough not to hurt herself",
        "outcomes-0-measure": "No self-harm for three months",
    }
    sadia.presses("Save and continue", **{k.replace("-", "__"): v for k, v in rows.items()})
    sadia.presses("Save and continue", likely_weeks="26")
    sadia.opens(f"{base}steps/check/").sees("Check").presses("Send")
    sadia.sees("Waiting for quality check")
    return base


def check(cast: Cast, request_path: str) -> None:
    """The broker looks at what a provider would see, and passes."""
    key = request_path.strip("/").split("/")[-1]
    bola = Visitor(cast.bola).opens(f"/brokerage/requests/{key}/check/")
    bola.sees("Quality check", "Amber Fairweather")
    choices = {name: "mask" for form in bola.page.forms for name in form.names if name.startswith("words")}
    bola.presses("Pass the quality check", **choices)
    bola.sees("Ready to search")


def search(cast: Cast, request_path: str, home: Setting) -> str:
    """All eligible providers are asked at the same time, with the reason for not asking own carers first."""
    key = request_path.strip("/").split("/")[-1]
    bola = Visitor(cast.bola).opens(f"/brokerage/requests/{key}/search/")
    bola.presses(
        "Open the search", strategy="all_at_once", override_reason="No own carer is free this month."
    )
    path = re.search(r"/brokerage/searches/\d+/", bola.address)
    assert path, bola.address
    bola.opens(f"{path.group()}asked/").sees(home.urn)
    return path.group()


def offer(paula: Actor, home: Setting, needed: date) -> None:
    """The provider reads what is disclosed, asks nothing, and makes an offer that stays sealed."""
    portal = Visitor(paula).opens("/portal/referrals/")
    link = next(url for url in portal.page.links.values() if re.fullmatch(r"/portal/referrals/\d+/", url))
    portal.opens(link).presses("Open the referral")
    portal.does_not_see("Amber", "Fairweather", "CR0 4XX", "Shirley Vale").sees("14")
    portal.presses("Make or go on with an offer")
    support = "Two adults on shift by day and one awake at night; a key worker meets her every week."
    place = {
        **day("starts_on", needed),
        "support_words": support,
        "others_at_home": "Two young people, 13 and 15.",
    }
    portal.opens(f"{offer_path(portal)}place/").presses("Save and continue", **place)
    lines = {"lines__0__kind": "core_fee", "lines__0__amount_pence": "4,250.00", "lines__0__unit": "week"}
    portal.presses("Save and continue", **lines)
    names = {name for form in portal.page.forms for name in form.names}
    answers = {name: "Our staff do this every day." for name in names if name.startswith("how_")}
    answers |= {name: "yes" for name in names if name.startswith("met_")}
    portal.presses("Save and continue", **answers)
    portal.opens(offer_path(portal)).sees("£110,500.00").presses("Submit the offer")
    portal.sees("Submitted")


def offer_path(portal: Visitor) -> str:
    """The address of the offer that this page is about."""
    found = re.search(r"/portal/offers/\d+/", portal.address)
    assert found, portal.address
    return found.group()


def choose(cast: Cast, search_path: str, request_path: str) -> None:
    """Sealed until the search closes; then side by side; the team manager chooses and says why."""
    bola = Visitor(cast.bola).opens(f"{search_path}offers/")
    bola.does_not_see("4,250").sees("sealed")
    bola.opens(search_path).presses("Close now")
    bola.opens(f"{search_path}offers/").sees("£110,500")
    moses = Visitor(cast.moses).opens(f"{search_path}offers/")
    link = next(url for url in moses.page.links.values() if "/choose/" in url)
    reasons = {
        "reason": "It meets every need and keeps her at her school.",
        "few_offers_reason": "Only one home has a place.",
    }
    moses.opens(link).presses("Choose and ask permission", **reasons)
    moses.opens(request_path).sees("permission awaited")


def permission(cast: Cast, request_path: str) -> None:
    """Not who chose it, nor above one's limit: the director approves, on a condition."""
    moses = Visitor(cast.moses).opens("/panel/permissions/")
    link = next(url for url in moses.page.links.values() if re.fullmatch(r"/panel/permissions/\d+/", url))
    moses.opens(link).sees("Nobody approves what they asked for or chose themselves")
    dev = Visitor(cast.dev).opens("/panel/").opens(link)
    dev.sees("£110,500.00").presses("Approve", conditions="Review the night staffing after six weeks.")
    dev.sees("Permission given")
    Visitor(cast.sadia).opens(request_path).sees("Permission given")


def contract(cast: Cast, paula: Actor) -> None:
    """The contract is issued, read and signed by both sides; the text both signed has one hash."""
    bola = Visitor(cast.bola).opens("/contracts/")
    link = next(url for url in bola.page.links.values() if re.fullmatch(r"/contracts/\d+/", url))
    bola.opens(link).presses("Issue for signature")
    bola.sees("night staffing").presses("Sign", signed_name=cast.bola.name, has_read="on")
    portal = Visitor(paula).opens(f"/portal{link}")
    portal.presses("Sign", signed_name=paula.name, has_read="on").sees("In force")


def arrive_and_pay(cast: Cast, paula: Actor, needed: date) -> None:
    """The place is held, the schedule adds up to the penny, finance and the provider see the same lines."""
    placement = Placement.objects.get(child=cast.amber)
    assert (placement.state, placement.period.lower) == ("planned", needed)
    assert sum(ScheduleLine.objects.filter(state="due").values_list("pence", flat=True)) == 11_050_000
    Visitor(cast.fin).opens("/finance/schedule/").sees("£110,500.00")
    Visitor(paula).opens("/portal/payments/").sees("£110,500.00").does_not_see("Fairweather")
    Visitor(cast.simon).opens(f"/placements/{placement.pk}/", expect=404)
