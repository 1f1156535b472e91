"""What a placement costs: price lines, their charges over any period, schedules and the whole cost.

One agreement at a time: `dated_charges`, `cost_of_agreement`, and for price lines alone `charges`, `schedule`, `whole_cost`,
all on one engine. Many at once, as columns: `rate_segments` turns an agreement
with all its rules into `Segments`; `charged`, `totals_by_code` and `night_rows` price them; `difference` sets right what
was charged before.
"""

from rightplace.core.pricing.agreements import (
    Absence,
    AgreedLine,
    Agreement,
    AwayRule,
    Ceiling,
    Delivery,
    NightRule,
    Notice,
    Step,
    Uplift,
    Version,
    age_steps,
    agreed_line,
    agreed_lines,
    as_expected,
    every_year,
)
from rightplace.core.pricing.charges import (
    Charge,
    DatedCharge,
    charges,
    cost_within,
    dated_charges,
    schedule,
)
from rightplace.core.pricing.checks import price_problems
from rightplace.core.pricing.columns import Per, Segments, months_between, segment_problems
from rightplace.core.pricing.differences import Charges, Difference, charges_of, charges_until, difference
from rightplace.core.pricing.lines import RECURRING_KINDS, PriceKind, PriceLine, PriceUnit, VatTreatment
from rightplace.core.pricing.running import date_of, day_number
from rightplace.core.pricing.segmenting import agreement_problems, rate_segments, segments_of
from rightplace.core.pricing.totals import (
    NightRows,
    charged,
    charged_by_share,
    night_rows,
    totals_by_code,
    totals_by_group,
    vat_charged,
)
from rightplace.core.pricing.whole_cost import WholeCost, cost_of_agreement, weekly_rate, whole_cost

__all__ = [
    "RECURRING_KINDS",
    "Absence",
    "AgreedLine",
    "Agreement",
    "AwayRule",
    "Ceiling",
    "Charge",
    "Charges",
    "DatedCharge",
    "Delivery",
    "Difference",
    "NightRows",
    "NightRule",
    "Notice",
    "Per",
    "PriceKind",
    "PriceLine",
    "PriceUnit",
    "Segments",
    "Step",
    "Uplift",
    "VatTreatment",
    "Version",
    "WholeCost",
    "age_steps",
    "agreed_line",
    "agreed_lines",
    "agreement_problems",
    "as_expected",
    "charged",
    "charged_by_share",
    "charges",
    "charges_of",
    "charges_until",
    "cost_of_agreement",
    "cost_within",
    "date_of",
    "dated_charges",
    "day_number",
    "difference",
    "every_year",
    "months_between",
    "night_rows",
    "price_problems",
    "rate_segments",
    "schedule",
    "segment_problems",
    "segments_of",
    "totals_by_code",
    "totals_by_group",
    "vat_charged",
    "weekly_rate",
    "whole_cost",
]
