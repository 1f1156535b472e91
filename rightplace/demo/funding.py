"""Joint funding, moves and limits of the demonstration: something waits at each of their pages. All of it is synthetic."""

from datetime import timedelta
from fractions import Fraction

from rightplace.core.sharing import Share
from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.journey.contracts.models import Contract
from rightplace.journey.decisions import delegating
from rightplace.journey.funding import actions, invoicing
from rightplace.journey.funding.given import RowGiven
from rightplace.journey.funding.models import Funding, Partner
from rightplace.journey.placements import moves
from rightplace.journey.placements.models import Placement

PARTNERS = (
    ("social_care", "Children’s social care", "", ""),
    ("education", "Education and inclusion", "inclusion.finance@council.example", "ED-4410"),
    ("health", "Integrated care board", "chc.finance@icb.example", "ICB-77120"),
)
SHARED = 7
WHY = (
    "Her needs are met by all three services together; the plan was written with school and community nurses."
)
EVIDENCE = "Continuing care assessment and education, health and care plan, both of this year (synthetic)."


def share_costs(office: Office) -> None:
    """Partners, shares at every state, recharges sent, overdue, disputed and paid; a move proposed; a limit to confirm."""
    who = {facts[0]: _partner(office, *facts) for facts in PARTNERS}
    rows = Contract.objects.filter(authority_id=office.authority_id, state="in_force", provider__isnull=False)
    contracts = list(rows.filter(starts_on__lt=office.today - timedelta(days=120)).order_by("pk")[:SHARED])
    for number, contract in enumerate(contracts):
        funding = _proposed(office, contract, who, number)
        if number < SHARED - 2:
            _agreed(office, funding)
    _recharged(office)
    _moves(office)
    _limit(office)


def _partner(office: Office, kind: str, name: str, email: str, reference: str) -> Partner:
    found: Partner = actions.save_partner(
        by=office.who(roles.FINANCE_OFFICER), now=office.ago(60), kind=kind, name=name, email=email,
        their_reference=reference,
    ).done()  # fmt: skip
    return found


def _proposed(office: Office, contract: Contract, who: dict[str, Partner], number: int) -> Funding:
    care, education, health = (who[one[0]].pk for one in PARTNERS)
    thirds = tuple(Share(key, Fraction(1, 3)) for key in (care, education, health))
    some = (Share(care), Share(health, Fraction(2, 5)))
    fixed = (Share(care), Share(education, weekly_pence=45_000), Share(health, Fraction(1, 4)))
    rows = (RowGiven((thirds, some, fixed)[number % 3]),)
    found: Funding = actions.propose_shares(
        by=office.who(roles.BROKER), now=office.ago(60 - number), contract_id=contract.pk,
        starts_on=max(contract.starts_on, office.today - timedelta(days=200)), rows=rows, reason=WHY[:300],
        evidence_words=EVIDENCE,
    ).done()  # fmt: skip
    return found


def _agreed(office: Office, funding: Funding) -> None:
    actions.agree_shares(
        by=office.who(roles.DIRECTOR), now=office.ago(48), funding_id=funding.pk, version=funding.version,
        words="Agreed by the three services’ leads at their meeting.", how="panel",
    ).done()  # fmt: skip


def _recharged(office: Office) -> None:
    """Two rounds: the first long ago and overdue at one partner, the second just made."""
    fin = office.who(roles.FINANCE_OFFICER)
    drafts = invoicing.make_recharges(by=fin, now=office.ago(47), up_to=office.today - timedelta(days=47))
    for number, draft in enumerate(drafts.value or ()):
        sent = invoicing.send_recharge(
            by=fin, now=office.ago(46), invoice_id=draft.pk, version=draft.version
        ).done()
        if number:
            invoicing.dispute_recharge(
                by=fin, now=office.ago(20), invoice_id=sent.pk, version=sent.version,
                words="They count the nights at home in August differently.",
            ).done()  # fmt: skip
    invoicing.make_recharges(by=fin, now=office.ago(0.1), up_to=office.today)
    invoicing.remind_overdue_partners(office.ago(0.05))


def _moves(office: Office) -> None:
    """One move proposed and half recorded, one waiting for the manager's decision."""
    rows = Placement.objects.filter(authority_id=office.authority_id, state="started", setting__isnull=False)
    for number, placement in enumerate(rows.exclude(place_code__startswith="T").order_by("pk")[:2]):
        by = office.who(roles.SOCIAL_WORKER)
        move = moves.propose_move(
            by=by, now=office.ago(6), placement_id=placement.pk,
            reasons="The home cannot keep the child safe at night, and says so.",
            alternatives="A second waking adult for six weeks; mediation with the home.",
            child_view="Wants to stay near school and friends." if number else "",
        ).done()  # fmt: skip
        if number:
            _discussed(office, move.pk, move.version)


def _discussed(office: Office, key: int, version: int) -> None:
    day = office.today - timedelta(days=4)
    move = moves.record_discussion(
        by=office.who(roles.SOCIAL_WORKER), now=office.ago(4), move_id=key, version=version, held_on=day,
        who="The home’s manager, the school, the child’s mother", words="All agree that nights cannot go on as they are.",
    ).done()  # fmt: skip
    moves.record_challenge(
        by=office.who(roles.TEAM_MANAGER, 0), now=office.ago(3), move_id=key, version=move.version, challenge_from="iro",
        name="The reviewing officer", words="What would have to change for the child to stay? Night cover was tried twice.",
        reviewed_on=day,
    ).done()  # fmt: skip


def _limit(office: Office) -> None:
    """The finance officer asks for a limit on long stays; the director has not put it in force yet."""
    delegating.ask_limit(
        by=office.who(roles.FINANCE_OFFICER), now=office.ago(0), role=roles.TEAM_MANAGER, kind="spot",
        whole_cost_pence=2_500_000, weekly_pence=150_000, longest_weeks=26, starts_on=office.today,
        reason="Spot purchases have grown; longer ones are to be seen by the director.",
    ).done()  # fmt: skip
