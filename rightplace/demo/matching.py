"""Matching of the demo: the policy of the authority with one planned, and homes proposed for everyone who waits.

Walked through the real verbs. Everybody is synthetic.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from rightplace.core.matching.policy import DEFAULT_POLICY
from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.journey.search.marking import Place
from rightplace.journey.search.models import MatchingPolicy, ProposalLine
from rightplace.journey.search.policies import ForEveryone, PolicyGiven, set_policy
from rightplace.journey.search.proposing import mark_home, propose_homes
from rightplace.register.providers.conditions import ConditionGiven, record_condition
from rightplace.register.providers.models import Setting

AGREED, PLANNED = 120, 30
FIRST = {"distance": 18, "school": 9, "cost": 2}
NEXT = {"distance": 18, "school": 9, "cost": 2, "belonging": 12, "experience": 6}


def agree_policies(office: Office) -> None:
    """A policy agreed some months ago, another planned, a condition of registration that a commissioner saw on its certificate,
    and the homes that a broker had proposed this morning."""
    _record_a_condition(office)
    first = _set(
        office,
        FIRST,
        office.day(AGREED),
        AGREED,
        "Near home and school first: agreed by the sufficiency board",
        0,
    )
    starts_on = office.today + timedelta(days=PLANNED)
    _set(
        office,
        NEXT,
        starts_on,
        10,
        "Culture and like experience count for more: what young people asked for",
        first.pk,
    )
    broker = office.who(roles.BROKER, 0)
    proposal = propose_homes(by=broker, now=office.ago(0.2)).done()
    line = (
        ProposalLine.objects.filter(proposal=proposal)
        .exclude(household=None, setting=None)
        .order_by("pk")
        .first()
    )
    if line is not None:
        key = Place(line.household_id, line.setting_id).key
        mark_home(
            by=broker, now=office.ago(0.1), request_id=line.request_id, key=key, kind="barred", reason_code="child_said_no",
            reason="The child met the carers last week and would rather wait.",
        ).done()  # fmt: skip


def _record_a_condition(office: Office) -> None:
    home = Setting.objects.filter(kind="residential", closed_on__isnull=True, places__gte=3).earliest("pk")
    given = ConditionGiven(
        "The home may not care for children who set fires, and for no child under 8.", office.day(AGREED),
        min_age=8, needs_barred=frozenset({"fire_setting"}),
    )  # fmt: skip
    at = office.ago(AGREED)
    record_condition(by=office.who(roles.COMMISSIONER, 0), now=at, setting_id=home.pk, given=given).done()


def _set(
    office: Office, weights: dict[str, int], starts_on: date, days_ago: int, reason: str, seen: int
) -> MatchingPolicy:
    at = office.ago(days_ago)
    given = PolicyGiven(
        {**DEFAULT_POLICY.weights, **weights},
        DEFAULT_POLICY.must_codes,
        max(starts_on, timezone.localdate(at)),
        reason,
        ForEveryone(beds_kept_back=1),
    )
    return set_policy(by=office.who(roles.COMMISSIONER, 0), now=at, given=given, seen=seen).done()
