"""Permission for a variation that makes a contract dearer: asked at the real cost, given by whoever's limit covers it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.periods import Period
from rightplace.core.pricing import WholeCost, weekly_rate
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse, require
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts import events
from rightplace.journey.contracts.models import Contract, ContractVersion, RisePermission
from rightplace.journey.contracts.standing import standing, stay_of, terms_of
from rightplace.journey.contracts.states import CONTRACT, RISE
from rightplace.journey.contracts.terms import Terms, amounts_on, stay_cost
from rightplace.journey.decisions.limits import Asked, Entitled, needed_role, standing_limits, weeks_of
from rightplace.journey.decisions.states import HOME_KINDS

GONE = Problem(MISSING, "This variation is not there, or is not yours.")


def cost_as_varied(contract: Contract, version: ContractVersion) -> tuple[Period, WholeCost]:
    """The stay as a variation would have it, and what the whole of it then costs."""
    before = standing(contract)
    kept = before.versions if before else ()
    stay = stay_of(contract, [*kept, version])
    return stay, stay_cost((*(before.terms if before else ()), terms_of(version)), stay)


def rise_pence(contract: Contract, version: ContractVersion) -> int:
    """By how much a variation raises the whole cost of the stay; 0 for the first version."""
    before = standing(contract)
    if before is None or version.number == 1:
        return 0
    now = stay_cost(before.terms, before.stay).total_pence
    return cost_as_varied(contract, version)[1].total_pence - now


def ask_where_dearer(
    by: Actor, now: datetime, contract: Contract, version: ContractVersion
) -> RisePermission | None:
    """Ask for permission where a new variation makes the stay dearer; None where it does not.

    The cost that a limit is held against is that of the whole stay as varied, so that many small rises need what one
    large one would. Until then nobody signs, and the provider does not see it.
    """
    rise = rise_pence(contract, version)
    if rise <= 0:
        return None
    stay, cost = cost_as_varied(contract, version)
    row = RisePermission(
        authority_id=contract.authority_id, contract_version=version, home_kind=_home_kind(contract),
        rise_pence=rise, whole_cost_pence=cost.total_pence, asked_by_id=by.person_id, asked_at=now,
        weekly_pence=_weekly(terms_of(version), stay),
    )  # fmt: skip
    asked = asked_of(row)
    row.needs_role = needed_role(row.authority_id, row.whole_cost_pence, timezone.localdate(now), asked)
    row.route = "panel" if row.needs_role == roles.PANEL_CHAIR else "delegated"
    row.save()
    ContractVersion.objects.filter(pk=version.pk).update(waits_for_permission=True)
    return row


def _weekly(terms: Terms, stay: Period) -> int:
    """The dearest week's rate of new terms: on their first day, or on a later one where an uplift or a step begins."""
    first = max(terms.starts_on, stay.start)
    later = [uplift.starts_on for uplift in terms.rules.uplifts]
    later += [step.starts_on for step in terms.rules.steps]
    days = [first, *(day for day in later if first < day < stay.closed_end)]
    return max(weekly_rate(amounts_on(terms, day), day) for day in days)


def asked_of(row: RisePermission) -> Asked:
    """A dearer variation as limits look at it: whoever made it has had a hand in it."""
    version = row.contract_version
    stay = stay_of(version.contract, [version])
    return Asked(
        authority_id=row.authority_id,
        kind="variation",
        home_kind=row.home_kind,
        whole_cost_pence=row.whole_cost_pence,
        weekly_pence=row.weekly_pence,
        weeks=weeks_of(stay.start, stay.closed_end),
        involved=frozenset({row.asked_by_id}),
        route=row.route or "delegated",
    )


def permission_problems(contract: Contract, version: ContractVersion) -> list[Problem]:
    """What a signature for the authority lacks: permission for a variation at no less than what it costs today."""
    if rise_pence(contract, version) <= 0:
        return []
    cost = cost_as_varied(contract, version)[1].total_pence
    row = RisePermission.objects.filter(contract_version=version).first()
    if row is None:
        words = "This variation makes the contract dearer, and permission was never asked. Take it back and make it anew."
    elif row.state != "approved":
        words = "This variation makes the contract dearer. It can be signed once permission has been given."
    elif row.whole_cost_pence < cost:
        words = (
            f"It costs {pounds(cost)} today, more than was permitted ({pounds(row.whole_cost_pence)}). "
            "Take it back and make it anew."
        )
    else:
        return []
    return [Problem("no_permission", words)]


def agreed_to(version: ContractVersion) -> frozenset[int]:
    """Who gave permission for this variation, and in whose place: they do not sign for it as well."""
    return _deciders(RisePermission.objects.filter(contract_version=version))


def agreed_to_any(contract: Contract) -> frozenset[int]:
    """Who gave permission for any dearer variation of this contract."""
    return _deciders(RisePermission.objects.filter(contract_version__contract=contract))


def _deciders(rows: QuerySet[RisePermission]) -> frozenset[int]:
    columns = ("decided_by_id", "decided_for_id")
    return frozenset(key for found in rows.values_list(*columns) for key in found if key is not None)


@action
def approve_variation(
    *, by: Actor, now: datetime, rise_id: int, version: int, reason: str = "", conditions: str = ""
) -> Outcome[RisePermission]:
    """Permit a dearer variation, within a limit of one's own or of whom one covers for; both sides can then sign it.

    `conditions` are those of a panel, which chases them as its own actions.
    """
    row = _rise(by, rise_id)
    if row is None:
        return refuse(GONE)
    if problems := _decide(
        by, now, row, "approve_variation", version, reason.strip(), conditions=conditions.strip()
    ):
        return refuse(problems)
    terms = row.contract_version
    ContractVersion.objects.filter(pk=terms.pk).update(waits_for_permission=False)
    _record(by, now, row, "approve_variation", "permitted")
    publish(events.VariationApproved(**_facts(by, now, row)))
    return Outcome(row)


@action
def refuse_variation(
    *, by: Actor, now: datetime, rise_id: int, version: int, reason: str
) -> Outcome[RisePermission]:
    """Refuse a dearer variation: it is taken back, and the contract stands as it was."""
    row = _rise(by, rise_id)
    if row is None:
        return refuse(GONE)
    if problems := _decide(by, now, row, "refuse_variation", version, reason.strip()):
        return refuse(problems)
    terms = row.contract_version
    ContractVersion.objects.filter(pk=terms.pk).update(taken_back_at=now)
    system = system_actor(authority_id=row.authority_id)
    require(change_state(CONTRACT, terms.contract, "mark_refused", by=system))
    _record(by, now, row, "refuse_variation", "not permitted")
    publish(events.VariationRefused(**_facts(by, now, row), made_by_id=row.asked_by_id))
    return Outcome(row)


@action
def send_variation_to_panel(
    *, by: Actor, now: datetime, rise_id: int, version: int
) -> Outcome[RisePermission]:
    """Bring a dearer variation to the panel although somebody's limit would do."""
    row = _rise(by, rise_id)
    if row is None:
        return refuse(GONE)
    problems = [Problem("wrong_state", "This is at the panel already.")] if row.route == "panel" else []
    at_panel = {"route": "panel", "needs_role": roles.PANEL_CHAIR}
    if problems := problems or change_state(
        RISE, row, "send_variation_to_panel", by=by, version=version, **at_panel
    ):
        return refuse(problems)
    _record(by, now, row, "send_variation_to_panel", "sent to the panel")
    return Outcome(row)


def follow_taken_back(*, now: datetime, contract_id: int) -> None:
    """The variation is not meant any more: nobody is asked for it."""
    for row in RisePermission.objects.filter(contract_version__contract_id=contract_id, state="asked"):
        system = system_actor(authority_id=row.authority_id)
        require(change_state(RISE, row, "mark_fallen", by=system))
        publish(events.VariationFallen(by=system, now=now, authority_id=row.authority_id, rise_id=row.pk))


def _rise(by: Actor, rise_id: int) -> RisePermission | None:
    rows = RisePermission.objects.select_related("contract_version__contract__placement")
    return rows.filter(pk=rise_id, authority_id=by.authority_id).first()


def _decide(
    by: Actor, now: datetime, row: RisePermission, verb: str, version: int, reason: str, **more: str
) -> list[Problem]:
    if problems := RISE.problems(verb, state=row.state, role=by.role):
        return problems
    entitled, problems = standing_limits(row.authority_id, timezone.localdate(now)).entitlement(
        by, asked_of(row)
    )
    if verb == "refuse_variation" and not problems and not reason:
        problems = [Problem("empty", "Say why permission is refused.", "reason")]
    if problems:
        return problems
    under = entitled or Entitled(None)
    return change_state(
        RISE, row, verb, by=by, version=version, decided_by_id=by.person_id, decided_at=now,
        decided_under=under.delegation, decided_for_id=under.for_user, reason=reason, **more,
    )  # fmt: skip


def _home_kind(contract: Contract) -> str:
    """The kind of home, as limits know it."""
    setting = contract.setting
    return setting.kind if setting is not None and setting.kind in HOME_KINDS else "foster"


def _facts(by: Actor, now: datetime, row: RisePermission) -> dict[str, Any]:
    contract = row.contract_version.contract
    return {
        "by": by,
        "now": now,
        "authority_id": row.authority_id,
        "contract_id": contract.pk,
        "rise_id": row.pk,
        "number": row.contract_version.number,
        "provider_id": contract.provider_id,
    }


def _record(by: Actor, now: datetime, row: RisePermission, verb: str, what: str) -> None:
    contract = row.contract_version.contract
    name = f"Variation {row.contract_version.number - 1} of {contract.reference}"
    audit(
        by=by, now=now, verb=verb,
        words=f"{name} {what}, at {pounds(row.whole_cost_pence)} for the stay",
        subject="contract", subject_id=contract.pk, authority_id=row.authority_id, child_id=contract.child_id,
    )  # fmt: skip
