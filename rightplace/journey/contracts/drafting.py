"""Drafting a contract from what is agreed already: the accepted offer's lines and answers, the request's outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit, VatTreatment
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.blocks import paid_by_block
from rightplace.journey.contracts.carer_rates import lines_by_rates, rules_by_rates
from rightplace.journey.contracts.document import clean
from rightplace.journey.contracts.models import (
    CarerRate,
    Contract,
    ContractLine,
    ContractOutcome,
    ContractVersion,
)
from rightplace.journey.contracts.rules import as_json
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.offers.lot_terms import Purchase, terms_of_offers
from rightplace.journey.offers.models import Offer
from rightplace.journey.packages.models import Package
from rightplace.journey.placements.models import Placement
from rightplace.register.frameworks.words import discount_words

DAYS_TO_FIRST_REVIEW = 28
"""What a draft proposes; the broker may change it. Contracts of the sector review after four to six weeks."""


@dataclass(frozen=True, slots=True)
class TermLine(LineGiven):
    """A price line with what only a contract says of it: VAT, steps, nights away, long stays, the rate that it follows."""

    vat: str = "exempt"
    after_nights: int = 0
    is_paid_when_away: bool = False
    step_group: str = ""
    steps: tuple[tuple[str, int], ...] = ()
    rate_kind: str = ""

    def as_price_line(self) -> PriceLine:
        """The same line as core prices it."""
        return replace(
            LineGiven.as_price_line(self),
            vat=VatTreatment(self.vat),
            after_nights=self.after_nights,
            is_paid_when_away=self.is_paid_when_away,
            step_group=self.step_group,
            steps=self.steps,
        )


TERM_FACTS = ("vat", "after_nights", "is_paid_when_away", "step_group", "steps", "rate_kind")


@dataclass(frozen=True, slots=True)
class OutcomeGiven:
    """An expected outcome as edited in a draft."""

    words: str
    measure: str = ""
    how: str = ""


def draft(placement: Placement, *, by: Actor, now: datetime) -> Contract:
    """Write the contract of a placement and its first version, with the lines and outcomes agreed in offer and request."""
    starts_on = placement.period.lower
    whose = {"authority_id": placement.authority_id, "provider_id": placement.provider_id}
    contract = Contract.objects.create(
        **whose,
        placement=placement,
        child_id=placement.child_id,
        child_initials=initials_of(placement),
        home_words=home_words(placement)[:200],
        starts_on=starts_on,
        ends_on=expected_end(placement),
        made_at=now,
    )
    version = ContractVersion.objects.create(
        **whose,
        contract=contract,
        number=1,
        in_force_from=starts_on,
        ends_on=contract.ends_on,
        services=_services(placement),
        conditions=_conditions(placement),
        first_review_on=first_review(starts_on, contract.ends_on),
        made_at=now,
        made_by=by.name,
        made_by_id=by.user_id,
    )
    if placement.offer is not None:
        offered = [line_given(line) for line in placement.offer.lines.all()]
        less = agreed_discounts(placement, offered, contract.ends_on, timezone.localdate(now))
        write_lines(version, _by_rates(placement, version) or paid_by_block(placement, [*offered, *less]))
        write_outcomes(version, _outcomes(placement.offer))
    return contract


def _by_rates(placement: Placement, version: ContractVersion) -> list[LineGiven]:
    """The lines of an own carer by the authority's rates, and the rules that go with them; none where no rates are kept."""
    if placement.household is None:
        return []
    rates = list(CarerRate.objects.filter(authority_id=placement.authority_id))
    born_on, level, on = placement.child.born_on, placement.household.skill_level, version.in_force_from
    rows = list(lines_by_rates(rates, born_on, level, on))
    if rows:
        version.rules = as_json(rules_by_rates(rates, born_on, level, on))
        version.save(update_fields=["rules"])
    return [
        TermLine(
            kind, unit, pence, quantity, words=words, rate_kind=rate, is_paid_when_away=unit == "one_off"
        )
        for kind, unit, rate, pence, quantity, words in rows
    ]


def agreed_discounts(
    placement: Placement, offered: Sequence[LineGiven], ends_on: date | None, on: date
) -> list[LineGiven]:
    """The discounts of the lot that this purchase has reached, where the offer takes nothing off, as price lines.

    What was agreed on the lot is owed without being offered. It is left out again only by a variation: that is dearer, so
    it needs a reason and permission. An offer with a discount of its own stands as it was chosen.
    """
    offer = placement.offer
    if offer is None or offer.provider_id is None or any(line.kind == PriceKind.DISCOUNT for line in offered):
        return []
    weeks = (ends_on - placement.period.lower).days // 7 if ends_on is not None else 0
    bought = Purchase(offer.search_id, offer.search.request.children.count(), weeks)
    under = terms_of_offers(placement.authority_id, bought, on).get(offer.pk)
    if under is None:
        return []
    return [
        LineGiven(
            PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=one.basis_points,
            words=f"{under.framework}: {discount_words(one.kind, one.at_least)}",
        )
        for one in under.terms.discounts
    ]  # fmt: skip


def expected_end(placement: Placement) -> date | None:
    """The end that is expected of a placement: its own, or that for which permission was given."""
    asked = placement.permission.ends_on if placement.permission else None
    return placement.expected_end_on or asked


def first_review(starts_on: date, ends_on: date | None) -> date:
    """Four weeks after the start, or half way through a stay that is shorter."""
    proposed = starts_on + timedelta(days=DAYS_TO_FIRST_REVIEW)
    if ends_on is None or proposed < ends_on:
        return proposed
    return starts_on + timedelta(days=max(Period(starts_on, ends_on).nights // 2, 0))


def home_words(placement: Placement) -> str:
    """The home by name, or a carer by reference: never a carer's name or address."""
    if placement.household is not None:
        return f"Foster home {placement.household.reference}"
    if placement.setting is None:
        return ""
    if placement.named_carer is not None:
        return f"Foster home {placement.named_carer.reference} of {placement.setting.name}"
    return placement.setting.name


def initials_of(of: Placement | Package) -> str:
    """The child's initials: all that a list shows."""
    child = of.child
    return f"{child.first_name[:1]}{child.last_name[:1]}".upper()


def line_given(line: LineGiven | ContractLine | object) -> LineGiven:
    """A kept price line as something given anew."""
    facts = ("kind", "unit", "amount_pence", "quantity", "basis_points", "starts_on", "ends_on", "words")
    return LineGiven(**{name: getattr(line, name) for name in facts})


def write_lines(version: ContractVersion, lines: Sequence[LineGiven]) -> None:
    """Write the price lines of a version; of two for the same thing from the same day the later is numbered in its note."""
    seen: Counter[tuple[object, ...]] = Counter()
    rows = []
    for given in lines:
        words = clean(given.words)[:200]
        seen[given.kind, words, given.starts_on] += 1
        if (many := seen[given.kind, words, given.starts_on]) > 1:
            words = f"{words[:190]} ({many})".strip()
        rows.append(_row(version, given, words))
    ContractLine.objects.bulk_create(rows)


def _row(version: ContractVersion, given: LineGiven, words: str) -> ContractLine:
    more = {name: getattr(given, name) for name in TERM_FACTS} if isinstance(given, TermLine) else {}
    return ContractLine(
        authority_id=version.authority_id,
        provider_id=version.provider_id,
        contract_version=version,
        kind=given.kind,
        unit=given.unit,
        amount_pence=given.amount_pence,
        quantity=given.quantity,
        basis_points=given.basis_points,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        words=words,
        **more,
    )


def write_outcomes(version: ContractVersion, outcomes: list[OutcomeGiven] | tuple[OutcomeGiven, ...]) -> None:
    """Write the outcomes of a version, replacing those it had."""
    ContractOutcome.objects.filter(contract_version=version).delete()
    ContractOutcome.objects.bulk_create(
        ContractOutcome(
            authority_id=version.authority_id,
            provider_id=version.provider_id,
            contract_version=version,
            words=clean(given.words)[:500],
            measure=clean(given.measure)[:300],
            how=clean(given.how),
        )
        for given in outcomes
    )


def _services(placement: Placement) -> str:
    """What the offer promises for this child: of a group, the needs of brothers and sisters stay out of it."""
    offer = placement.offer
    if offer is None:
        return ""
    asked = offer.search.request.children.filter(child_id=placement.child_id)
    own = {f"need:{key}" for key in asked.values_list("needs", flat=True)}
    parts = [clean(offer.support_words)]
    if clean(offer.education_words):
        parts.append(f"Education: {clean(offer.education_words)}")
    needs = [a for a in offer.answers.all() if a.about == "need" and a.topic in own and clean(a.words)]
    parts += [f"{clean(answer.topic_words)}: {clean(answer.words)}" for answer in needs]
    return "\n\n".join(part for part in parts if part)


def _conditions(placement: Placement) -> str:
    return clean(placement.permission.conditions) if placement.permission else ""


def _outcomes(offer: Offer) -> list[OutcomeGiven]:
    answered = {a.topic: a.words for a in offer.answers.all() if a.about == "outcome"}
    return [
        OutcomeGiven(wish.words, wish.measure, answered.get(f"outcome:{wish.pk}", ""))
        for wish in offer.search.request.outcomes.all()
    ]
