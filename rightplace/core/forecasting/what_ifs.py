"""Ready-made what-ifs: a named change each, to start from; every figure in it is an assumption to be put right."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.core.forecasting.kinds import RESIDENTIAL, K
from rightplace.core.forecasting.scenarios import Scenario

RENEGOTIATED = tuple(0.92 if kind == RESIDENTIAL else 1.0 for kind in range(K))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A what-if to start from: its code, what it is, and the change."""

    code: str
    words: str
    change: Scenario


WHAT_IFS = (
    WhatIf(
        "edge-of-care", "A service keeps one in ten children at home who would have come into care.",
        Scenario("Edge-of-care service", entries=0.9, yearly_pence=45_000_000),
    ),
    WhatIf(
        "return-home", "A team helps children return home sooner: one in ten more leave each month.",
        Scenario("Quicker return home", leaving=1.1, yearly_pence=30_000_000),
    ),
    WhatIf(
        "own-carers", "Twelve more own foster places, filled by children who would live with agency carers.",
        Scenario("Twelve more own foster places", own_carers=12, yearly_pence=18_000_000),
    ),
    WhatIf(
        "specialist-carers", "Six places with specialist own carers, filled by children who would live in homes.",
        Scenario("Six specialist foster places", own_carers=6, carers_instead="residential", yearly_pence=24_000_000),
    ),
    WhatIf(
        "block", "Four beds of a children’s home bought together and paid filled or not.",
        Scenario("A block of four beds", block_beds=4, block_weekly_pence=620_000),
    ),
    WhatIf(
        "shared-centre", "A centre of five places shared by authorities, of which two fifths are yours.",
        Scenario("A shared centre of five", block_beds=5, block_part=0.4, block_weekly_pence=640_000),
    ),
    WhatIf(
        "assessments", "Ten families a year assessed in the community instead of twelve residential weeks.",
        Scenario(
            "Assessments in the community", assessments=10, assessment_weekly_pence=480_000, assessment_pence=1_400_000
        ),
    ),
    WhatIf(
        "rates", "Prices of children’s homes renegotiated by 8 per cent.",
        Scenario("Homes renegotiated by 8 per cent", price_factor=RENEGOTIATED),
    ),
    WhatIf(
        "uasc", "The quota of unaccompanied children is halved.",
        Scenario("Half the unaccompanied children", uasc_entries=0.5),
    ),
    WhatIf(
        "closes", "A home of five closes, and its children are bought places by themselves.",
        Scenario("A home of five closes", beds_lost=5, lost_weekly_pence=850_000),
    ),
)  # fmt: skip


def what_if(code: str) -> WhatIf | None:
    """The ready-made what-if of a code."""
    return next((one for one in WHAT_IFS if one.code == code), None)
