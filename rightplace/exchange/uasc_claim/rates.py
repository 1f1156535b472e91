"""The dated rates of the grants, asked for each night: instructions change within a month, and so may how many are here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.money import round_half_up
from rightplace.core.periods import Period
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import children
from rightplace.foundation.reference.rules import rule
from rightplace.journey.placements.models import Placement

RATES = ("uasc_grant_at_threshold", "uasc_grant_below_threshold", "former_uasc_grant")


def nightly_rates(authority: Authority, span: Period) -> Callable[[date], int | None]:
    """The rate of each night of a span in pence, by how many unaccompanied children the authority looks after that night."""
    held = Placement.objects.filter(
        authority=authority, child__is_uasc=True, state__in=["started", "ended"],
        period__overlap=DateRange(span.start, span.end),
    ).values_list("child__uasc_ends_on", "period")  # fmt: skip
    spans = [
        (period.lower, min(filter(None, (period.upper, ends_on)), default=None)) for ends_on, period in held
    ]

    @cache
    def rate(on: date) -> int | None:
        there = sum(first <= on and (last is None or on < last) for first, last in spans)
        return night_rate(there, authority.gss_code, on)

    return rate


def night_rate(there: int, gss_code: str, on: date) -> int | None:
    """The higher rate from the transfer scheme's threshold on: so many unaccompanied children as a share of all children."""
    share = rule("uasc_transfer_threshold", on)
    is_above = share is not None and there >= share.value * children(gss_code, on.year)
    return value_on("uasc_grant_at_threshold" if is_above else "uasc_grant_below_threshold", on)


def transfer_threshold(gss_code: str, on: date) -> int | None:
    """How many unaccompanied children the transfer scheme's share of an authority's children comes to, halves up.

    Source: National Transfer Scheme protocol; 0.07% of those aged 0 to 17, and 0.1% from December 2021.
    """
    share = rule("uasc_transfer_threshold", on)
    return round_half_up(share.value * children(gss_code, on.year)) if share else None


def weekly_rate(on: date) -> int | None:
    """What a week of a former UASC care leaver is granted, in pence."""
    return value_on("former_uasc_grant", on)


def until_age(on: date) -> int | None:
    """The age that ends the grant for care leavers, by the instructions of a day."""
    return value_on("former_uasc_grant_until_age", on)


def value_on(name: str, on: date) -> int | None:
    """A rule's whole number on a day; None before it began or after it ended."""
    found = rule(name, on)
    return int(found.value) if found else None
