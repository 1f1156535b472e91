"""Questions about buying: applications, tenders, plans, uplifts, leads; each side sees its own, and nobody another's scores."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.register.buying.compliance import SOON
from rightplace.register.buying.models import (
    Answered,
    Application,
    Document,
    Evaluator,
    Evidence,
    Plan,
    ProviderLead,
    Release,
    Score,
    SharedService,
    Tender,
    UpliftRequest,
)
from rightplace.register.buying.standing import consortium
from rightplace.register.frameworks.models import Framework, Lot, LotMember

SEEN = ("moderating", "awarded")


def evidence_of(actor: Actor) -> QuerySet[Evidence]:
    """What the actor's provider shows now."""
    rows = Evidence.objects.filter(provider_id=actor.provider_id or 0, replaced_at=None)
    return rows.select_related("document").order_by("kind")


def evidence_to_check(actor: Actor) -> QuerySet[Evidence]:
    """Evidence of providers that applied or stand, which the consortium has not looked at."""
    whose = consortium(actor)
    applied = Application.objects.filter(consortium_id=whose).values("provider_id")
    stands = LotMember.objects.filter(lot__framework__consortium_id=whose, ends_on=None).values("provider_id")
    rows = Evidence.objects.filter(Q(provider_id__in=applied) | Q(provider_id__in=stands), replaced_at=None)
    return rows.exclude(checks__consortium_id=whose).select_related("provider", "document")


def evidence_seen(actor: Actor) -> QuerySet[Evidence]:
    """Evidence that stands of providers that applied to or stand with the actor's consortium."""
    whose = consortium(actor)
    applied = Application.objects.filter(consortium_id=whose).values("provider_id")
    stands = LotMember.objects.filter(lot__framework__consortium_id=whose).values("provider_id")
    rows = Evidence.objects.filter(Q(provider_id__in=applied) | Q(provider_id__in=stands), replaced_at=None)
    return rows.select_related("provider", "document")


def expiring(actor: Actor, on: date, within: timedelta = SOON) -> QuerySet[Evidence]:
    """Evidence of providers that stand on a lot which ends soon or has ended, the earliest first."""
    whose = consortium(actor)
    stands = LotMember.objects.filter(lot__framework__consortium_id=whose, ends_on=None).values("provider_id")
    rows = Evidence.objects.filter(provider_id__in=stands, replaced_at=None, expires_on__lte=on + within)
    return rows.select_related("provider", "document").order_by("expires_on", "id")


def document(actor: Actor, document_id: int) -> Document | None:
    """A file that the actor may read: the provider's own, or of a provider that applied to or stands with the consortium."""
    rows = Document.objects.filter(pk=document_id)
    if actor.provider_id is not None:
        return rows.filter(provider_id=actor.provider_id).first()
    whose = consortium(actor)
    applied = Application.objects.filter(consortium_id=whose).values("provider_id")
    stands = LotMember.objects.filter(lot__framework__consortium_id=whose).values("provider_id")
    asks = UpliftRequest.objects.filter(consortium_id=whose).values("provider_id")
    known = Q(provider_id__in=applied) | Q(provider_id__in=stands) | Q(provider_id__in=asks)
    return rows.filter(known).first()


def applications(actor: Actor) -> QuerySet[Application]:
    """Applications to the actor's consortium, or the actor's provider's own."""
    rows = Application.objects.select_related("provider", "lot__framework").prefetch_related("prices")
    if actor.provider_id is not None:
        return rows.filter(provider_id=actor.provider_id)
    return rows.filter(consortium_id=consortium(actor))


def open_lots(on: date) -> QuerySet[Lot]:
    """Lots that providers may apply to on a day."""
    running = Framework.objects.filter(starts_on__lte=on, ends_on__gt=on)
    window = Q(route="open_framework", windows__opens_on__lte=on, windows__closes_on__gt=on)
    routes = running.filter(Q(route__in=["dynamic_market", "dps"]) | window).values("pk")
    rows = Lot.objects.filter(framework__in=routes).select_related("framework__consortium", "framework__lead")
    return rows.prefetch_related("ceilings").order_by("framework__name", "name", "id")


def places_of_provider(actor: Actor) -> dict[int, LotMember]:
    """Where the actor's provider stands or stood, by lot: taken off where it has ended, and why."""
    return {one.lot_id: one for one in LotMember.objects.filter(provider_id=actor.provider_id or 0)}


def tenders(actor: Actor) -> QuerySet[Tender]:
    """The tenders of the actor's consortium."""
    return Tender.objects.filter(consortium_id=consortium(actor)).select_related("lead", "lot__framework")


def tenders_open_to(actor: Actor, now: datetime) -> QuerySet[Tender]:
    """What a provider may answer now: open procedures, and further competitions on lots where it stands."""
    stands = LotMember.objects.filter(
        provider_id=actor.provider_id or 0, ends_on=None, suspended_on=None
    ).values("lot_id")
    rows = Tender.objects.filter(state="open", closes_at__gt=now).select_related("lead", "lot__framework")
    return rows.filter(Q(route="open") | Q(route="further_competition", lot_id__in=stands)).prefetch_related(
        "criteria"
    )


def tendered_by(actor: Actor) -> QuerySet[Answered]:
    """What the actor's provider tendered."""
    rows = Answered.objects.filter(provider_id=actor.provider_id or 0)
    return rows.select_related("tender__lead").order_by("-id")


def how_many_tendered(tender: Tender) -> int:
    """How many providers have submitted; before the closing nothing more is known of them."""
    with as_system():
        return Answered.objects.filter(tender=tender, state="submitted").count()


def tendered(actor: Actor, tender: Tender) -> QuerySet[Answered]:
    """What was tendered, once it is no longer sealed."""
    rows = Answered.objects.filter(tender=tender, state="submitted", consortium_id=consortium(actor))
    rows = rows if tender.state not in ("draft", "open") else rows.none()
    return rows.select_related("provider").prefetch_related("answers").order_by("id")


def scores_seen(actor: Actor, tender: Tender) -> QuerySet[Score]:
    """The scores that somebody may read: their own, and from the moderation on everyone's."""
    rows = Score.objects.filter(tender=tender, consortium_id=consortium(actor)).select_related("user")
    return rows if tender.state in SEEN else rows.filter(user_id=actor.user_id or 0)


def evaluator(actor: Actor, tender: Tender) -> Evaluator | None:
    """The actor as somebody who scores this tender."""
    return Evaluator.objects.filter(tender=tender, user_id=actor.user_id or 0).first()


def tenders_to_score(actor: Actor) -> QuerySet[Tender]:
    """Tenders that wait for this person's scores."""
    return tenders(actor).filter(
        state="evaluating", evaluators__user_id=actor.user_id or 0, evaluators__finished_at=None
    )


def plans(actor: Actor) -> QuerySet[Plan]:
    """The consortium's pipeline."""
    rows = Plan.objects.filter(consortium_id=consortium(actor)).select_related("lead", "framework")
    return rows.prefetch_related("milestones").order_by("needed_on", "id")


def uplifts(actor: Actor) -> QuerySet[UpliftRequest]:
    """Requests for uplifts to the actor's consortium, or the actor's provider's own."""
    rows = UpliftRequest.objects.select_related("provider", "lead", "document")
    if actor.provider_id is not None:
        return rows.filter(provider_id=actor.provider_id)
    return rows.filter(consortium_id=consortium(actor))


def leads(actor: Actor) -> QuerySet[ProviderLead]:
    """Who leads for which provider."""
    return ProviderLead.objects.filter(consortium_id=consortium(actor)).select_related("provider", "lead")


def services(actor: Actor) -> QuerySet[SharedService]:
    """The directory of shared services."""
    return SharedService.objects.filter(consortium_id=consortium(actor), ended_on=None).select_related("lead")


def releases(actor: Actor) -> QuerySet[Release]:
    """What the consortium published."""
    return Release.objects.filter(consortium_id=consortium(actor)).order_by("-published_at", "-id")


def frameworks_ending(actor: Actor, on: date, until: date) -> QuerySet[Framework]:
    """Frameworks and markets that end between two days."""
    rows = Framework.objects.filter(consortium_id=consortium(actor), ends_on__gte=on, ends_on__lt=until)
    return rows.annotate(member_count=Count("lots__members", distinct=True)).order_by("ends_on", "name")
