"""The columns of the Placements North West census (from December 2025): who is placed on a day, where, and at what cost.

The census is filled in by hand in its region; here each cell comes from where the work recorded it. A cell that nobody
recorded, or that the census words in its own region's terms, is left blank and the note says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count, QuerySet

from rightplace.core.calendar import age_on
from rightplace.exchange.placements_standard.gathering import home_kind_of, place_of
from rightplace.exchange.placements_standard.weeks import Week, needs_solo, weeks_of
from rightplace.exchange.sheets import Sheet, pounds
from rightplace.exchange.ssda903.deriving import Order
from rightplace.exchange.ssda903.orders import watched_orders
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import adjoining
from rightplace.foundation.reference.places import authority_of
from rightplace.journey.blocks.models import BlockMember
from rightplace.journey.placements.models import Placement

COLUMNS = (
    "Looked after child?", "Placing Authority", "Identifier", "Age", "Gender", "How the placement was sourced", "Organisation",
    "Provider Ofsted (or equivalent) URN", "Establishment", "Type of provision", "UASC", "Total weekly cost",
    "Contribution from Social Care", "Contribution from Education", "Contribution from Health", "Ethnic Group",
    "Placement start date", "Primary registration type", "Establishment URN", "Placing at Distance Reason",
    "Provider Company number", "Does this placement cost include additional packages?",
    "Deprivation of Liberty Safeguards in place?", "Does this CYP require a solo placement?",
)  # fmt: skip
NOTE = (
    "Left blank, because nothing records it: the company number, which neither Ofsted’s register nor a contract here holds."
    " The reason for distance is not applicable where the home lies in the authority’s area or one that adjoins it, which is"
    " how the regulations tell a placement at a distance; for one that is, and for a home whose area is unknown, it is blank:"
    " the census has seven words of its own for why, and a guess would be read as the authority’s. How it was"
    " sourced is told of what was bought with a permission: by a block, by the consortium’s framework (a sub-regional"
    " contract), or outside every framework; it is blank for own homes and for what an import brought. Contributions are the"
    " week’s cost by the shares agreed for the day, all of it social care’s where none were; what another authority bears"
    " stands in no column. A package is support, therapy, education or transport that the week’s cost pays for. A placement is"
    " solo where the home takes one child; whether one is needed is as written about whom the child can live with, and blank"
    " where nobody wrote it. Deprivation of liberty is as the services that watch an order tell it."
)
GENDERS = {"M": "Male (including trans male)", "F": "Female (including trans female)"}
PROVISION = {"foster": "Fostering - Mainstream", "residential": "Residential - Mainstream"}
PROVISION_OF_CODE = {"K1": "Secure Welfare", "R5": "Youth Offending Institution"}
ETHNIC_GROUPS = {
    "WBRI": "English, Welsh, Scottish, Northern Irish or British (White)", "WIRI": "Irish (White)",
    "WIRT": "Gypsy or Irish Traveller (White)", "WROM": "Roma (White)", "WOTH": "Any other White background (White)",
    "MWBC": "White and Black Caribbean (Mixed or multiple ethnic groups)",
    "MWBA": "White and Black African (Mixed or multiple ethnic groups)",
    "MWAS": "White and Asian (Mixed or multiple ethnic groups)",
    "MOTH": "Any other Mixed or multiple ethnic background (Mixed or multiple ethnic groups)",
    "AIND": "Indian (Asian or Asian British)", "APKN": "Pakistani (Asian or Asian British)",
    "ABAN": "Bangladeshi (Asian or Asian British)", "CHNE": "Chinese (Asian or Asian British)",
    "AOTH": "Any other Asian background (Asian or Asian British)",
    "BCRB": "Caribbean (Black, Black British, Caribbean or African)",
    "BAFR": "African (Black, Black British, Caribbean or African)",
    "BOTH": "Any other Black, Black British, African or Caribbean background"
            " (Black, Black British, Caribbean or African)",
    "OOTH": "Any other ethnic group (Other ethnic group)",
}  # fmt: skip
"""The census's words for each code of the return; what was refused or not yet obtained is unknown."""
UNKNOWN = "Unknown"
IN_FORCE, EARLIER, NO_ORDER = "DoLS (current)", "DoLS (previous)", "No"
YES_NO = {True: "Yes", False: "No"}
SOLO = {
    (True, True): "Yes, and is in a solo placement", (True, False): "Yes, but is not in a solo placement",
    (False, True): "No, but is in a solo placement", (False, False): "No, and is not in a solo placement",
}  # fmt: skip
"""By whether the child needs a home for one, and has one."""
BEARERS = ("social_care", "education", "health")
SPOT, FRAMEWORK = "Direct Award / Off Framework", "Sub Regional Contract - Other"
OWN_BLOCK, SHARED_BLOCK = "Block Contract - Local", "Block Contract - Collaborative"
NOT_FAR = "Not applicable"
ADULT = 18


def sheet(authority: Authority, day: date) -> Sheet:
    """One row for each placement in which a child lived on the day."""
    rows = list(_placements(authority, day))
    costs = weeks_of(authority, [row.pk for row in rows], day)
    orders = watched_orders(authority, day, day)
    alone = needs_solo(authority, {row.child_id for row in rows})
    members = _block_members(authority, day)
    found = tuple(
        (
            *_row(authority, row, day, costs.get(row.pk), _sourced(row, members)),
            _order(orders.get(row.child_id, ()), day),
            _solo(row, alone.get(row.child_id)),
        )
        for row in rows
    )
    return Sheet("placements-census", "Regional census columns", COLUMNS, found, NOTE)


def _placements(authority: Authority, day: date) -> QuerySet[Placement]:
    rows = Placement.objects.filter(authority=authority, state__in=("started", "ended"), period__contains=day)
    return rows.select_related("child", "provider", "setting", "household", "permission").order_by("child_id")


def _order(orders: Sequence[Order], day: date) -> str:
    """Whether an order that deprives of liberty is in force on the day, was earlier, or never was."""
    if any(one.end is None or one.end > day for one in orders):
        return IN_FORCE
    return EARLIER if orders else NO_ORDER


def _solo(row: Placement, is_needed: bool | None) -> str:
    """Whether the child needs a home for one and has one, in the census's words; blank where nobody wrote what is needed."""
    if is_needed is None:
        return ""
    is_alone = row.setting is not None and (row.setting.is_solo or row.setting.places == 1)
    return SOLO[is_needed, is_alone]


def _block_members(authority: Authority, day: date) -> dict[int, int]:
    """How many authorities keep the beds of each home in which this one has a block on the day."""
    blocks = BlockMember.objects.filter(block__starts_on__lte=day, block__ends_on__gt=day)
    mine = blocks.filter(authority=authority).values("block_id")
    counted = blocks.filter(block_id__in=mine).values_list("block__setting_id").annotate(many=Count("pk"))
    return dict(counted)


def _sourced(row: Placement, members: Mapping[int, int]) -> str:
    """How a placement was bought, in the census's words; blank where no permission of the work tells it."""
    if row.provider_id is None or row.permission is None:
        return ""
    if many := members.get(row.setting_id or 0):
        return OWN_BLOCK if many == 1 else SHARED_BLOCK
    return SPOT if row.permission.is_spot else FRAMEWORK


def _row(
    authority: Authority, row: Placement, day: date, week: Week | None, sourced: str
) -> tuple[str | int, ...]:
    child, setting = row.child, row.setting
    age, kind = age_on(child.born_on, day), home_kind_of(row)
    urn = row.urn or (setting.urn if setting else "")
    return (
        "Looked after child (under 18)" if age < ADULT else "Post 18 (CSC placement)",
        authority.name, child.pk, age, GENDERS.get(child.sex, "Other"),
        sourced,
        row.provider.name if row.provider else authority.name,
        urn if kind == "foster" else "", setting.name if setting and kind != "foster" else "",
        PROVISION_OF_CODE.get(row.place_code) or PROVISION.get(kind, ""),
        "Yes" if child.is_uasc else "No", *_money(week), ETHNIC_GROUPS.get(child.ethnicity, UNKNOWN),
        f"{row.period.lower:%d/%m/%Y}", "Ofsted" if urn else "", "" if kind == "foster" else urn,
        _far(authority, place_of(row)), "", "" if week is None else YES_NO[week.has_package],
    )  # fmt: skip


def _far(authority: Authority, postcode: str) -> str:
    """Why a placement is at a distance: not applicable where it is not (regulation 11 of the Care Planning, Placement and
    Case Review (England) Regulations 2010), blank where it is, since nobody records why in the census's words."""
    area, own = authority_of(postcode) if postcode else "", authority.gss_code
    return NOT_FAR if area and own and (area == own or area in adjoining(own)) else ""


def _money(week: Week | None) -> tuple[str, ...]:
    """The week's cost and what social care, education and health bear of it; blank without signed terms."""
    if week is None:
        return ("",) * 4
    return (pounds(week.pence), *(pounds(week.borne.get(kind, 0)) for kind in BEARERS))
