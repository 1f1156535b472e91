"""Joint funding: shares agreed by two people, partners charged to the penny, differences instead of edits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightplace.core.sharing import Share
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import OutgoingEmail
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding import actions, invoicing, queries
from rightplace.journey.funding.given import FileGiven, RowGiven
from rightplace.journey.funding.models import Funding, Partner, RechargeInvoice, RechargeLine
from rightplace.journey.funding.recharging import charge_up_to
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements import actions as placements
from tests import files, make
from tests.cast import Cast

START = make.NEEDED_BY
SPRING = datetime.combine(date(2027, 3, 10), make.LATER.timetz())
PDF = FileGiven("assessment.pdf", files.pdf("Needs of Amber", Author="Nora Quill"))


def test_what_is_kept_of_a_file_is_written_anew_without_names_or_paths(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    sent = FileGiven("../../etc/Amber\r\n<b>.pdf.exe", PDF.content)
    funding = propose(cast, contract, halves(partners), files=[sent]).done()
    kept = funding.files.get().file
    assert (kept.media_type, kept.name) == ("application/pdf", "Amberb.pdf.exe.pdf")
    assert b"Nora Quill" in PDF.content
    assert b"Nora Quill" not in bytes(kept.content)


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """Amber's contract at Acorn House, in force for a year."""
    return make.contract_in_force(cast)


@pytest.fixture
def partners(cast: Cast) -> dict[str, Partner]:
    return make.partners(cast)


def halves(partners: dict[str, Partner], care: int = 50, health: int = 50) -> tuple[RowGiven, ...]:
    return (
        RowGiven(
            (
                Share(partners["social_care"].pk, Fraction(care, 100)),
                Share(partners["health"].pk, Fraction(health, 100)),
            )
        ),
    )


def propose(cast: Cast, contract: Contract, rows: tuple[RowGiven, ...], **more: object) -> object:
    given_ = {
        "by": cast.fin, "now": make.LATER, "contract_id": contract.pk, "starts_on": START, "rows": rows,
        "reason": "Half of her needs are health needs.", "evidence_words": "Continuing care assessment of 3 November.",
        **more,
    }  # fmt: skip
    return actions.propose_shares(**given_)


def agreed(cast: Cast, contract: Contract, rows: tuple[RowGiven, ...], **more: object) -> Funding:
    funding = propose(cast, contract, rows, **more).done()
    return agree(cast.dev, funding, now=more.get("now", make.LATER)).done()


def agree(by: Actor, funding: Funding, **more: object) -> object:
    given_ = {"by": by, "now": make.LATER, "funding_id": funding.pk, "version": funding.version, **more}
    return actions.agree_shares(words="Agreed with the board’s lead on 5 November.", **given_)


def page_of(cast: Cast, contract: Contract) -> queries.FundingPage:
    with acting_as(cast.fin):
        return queries.funding_page(cast.fin, contract.pk, SPRING)


def charged(contract: Contract) -> int:
    return RechargeLine.objects.filter(contract=contract).aggregate(total=Sum("pence"))["total"] or 0


def test_shares_are_proposed_with_evidence_and_agreed_by_somebody_else(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    funding = propose(cast, contract, halves(partners), files=[PDF]).done()
    assert [row.pk for row in queries.shares_waiting(cast.dev)] == [funding.pk]
    agree(cast.dev, funding, how="panel").done()
    funding.refresh_from_db()
    assert (funding.state, funding.agreed_how, funding.files.count()) == ("agreed", "panel", 1)
    assert not queries.shares_waiting(cast.dev)
    assert AuditEntry.objects.filter(verb="agree_shares").count() == 1


def test_nobody_agrees_to_shares_they_proposed(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    funding = propose(cast, contract, halves(partners), by=cast.moses).done()
    assert [p.code for p in agree(cast.moses, funding).problems] == ["own_request"]
    assert not queries.shares_waiting(cast.moses)
    with pytest.raises(IntegrityError, match="nobody_agrees_to_shares_of_their_own"), transaction.atomic():
        Funding.objects.filter(pk=funding.pk).update(state="agreed", decided_by=cast.moses.user_id)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rows": ()}, "no_default"),
        ({"evidence_words": " "}, "empty"),
        ({"starts_on": START - timedelta(days=1)}, "outside_stay"),
        ({"files": [FileGiven("notes.exe", b"MZ")]}, "wrong_type"),
        ({"files": [FileGiven("broken.pdf", b"%PDF-1.7 synthetic")]}, "broken"),
        ({"files": [PDF, FileGiven("empty.pdf", b"")]}, "empty"),
        ({"files": [PDF] * 11}, "too_many"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(
    cast: Cast, contract: Contract, partners: dict[str, Partner], change: dict[str, object], code: str
) -> None:
    given_ = {"rows": halves(partners), **change}
    assert code in [p.code for p in propose(cast, contract, **given_).problems]
    assert not Funding.objects.exists()


def test_shares_that_leave_something_over_are_refused(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    problems = propose(cast, contract, halves(partners, care=50, health=49)).problems
    assert [(p.code, p.sentence) for p in problems] == [
        ("below_whole", "The shares must add up to the whole; they come to 99%.")
    ]


def test_partners_are_charged_their_share_of_what_is_due_and_only_once(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    agreed(cast, contract, halves(partners))
    first = invoicing.make_recharges(by=cast.fin, now=SPRING, up_to=SPRING.date()).done()
    due = ScheduleLine.objects.filter(contract=contract, state="due", due_on__lte=SPRING.date())
    whole = due.aggregate(total=Sum("pence"))["total"]
    assert abs(charged(contract) * 2 - whole) <= 1
    assert [one.total_pence for one in first] == [charged(contract)]
    again = invoicing.make_recharges(by=cast.fin, now=SPRING, up_to=SPRING.date())
    assert [p.code for p in again.problems] == ["nothing"]


def test_a_share_change_from_a_past_day_adds_differences_and_edits_nothing(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    agreed(cast, contract, halves(partners))
    invoicing.make_recharges(by=cast.fin, now=SPRING, up_to=SPRING.date()).done()
    before = {line.pk: line.pence for line in RechargeLine.objects.all()}
    agreed(cast, contract, halves(partners, 40, 60), starts_on=date(2027, 1, 1), now=SPRING)
    after = RechargeLine.objects.all()
    assert {line.pk: line.pence for line in after if line.pk in before} == before
    new = [line for line in after if line.pk not in before]
    assert new
    assert all(line.is_difference and "Shares agreed from 1 January 2027" in line.reason for line in new)
    assert all(line.pence > 0 for line in new if line.kind != "discount")
    assert (
        Funding.objects.filter(contract=contract).order_by("number").values_list("state", flat=True)[0]
        == "superseded"
    )


def test_the_database_refuses_to_edit_what_was_charged(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    agreed(cast, contract, halves(partners))
    charge_up_to(contract, SPRING.date(), now=SPRING, reason="x")
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        RechargeLine.objects.update(pence=1)


def test_a_stay_that_ends_early_gives_the_partner_back_what_was_charged_too_much(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    make.placement_started(cast, contract)
    agreed(cast, contract, halves(partners))
    invoicing.make_recharges(by=cast.fin, now=SPRING, up_to=SPRING.date()).done()
    placement = contract.placement
    placement.refresh_from_db()
    placements.end_placement(
        by=cast.bola, now=SPRING, placement_id=placement.pk, version=placement.version, ended_on=date(2027, 1, 15),
        end_reason="E4A",
    ).done()  # fmt: skip
    owed = ScheduleLine.objects.filter(contract=contract, state="due").aggregate(total=Sum("pence"))["total"]
    assert abs(charged(contract) * 2 - owed) <= 1
    assert RechargeLine.objects.filter(is_difference=True, pence__lt=0, reason__contains="schedule").exists()


def sent(cast: Cast, contract: Contract, partners: dict[str, Partner]) -> RechargeInvoice:
    agreed(cast, contract, halves(partners))
    draft = invoicing.make_recharges(by=cast.fin, now=SPRING, up_to=SPRING.date()).done()[0]
    return invoicing.send_recharge(by=cast.fin, now=SPRING, invoice_id=draft.pk, version=draft.version).done()


def test_an_invoice_is_sent_with_its_document_and_chased_until_it_is_paid(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    invoice = sent(cast, contract, partners)
    assert bytes(invoice.pdf.content).startswith(b"%PDF-")
    assert invoice.due_on == SPRING.date() + timedelta(days=30)
    assert invoicing.remind_overdue_partners(SPRING + timedelta(days=30)) == 0
    assert invoicing.remind_overdue_partners(SPRING + timedelta(days=31)) == 1
    assert invoicing.remind_overdue_partners(SPRING + timedelta(days=32)) == 0
    assert invoicing.remind_overdue_partners(SPRING + timedelta(days=46)) == 1
    invoice.refresh_from_db()
    assert invoice.reminders == 2
    mails = OutgoingEmail.objects.filter(to="finance@icb.example")
    assert mails.count() == 3
    assert not any("Amber" in mail.body or "AF" in mail.body for mail in mails)
    later = SPRING + timedelta(days=50)
    paid = invoicing.record_recharge_paid(
        by=cast.fin,
        now=later,
        invoice_id=invoice.pk,
        version=invoice.version,
        paid_on=later.date(),
        reference="BACS 77",
    )
    assert paid.done().state == "paid"
    assert invoicing.remind_overdue_partners(SPRING + timedelta(days=90)) == 0


def test_reminders_rest_while_a_recharge_is_disputed(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    invoice = sent(cast, contract, partners)
    who = {"by": cast.fin, "now": SPRING, "invoice_id": invoice.pk}
    disputed = invoicing.dispute_recharge(
        **who, version=invoice.version, words="They count two nights fewer."
    ).done()
    assert invoicing.remind_overdue_partners(SPRING + timedelta(days=60)) == 0
    assert invoicing.settle_recharge(**who, version=disputed.version, words="They agree after all.").is_done
    assert invoicing.remind_overdue_partners(SPRING + timedelta(days=60)) == 1


def test_an_invoice_paid_before_it_was_sent_is_refused(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    invoice = sent(cast, contract, partners)
    outcome = invoicing.record_recharge_paid(
        by=cast.fin, now=SPRING, invoice_id=invoice.pk, version=invoice.version,
        paid_on=SPRING.date() - timedelta(days=1), reference="",
    )  # fmt: skip
    assert [p.code for p in outcome.problems] == ["dates", "empty"]


def test_what_is_owed_is_shown_by_its_age(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    invoice = sent(cast, contract, partners)
    day = invoice.due_on + timedelta(days=45)
    assert queries.ageing(cast.fin, on=day) == {
        "Not due yet": 0, "1 to 30 days late": 0, "31 to 60 days": invoice.total_pence, "61 to 90 days": 0,
        "Over 90 days": 0,
    }  # fmt: skip


def test_each_price_line_and_period_may_have_its_own_shares(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    care, health, education = (partners[key].pk for key in ("social_care", "health", "education"))
    rows = (
        RowGiven((Share(care),)),
        RowGiven((Share(health, Fraction(1)),), kind="support"),
        RowGiven(
            (Share(care), Share(education, weekly_pence=70_000)), kind="core_fee", starts_on=date(2027, 1, 1)
        ),
    )
    agreed(cast, contract, rows)
    page = page_of(cast, contract)
    of = queries.totals_by_partner(page.parts)
    support = sum(part.pence for part in page.parts if part.kind == "support")
    assert of[health] == support > 0
    nights = (contract.versions.get().ends_on - date(2027, 1, 1)).days
    assert of[education] == nights * 10_000
    whole = ScheduleLine.objects.filter(contract=contract, state="due").aggregate(total=Sum("pence"))["total"]
    assert sum(of.values()) == whole


def test_another_authority_finds_nothing(
    cast: Cast, contract: Contract, partners: dict[str, Partner]
) -> None:
    funding = propose(cast, contract, halves(partners)).done()
    assert queries.funding_page(cast.brenda, contract.pk, SPRING) is None
    outcome = propose(cast, contract, halves(partners), by=cast.brenda)
    assert [p.code for p in outcome.problems] == ["missing"]
    assert [p.code for p in agree(cast.simon, funding).problems] == ["missing"]


changes = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 20), st.integers(0, 20), st.booleans()),
    min_size=1,
    max_size=4,
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes, st.lists(st.integers(0, 364), min_size=1, max_size=3))
def test_the_parts_make_the_whole_to_the_penny_whatever_changes(
    cast: Cast,
    contract: Contract,
    partners: dict[str, Partner],
    changes: list[tuple[int, int, int, bool]],
    days: list[int],
) -> None:
    """Any sequence of share changes, also past, with charges between: social care, education and health are the whole."""
    care, health, education = (partners[key].pk for key in ("social_care", "health", "education"))
    with transaction.atomic():
        for number, (day, to_health, to_education, is_fixed) in enumerate(changes):
            fixed = Share(education, weekly_pence=to_education * 1_000)
            part = Share(education, Fraction(to_education, 41)) if to_education else None
            others = [Share(health, Fraction(to_health, 41))] if to_health else []
            others += [fixed] if is_fixed else [part] if part else []
            rows = (RowGiven((Share(care), *others)),)
            agreed(cast, contract, rows, starts_on=START + timedelta(days=day))
            charge_up_to(
                contract, START + timedelta(days=days[number % len(days)]), now=SPRING, reason="Changed"
            )
            page = page_of(cast, contract)
            lines = list(ScheduleLine.objects.filter(contract=contract, state="due"))
            assert sum(queries.totals_by_partner(page.parts).values()) == sum(line.pence for line in lines)
            assert _owed_so_far(page, contract) == _charged_so_far(contract)
        transaction.set_rollback(True)


def _owed_so_far(page: queries.FundingPage, contract: Contract) -> dict[tuple[int, str], int]:
    last = max((line.period.upper for line in RechargeLine.objects.filter(contract=contract)), default=START)
    found: dict[tuple[int, str], int] = {}
    for part in page.parts:
        is_partner = part.partner_id != page.partners[0].pk
        if is_partner and part.period.start < last and _is_due(part, last):
            found[part.partner_id, part.kind] = found.get((part.partner_id, part.kind), 0) + part.pence
    return {key: pence for key, pence in found.items() if pence}


def _is_due(part: object, last: date) -> bool:
    return part.period.closed_end <= last


def _charged_so_far(contract: Contract) -> dict[tuple[int, str], int]:
    rows = (
        RechargeLine.objects.filter(contract=contract)
        .values("partner_id", "kind")
        .annotate(total=Sum("pence"))
    )
    return {
        (row["partner_id"], row["kind"]): row["total"] for row in rows.order_by("partner_id") if row["total"]
    }
