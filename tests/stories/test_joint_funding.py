"""Joint funding whole, by role through HTTP: proposed with evidence, agreed, charged, chased, paid, changed from a past day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding.invoicing import remind_overdue_partners
from rightplace.journey.funding.models import RechargeInvoice, RechargeLine
from tests import files, make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
FIRST = datetime(2027, 2, 3, 10, 0, tzinfo=make.LATER.tzinfo)
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what time it is for the whole product."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def test_joint_funding_from_proposal_to_payment_and_a_change_from_a_past_day(
    cast: Cast, clock: Clock
) -> None:
    contract = make.contract_in_force(cast)
    clock(FIRST)
    partners(cast)
    proposed(cast, contract)
    agreed(cast, contract)
    recharge = recharged(cast)
    chased(cast, recharge, clock)
    changed(cast, contract, clock)
    assert check_chains().is_whole


def partners(cast: Cast) -> None:
    """Finance keeps one list of partners."""
    fin = Visitor(cast.fin).opens("/finance/partners/").sees("No partners yet")
    for kind, name, email in (
        ("social_care", "Children’s social care", ""),
        ("education", "Education and inclusion", ""),
        ("health", "South West London board", "finance@icb.example"),
    ):
        fin.opens("/finance/partners/add/").presses("Save the partner", kind=kind, name=name, email=email)
    fin.sees("South West London board", "Health (integrated care board)")


def proposed(cast: Cast, contract: Contract) -> None:
    """The broker proposes with evidence; shares that leave something over come back with the reason."""
    bola = Visitor(cast.bola).opens(f"/contracts/{contract.pk}/").follows("Joint funding of this placement")
    bola.sees("social care bears all of it").follows("Propose shares")
    care, education, health = (one.pk for one in _partners(cast))
    entries = {
        **day("starts_on", contract.starts_on),
        "reason": "Half of her needs are health needs, and she is taught at home.",
        "evidence_words": "Continuing care assessment of 4 January 2027; education plan of 11 January 2027.",
        f"rows__0__share_{care}": "50%",
        f"rows__0__share_{education}": "10%",
        f"rows__0__share_{health}": "39%",
    }
    file = {"file": SimpleUploadedFile("assessment.pdf", files.pdf("Assessment"), "application/pdf")}
    bola.presses("Propose the shares", expect=422, files=file, **entries).sees("they come to 99%")
    entries[f"rows__0__share_{health}"] = "rest"
    file = {"file": SimpleUploadedFile("assessment.pdf", files.pdf("Assessment"), "application/pdf")}
    bola.presses("Propose the shares", files=file, **entries)
    bola.sees("Proposed, waiting for an agreement", "50%", "the rest", "assessment.pdf")


def _partners(cast: Cast) -> list[object]:
    from rightplace.journey.funding.models import Partner

    return list(Partner.objects.filter(authority=cast.croydon).order_by("pk"))


def agreed(cast: Cast, contract: Contract) -> None:
    """A director records what the partners agreed; who may not read this child's authority finds nothing."""
    url = f"/funding/{contract.pk}/"
    Visitor(cast.brenda).opens(url, expect=404)
    dev = Visitor(cast.dev).opens("/funding/").follows(contract.reference)
    dev.presses(
        "Record the agreement", words="The board’s lead agreed by letter of 2 February 2027.", how="manager"
    )
    dev.sees("The agreement is recorded", "Agreed from").opens(f"{url}summary/")
    dev.sees("Joint funding summary", "Lines, partners and years", "by letter of 2 February 2027")
    pdf = dev.client.get(f"{url}summary.pdf")
    assert pdf.status_code == 200
    assert pdf.content.startswith(b"%PDF-")


def recharged(cast: Cast) -> str:
    """Finance makes recharges for what is due, and sends the board's."""
    fin = (
        Visitor(cast.fin)
        .opens("/finance/recharges/make/")
        .presses("Make recharges", **day("up_to", FIRST.date()))
    )
    fin.sees("Draft recharges are made")
    health = RechargeInvoice.objects.get(partner__kind="health")
    assert health.total_pence == sum(health.lines.values_list("pence", flat=True))
    fin.opens(f"/finance/recharges/{health.pk}/").presses("Send").sees("Sent, not paid", "5 March 2027")
    pdf = fin.client.get(f"/finance/recharges/{health.pk}/invoice.pdf")
    assert pdf.content.startswith(b"%PDF-")
    return f"/finance/recharges/{health.pk}/"


def chased(cast: Cast, address: str, clock: Clock) -> None:
    """Past its day it is overdue, reminded of, and at last paid."""
    late = FIRST + timedelta(days=40)
    clock(late)
    assert remind_overdue_partners(late) == 1
    fin = (
        Visitor(cast.fin).opens("/finance/recharges/?overdue=on").sees("Overdue", "What partners owe, by age")
    )
    fin.opens(address).sees("Overdue", "Reminders").follows("Record payment")
    fin.presses("Record payment", **day("paid_on", late.date()), reference="BACS 4711").sees(
        "Paid", "BACS 4711"
    )


def changed(cast: Cast, contract: Contract, clock: Clock) -> None:
    """Health bears more from the New Year: what was charged stays, and the difference stands on the next invoice."""
    before = dict(RechargeLine.objects.values_list("pk", "pence"))
    care, education, health = (one.pk for one in _partners(cast))
    moses = Visitor(cast.moses).opens(f"/funding/{contract.pk}/").follows("Propose other shares")
    moses.presses(
        "Propose the shares",
        **day("starts_on", date(2027, 1, 1)),
        reason="The health needs are found to be greater.",
        evidence_words="Reassessment of 1 March 2027.",
        **{
            f"rows__0__share_{care}": "40%",
            f"rows__0__share_{education}": "10%",
            f"rows__0__share_{health}": "50%",
        },
    ).does_not_see("Record the agreement")
    dev = Visitor(cast.dev).opens(f"/funding/{contract.pk}/")
    dev.presses("Record the agreement", words="Agreed at the meeting of 9 March 2027.", how="panel")
    dev.sees("Difference: Shares agreed from 1 January 2027", "Superseded")
    assert {key: RechargeLine.objects.get(pk=key).pence for key in before} == before
    fin = Visitor(cast.fin).opens("/finance/recharges/").sees("on no invoice yet")
    fin.opens("/finance/recharges/make/").presses("Make recharges", **day("up_to", timezone.now().date()))
    draft = RechargeInvoice.objects.get(partner__kind="health", state="draft")
    assert draft.lines.filter(is_difference=True).exists()
    fin.opens(f"/finance/recharges/{draft.pk}/").sees("Difference: Shares agreed from 1 January 2027")
