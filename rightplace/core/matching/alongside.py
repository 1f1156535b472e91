"""Hard criteria about who lives together: what the child needs, and what the children who live there need, both ways."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rightplace.core.matching.asked import Asked
from rightplace.core.matching.codes import SEX_BITS, risks_mask, sexes_mask
from rightplace.core.matching.musts import POLICY, SAFETY, WISHES, Mask, Must, by_ages
from rightplace.core.matching.profile import Child, Option
from rightplace.core.matching.vocabulary import LivingCompanions, NeedKind, Sex

THERE = "What the children who live there need"
BOTH = 3


def _wished(asked: Asked, companions: LivingCompanions) -> bool:
    return asked.referral.living_companions == companions or any(
        child.companions == companions for child in asked.referral.children
    )


def _others_there(asked: Asked) -> Mask | None:
    """A solo placement is needed and other children live there."""
    return asked.living.many > 0 if _wished(asked, LivingCompanions.SOLO) else None


def _younger_there(asked: Asked) -> Mask | None:
    """Only older children may live alongside."""
    if not _wished(asked, LivingCompanions.ONLY_OLDER):
        return None
    return (asked.living.youngest <= asked.oldest) & (asked.living.many > 0)


def _older_there(asked: Asked) -> Mask | None:
    """Only younger children may live alongside."""
    if not _wished(asked, LivingCompanions.ONLY_YOUNGER):
        return None
    return asked.living.oldest >= asked.youngest


def _barred_by_child_there(asked: Asked) -> Mask | None:
    """A child there needs to be alone, or to live only with older or only with younger children."""
    living = asked.living
    return living.alone | (living.older_than >= asked.youngest) | (living.younger_than <= asked.oldest)


def _barred_words(asked: Asked, option: Option) -> str:
    strangers = asked.strangers(option)
    if any(child.companions == LivingCompanions.SOLO for child in strangers):
        return "A child who lives there needs to be the only one in the home."
    is_older = any(
        child.companions == LivingCompanions.ONLY_OLDER and child.age >= asked.youngest for child in strangers
    )
    whom = "older" if is_older else "younger"
    return f"A child who lives there can live only with {whom} children."


def _risk_alongside(asked: Asked) -> Mask | None:
    """A risk that a child on either side must not live beside."""
    living = asked.living
    found: Mask | None = None
    if asked.risks:
        found = (living.barred_risks & np.uint16(asked.risks)) != 0
    if asked.barred_risks:
        theirs = (living.risks & np.uint16(asked.barred_risks)) != 0
        found = theirs if found is None else found | theirs
    return found


def _risk_words(asked: Asked, option: Option) -> str:
    strangers = asked.strangers(option)
    theirs = _codes(child.not_with_risks for child in strangers) & asked.risks
    if theirs:
        return f"A child who lives there must not live beside this risk: {_named(theirs)}."
    brought = _codes(child.risks for child in strangers) & asked.barred_risks
    return f"The child must not live beside a risk that is there: {_named(brought)}."


def _codes(sets: Iterable[frozenset[str]]) -> int:
    return risks_mask(frozenset[str]().union(*sets))


def _named(mask: int) -> str:
    return ", ".join(kind.words.lower() for place, kind in enumerate(NeedKind) if mask >> place & 1)


def _sex_alongside(asked: Asked) -> Mask | None:
    """A sex that a child on either side must not live beside, or a mix where the children are all of one sex."""
    living, market = asked.living, asked.market
    is_mixed = (living.sexes | np.uint8(asked.sexes)) == BOTH
    found: Mask = market.is_one_sex & is_mixed
    if asked.sexes:
        found |= (living.barred_sexes & np.uint8(asked.sexes)) != 0
    if asked.barred_sexes:
        found |= (living.sexes & np.uint8(asked.barred_sexes)) != 0
    return found


def _sex_words(asked: Asked, option: Option) -> str:
    strangers = asked.strangers(option)
    there = sexes_mask(frozenset(child.sex for child in strangers))
    if option.is_one_sex and (there | asked.sexes) == BOTH:
        return "Boys and girls do not live together there."
    if there & asked.barred_sexes:
        return f"The child must not live with {_sexes(there & asked.barred_sexes)} children, and some live there."
    return "A child who lives there must not live with a child of this sex."


def _sexes(mask: int) -> str:
    return " or ".join(Sex.words_for(sex).lower() for sex, bit in SEX_BITS.items() if mask & bit)


def _kept_apart(asked: Asked) -> Mask | None:
    """Children who are named as to be kept apart, on either side."""
    market, referral = asked.market, asked.referral
    named = frozenset[str]().union(*(child.apart_from for child in referral.children))
    rows = {market.row_of_child[one] for one in named if one in market.row_of_child}
    own = {child.reference for child in referral.children if child.reference}
    rows |= {row for one in own for row in market.rows_apart_from.get(one, ())}
    if not rows:
        return None
    found = np.zeros(len(market), dtype=np.bool_)
    found[list(rows)] = True
    return found


def apart(child: Child, other: Child) -> bool:
    """Whether two children are named as to be kept apart, by either."""
    return other.reference in child.apart_from or (
        child.reference in other.apart_from and bool(child.reference)
    )


ALONGSIDE: tuple[Must, ...] = (
    Must(
        "others_there", "No other children", WISHES, True, _others_there,
        lambda asked, option: "The child needs to be the only one in the home, and other children live there.",
    ),
    Must(
        "younger_there", "Only older children there", WISHES, True, _younger_there,
        lambda asked, option: "The child can live only with older children, and one there is not older.",
    ),
    Must(
        "older_there", "Only younger children there", WISHES, True, _older_there,
        lambda asked, option: "The child can live only with younger children, and one there is not younger.",
    ),
    Must(
        "barred_by_child_there", "Suits the children there", THERE, False, _barred_by_child_there, _barred_words,
        depends=by_ages,
    ),
    Must(
        "risk_alongside", "No risk between the children", SAFETY, False, _risk_alongside, _risk_words,
        depends=lambda asked: (asked.risks, asked.barred_risks),
    ),
    Must(
        "sex_alongside", "Boys and girls apart where needed", POLICY, True, _sex_alongside, _sex_words,
        depends=lambda asked: (asked.sexes, asked.barred_sexes),
    ),
    Must(
        "kept_apart", "Not with a child to be kept apart from", SAFETY, False, _kept_apart,
        lambda asked, option: "A child lives there who must be kept apart from this one.",
    ),
)  # fmt: skip
