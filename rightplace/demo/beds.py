"""A bed kept by a block in the demonstration: paid to its end, whoever sleeps in it. All of it is synthetic."""

from dataclasses import replace
from datetime import timedelta

from rightplace.demo.arranging import signed
from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts import queries as contract_queries
from rightplace.journey.contracts.models import Contract

DAYS = 120
LESS_BY = 97
REASON = "The bed is kept for us, also when a child leaves, at a lower price."


def keep_a_bed(office: Office) -> None:
    """One home's bed, from four weeks ago: the fee becomes the price of a block, three per cent lower."""
    rows = Contract.objects.filter(
        authority_id=office.authority_id, state="in_force", provider_id__in=office.cast.by_provider,
        placement__setting__kind="residential", starts_on__lt=office.today - timedelta(days=60),
    )  # fmt: skip
    for contract in rows.order_by("pk")[:6]:
        if _varied(office, contract):
            signed(office, contract, days_ago=27, sides=("authority", "provider"))
            return


def _varied(office: Office, contract: Contract) -> bool:
    by, since = office.who(roles.BROKER), office.today - timedelta(days=28)
    lines, rules = contract_queries.terms_to_vary(by, contract.pk, since)
    kept = [
        replace(line, kind="block", amount_pence=line.amount_pence * LESS_BY // 100, ends_on=None)
        if line.kind == "core_fee" and line.unit == "week"
        else line
        for line in lines
    ]
    if kept == list(lines):
        return False
    return contracts.vary_contract(
        by=by, now=office.ago(28), contract_id=contract.pk, version=contract.version, in_force_from=since, reason=REASON,
        lines=kept, rules=rules,
    ).is_done  # fmt: skip
