"""Who children can live with in the demo, needs that carers and homes decline, extras on top of fees. Everybody is synthetic.

What social workers keep of many children is written at once; two children who are kept apart go through the real verb.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rightplace.core.matching.vocabulary import LivingCompanions, NeedKind
from rightplace.demo.asking import Office
from rightplace.demo.chance import Generator
from rightplace.demo.copying import copy_rows, update_rows
from rightplace.foundation.access import roles
from rightplace.journey.placements.models import Placement
from rightplace.register.carers.models import Household
from rightplace.register.children.living_with import keep_apart
from rightplace.register.children.models import Child, LivingWith
from rightplace.register.providers.models import Setting

SEED = 91
KEPT = 0.7
# How often each stands on a child's file: a mixture that looks like life, taken from no statistic.
SHARES: dict[str, float] = {
    NeedKind.EMOTIONAL: 0.4, NeedKind.TRAUMA: 0.35, NeedKind.EDUCATION: 0.35, NeedKind.BEHAVIOUR: 0.25,
    NeedKind.ATTACHMENT: 0.2, NeedKind.MENTAL_HEALTH: 0.15, NeedKind.AUTISM: 0.1, NeedKind.ADHD: 0.1,
    NeedKind.SELF_HARM: 0.1, NeedKind.GOING_MISSING: 0.1, NeedKind.LEARNING_DISABILITY: 0.08, NeedKind.IDENTITY: 0.1,
    NeedKind.CRIMINAL_EXPLOITATION: 0.06, NeedKind.SEXUAL_EXPLOITATION: 0.04, NeedKind.HARM_TO_OTHERS: 0.04,
    NeedKind.DRUGS_ALCOHOL: 0.06, NeedKind.INDEPENDENCE: 0.1,
}  # fmt: skip
DECLINED = (NeedKind.FIRE_SETTING, NeedKind.SEXUAL_HARM_TO_OTHERS, NeedKind.HARM_TO_ANIMALS)


def keep_living_facts(office: Office) -> None:
    """Files of children who live somewhere, what homes decline and cost besides, and two children kept apart."""
    rng = np.random.default_rng(SEED)
    _files(rng, office)
    _of_homes(rng, office)
    _kept_apart(office)


def _files(rng: Generator, office: Office) -> None:
    living = Placement.objects.filter(authority_id=office.authority_id, state="started").order_by("child_id")
    keys = [key for key in living.values_list("child_id", flat=True).distinct() if rng.random() < KEPT]
    by = office.who(roles.SOCIAL_WORKER, 0).person_id
    copy_rows(
        LivingWith,
        {"authority": office.authority_id, "child": keys, "kept_by": by, **_drawn(rng, len(keys), office)},
    )


def _drawn(rng: Generator, many: int, office: Office) -> dict[str, Any]:
    kinds = list(SHARES)
    has = rng.random((many, len(kinds))) < np.array([SHARES[kind] for kind in kinds])
    alone, girls_only, wary = (rng.random(many) < share for share in (0.02, 0.02, 0.04))
    free, solo = LivingCompanions.NO_PREFERENCE.value, LivingCompanions.SOLO.value
    return {
        "needs": [[str(kind) for kind, one in zip(kinds, row, strict=True) if one] for row in has],
        "companions": [solo if one else free for one in alone],
        "not_with_sexes": [["M"] if one else [] for one in girls_only],
        "not_with_risks": [[NeedKind.HARM_TO_OTHERS.value] if one else [] for one in wary],
        "words": "",
        "kept_at": [office.ago(float(days)) for days in rng.integers(20, 300, many)],
    }


def _of_homes(rng: Generator, office: Office) -> None:
    """Extras of one home in five, needs that one in ten declines; and the same of own carers."""
    homes = list(
        Setting.objects.filter(kind__in=("foster", "residential", "supported"))
        .values_list("pk", flat=True)
        .order_by("pk")
    )
    households = list(
        Household.objects.filter(authority_id=office.authority_id).values_list("pk", flat=True).order_by("pk")
    )
    update_rows(Setting, homes, _declined(rng, len(homes), 90_000))
    update_rows(Household, households, _declined(rng, len(households), 0))


def _declined(rng: Generator, many: int, education: int) -> dict[str, Any]:
    declines, taxis, school = (rng.random(many) < share for share in (0.1, 0.15, 0.05))
    which = rng.integers(0, len(DECLINED), many)
    return {
        "needs_declined": [
            [DECLINED[one].value] if no else [] for one, no in zip(which, declines, strict=True)
        ],
        "transport_weekly_pence": (taxis * rng.integers(4, 20, many) * 1_000).astype(int),
        "education_weekly_pence": (school * education).astype(int),
    }


def _kept_apart(office: Office) -> None:
    """Two children who live in care and are not to live together."""
    by = office.who(roles.SOCIAL_WORKER, 0)
    rows = (
        Child.objects.filter(authority_id=office.authority_id, placements__state="started")
        .distinct()
        .order_by("pk")[:2]
    )
    if len(rows) == 2:
        reason = "They were in the same group of friends when one of them was hurt: agreed at the strategy meeting."
        keep_apart(
            by=by, now=office.ago(40), child_id=rows[0].pk, version=rows[0].version, other_number=rows[1].local_number,
            reason=reason,
        ).done()  # fmt: skip
