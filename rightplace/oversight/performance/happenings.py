"""Reviews, the child's words, outcomes, signs, visits, payments, prices, offers and choices as one column of happenings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Exists,
    F,
    FloatField,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from rightplace.journey.blocks.models import BlockSettlement
from rightplace.journey.blocks.states import OPEN_AGAIN
from rightplace.journey.contracts.models import Contract
from rightplace.journey.decisions.models import Choice
from rightplace.journey.ledger.models import PaymentItem
from rightplace.journey.ledger.prompt import days_allowed
from rightplace.journey.offers.models import Offer
from rightplace.journey.reviews.models import ChildWords, OutcomeScore, Review, StabilitySign, SurveyAnswer
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.visits.models import Visit

Rows = QuerySet[Any, Any]
COLUMNS = ("a_kind", "a_key", "a_child", "an_on", "a_value", "an_until")
NO_END = Cast(Value(None), DateField())
OF_NO_CHILD = Value(0)


def happened_rows(
    authority_id: int,
    since: date,
    *,
    of_children: Q | None,
    of_nobody: bool,
    kinds: Collection[str] | None = None,
) -> Iterable[tuple[Any, ...]]:
    """Kind, key, child, day, value and end of everything since a day, in one read.

    `of_children` narrows what is about a child by `a_child` (None: all); `of_nobody` is whether the rest is read too;
    `kinds` are the only ones read, as each costs time even where there is nothing of it (None: all).
    """
    named = [
        make(authority_id, since) for kind, make in OF_CHILDREN.items() if kinds is None or kind in kinds
    ]
    if of_children is not None:
        named = [part.filter(of_children) for part in named]
    wanted = {
        kind: make for kind, make in OF_NOBODY.items() if of_nobody and (kinds is None or kind in kinds)
    }
    rest = [make(authority_id, since) for make in wanted.values()]
    if not named and not rest:
        return ()
    first, *others = [part.order_by().values_list(*COLUMNS) for part in (*named, *rest)]
    return first.union(*others, all=True) if others else first


def _as_rows(
    rows: Rows, kind: str | Combinable, key: str, child: str | Combinable, on: str | Combinable, value: Any,
    until: str | Combinable = NO_END,
) -> Rows:  # fmt: skip
    """A set of rows under the common column names."""
    words = Cast(Value(kind), TextField()) if isinstance(kind, str) else kind
    found: Rows = rows.annotate(
        a_kind=words, a_key=F(key), a_child=F(child) if isinstance(child, str) else child,
        an_on=F(on) if isinstance(on, str) else on, a_value=Cast(value, FloatField()),
        an_until=F(until) if isinstance(until, str) else until,
    )  # fmt: skip
    return found


def _whether(condition: Q | Exists) -> Case:
    return Case(When(condition, then=Value(1.0)), default=Value(0.0))


def _reviews(authority_id: int, since: date) -> Rows:
    rows = Review.objects.filter(authority_id=authority_id, due_on__gte=since).exclude(state="void")
    return _as_rows(
        rows, "review", "pk", "child_id", "due_on", _whether(Q(state="held", held_on__lte=F("due_on")))
    )


def _voices(authority_id: int, since: date) -> Rows:
    rows = Review.objects.filter(authority_id=authority_id, state="held", held_on__gte=since)
    spoke = Exists(ChildWords.objects.filter(review_id=OuterRef("pk")))
    return _as_rows(rows, "voice", "pk", "child_id", "held_on", _whether(spoke))


def _outcomes(authority_id: int, since: date) -> Rows:
    rows = OutcomeScore.objects.filter(
        authority_id=authority_id, side="reviewing_officer", at__date__gte=since
    )
    return _as_rows(rows, "outcome", "pk", "review__child_id", TruncDate("at"), F("half_points") / 2.0)


def _missing(authority_id: int, since: date) -> Rows:
    rows = StabilitySign.objects.filter(authority_id=authority_id, kind="missing", happened_on__gte=since)
    return _as_rows(rows, "missing", "pk", "placement__child_id", "happened_on", Value(1.0))


def _offers(authority_id: int, since: date) -> Rows:
    rows = Offer.objects.filter(
        authority_id=authority_id, submitted_at__date__gte=since, search__request__children__isnull=False
    )
    return _as_rows(
        rows, "offer", "pk", "search__request__children__child_id", TruncDate("submitted_at"), Value(1.0)
    )


def _decisions(authority_id: int, since: date) -> Rows:
    rows = Choice.objects.filter(
        authority_id=authority_id, at__date__gte=since, request__children__isnull=False
    )
    return _as_rows(rows, "decision", "pk", "request__children__child_id", TruncDate("at"), Value(1.0))


def _paid(authority_id: int, since: date) -> Rows:
    rows = _sent(authority_id, since)
    child = Coalesce(F("payable__contract__child_id"), OF_NO_CHILD)
    return _as_rows(rows, "paid", "pk", child, "payment__sent_on", F("pence") / 100.0)


def _prices(authority_id: int, since: date) -> Rows:
    contract = Contract.objects.filter(pk=OuterRef("contract_number"), child_id__isnull=False)
    rows = AgreedPrice.objects.filter(authority_id=authority_id).filter(
        Q(ends_on=None) | Q(ends_on__gte=since)
    )
    rows = rows.alias(
        placement=Subquery(contract.values("placement_id")), whose=Subquery(contract.values("child_id"))
    )
    return _as_rows(
        rows.filter(placement__isnull=False),
        "price",
        "placement",
        "whose",
        "starts_on",
        F("weekly_pence") / 100.0,
        "ends_on",
    )


def _visits(authority_id: int, since: date) -> Rows:
    rows = Visit.objects.filter(authority_id=authority_id, planned_on__gte=since)
    made = _whether(Q(state="done", visited_on__lte=F("planned_on")))
    return _as_rows(rows, "visit", "pk", OF_NO_CHILD, "planned_on", made)


def _payments(authority_id: int, since: date) -> Rows:
    """One row for each debt: what was paid of one invoice by one payment, as the page of prompt payment counts it."""
    settled = Q(payable__reason="settled")
    began = TruncDate(
        Case(When(settled, then=F("payable__made_at")), default=F("payable__invoice__received_at"), output_field=DateTimeField())
    )  # fmt: skip
    rows = _sent(authority_id, since).filter(pence__gt=0).annotate(began=began)
    debts = rows.values("payment_id", "payable__invoice_id", "began", "payment__sent_on").annotate(
        first=Min("pk")
    )
    days = Func(
        F("payment__sent_on"),
        F("began"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=FloatField(),
    )
    on_time = _whether(Q(days__lte=days_allowed(since)))
    return _as_rows(debts.annotate(days=days), "payment", "first", OF_NO_CHILD, "payment__sent_on", on_time)


def _sent(authority_id: int, since: date) -> QuerySet[PaymentItem]:
    return PaymentItem.objects.filter(
        authority_id=authority_id,
        is_live=True,
        payment__state__in=["sent", "paid"],
        payment__sent_on__gte=since,
    )


def _voids(authority_id: int, since: date) -> Rows:
    rows = BlockSettlement.objects.filter(authority_id=authority_id, month__gte=since, bed_nights__gt=0)
    rows = rows.exclude(state__in=OPEN_AGAIN).annotate(used=Coalesce(Sum("shares__nights"), Value(0)))
    return _as_rows(
        rows, "void", "pk", OF_NO_CHILD, "month", 100.0 - F("used") * Value(100.0) / F("bed_nights")
    )


def _answers(authority_id: int, since: date) -> Rows:
    rows = SurveyAnswer.objects.filter(
        authority_id=authority_id, survey__state="closed", survey__closes_on__gte=since
    )
    mean = Func(
        F("scores"),
        template="(SELECT avg(one) FROM unnest(%(expressions)s) AS one)",
        output_field=FloatField(),
    )
    kind = Concat(Value("answer:"), F("survey__audience"), output_field=TextField())
    return _as_rows(rows, kind, "survey_id", OF_NO_CHILD, "survey__closes_on", mean)


OF_CHILDREN = {
    "review": _reviews, "voice": _voices, "outcome": _outcomes, "missing": _missing, "offer": _offers, "decision": _decisions,
    "paid": _paid, "price": _prices,
}  # fmt: skip
OF_NOBODY = {"visit": _visits, "payment": _payments, "void": _voids, "answer": _answers}
