"""What goes out to the case system: placements, their costs and outcomes of every child that is linked, as CSV.

Headings of placements are those of the Standard Safeguarding Dataset. The same record gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.case_recording.models import CaseIdentity
from rightplace.exchange.case_recording.taking import MAY_TAKE
from rightplace.exchange.sheets import HandedFile, Sheet, pounds, sheet_csv
from rightplace.exchange.weekly_costs import weekly_cost
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.journey.reviews.models import OutcomeScore
from rightplace.journey.reviews.words import SIDES

PLACEMENT_COLUMNS = (
    "clap_person_id", "clap_cla_placement_id", "clap_cla_placement_start_date", "clap_cla_placement_end_date",
    "clap_cla_placement_type", "clap_cla_placement_provider", "clap_cla_placement_urn", "clap_cla_placement_postcode",
    "clap_cla_placement_distance", "clap_cla_placement_change_reason",
)  # fmt: skip
COST_COLUMNS = ("person_id", "placement_id", "contract", "weekly_cost", "as_at", "from", "until")
OUTCOME_COLUMNS = ("person_id", "placement_id", "outcome", "side", "score_of_2", "scored_on")


@action
def give_extract(*, by: Actor, now: datetime, authority: Authority) -> Outcome[list[HandedFile]]:
    """The three files of tonight, with one entry in the audit trail. Refused: another role or authority."""
    if by.role not in MAY_TAKE or (by.authority_id and by.authority_id != authority.pk):
        return refuse(Problem("not_yours", "Your role may not give placements to the case system."))
    day = timezone.localdate(now)
    persons = dict(_linked(authority))
    found = [_placements(authority, persons), _costs(authority, persons, day), _outcomes(authority, persons)]
    audit(
        by=by, now=now, verb="export", words=f"Gave placements, costs and outcomes of {authority.name} to the case system",
        subject="authority", subject_id=authority.pk, details={sheet.name: len(sheet.rows) for sheet in found},
    )  # fmt: skip
    return Outcome([HandedFile(f"{sheet.name}.csv", "text/csv", sheet_csv(sheet)) for sheet in found])


def _linked(authority: Authority) -> Sequence[tuple[int, str]]:
    rows = CaseIdentity.objects.filter(authority=authority, state="linked", child__isnull=False).order_by(
        "person"
    )
    return list(rows.values_list("child_id", "person"))


def _placements(authority: Authority, persons: Mapping[int, str]) -> Sheet:
    rows = Placement.objects.filter(LIVED, authority=authority, child_id__in=persons).select_related(
        "setting"
    )
    told = tuple(
        (
            persons[row.child_id], row.reference, _day(row.period.lower), _day(row.period.upper), row.place_code,
            row.provider_code, row.urn or (row.setting.urn if row.setting else ""), row.place_postcode,
            "" if row.miles is None else f"{row.miles:.1f}", row.change_reason,
        )
        for row in rows.order_by("pk")
    )  # fmt: skip
    return Sheet("placements", "Placements", PLACEMENT_COLUMNS, told)


def _costs(authority: Authority, persons: Mapping[int, str], day: date) -> Sheet:
    rows = Contract.objects.filter(authority=authority, placement__child_id__in=persons).select_related(
        "placement"
    )
    told = []
    for contract in rows.prefetch_related("versions__lines").order_by("pk"):
        on = max(contract.starts_on, min(day, contract.ended_on or day))
        pence = weekly_cost(contract, on)
        if pence is not None:
            who = (persons[contract.placed.child_id], contract.placed.reference, contract.reference)
            told.append((*who, pounds(pence), _day(on), _day(contract.starts_on), _day(contract.ended_on)))
    return Sheet("costs", "Costs", COST_COLUMNS, tuple(told))


def _outcomes(authority: Authority, persons: Mapping[int, str]) -> Sheet:
    rows = OutcomeScore.objects.filter(authority=authority, contract__placement__child_id__in=persons)
    told = tuple(
        (
            persons[row.contract.placed.child_id], row.contract.placed.reference, row.outcome.words, SIDES[row.side],
            row.half_points, _day(timezone.localdate(row.at)),
        )
        for row in rows.select_related("contract__placement", "outcome").order_by("pk")
    )  # fmt: skip
    return Sheet("outcomes", "Outcomes", OUTCOME_COLUMNS, told)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
