"""Referrals: what those who are asked may read, exactly as the portal shows it, and how they answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Given, Id, Page, Shown, Text
from rightplace.api.paging import Paged, by_moment, page_of
from rightplace.api.problems import not_found
from rightplace.api.section import Section, done
from rightplace.journey.search import answering, queries
from rightplace.journey.search.referrals import ReferralPage, ReferralRow, referral_row

section = Section("referrals", "Anonymised referrals: what a provider, or the fostering team, is asked.")
READ, WRITE = "read:referrals", "write:referrals"
SORTS = {"closes_at": by_moment("closes_at"), "sent_at": by_moment("sent_at")}
Reason = Literal[
    "no_vacancy", "needs_too_high", "not_a_match", "staffing", "location", "age_or_sex", "notice", "information",
    "price", "other",
]  # fmt: skip


class ReferralsAsked(Paged):
    """Which referrals."""

    state: Literal["sent", "seen", "declined", "offered", "closed"] | None = None
    sort: Literal["closes_at", "-closes_at", "sent_at", "-sent_at"] = "closes_at"


class ReferralSummary(Shown):
    """A referral in a list."""

    id: int
    version: int
    reference: str
    summary: str
    needs: str
    home_district: str
    needed_by: date | None
    urgency: str
    home: str = Field(description="Which of your homes or carers is asked")
    authority: str
    state: str
    sent_at: datetime
    closes_at: datetime
    is_open: bool


class Fact(Shown):
    """A fact in words."""

    name: str
    words: str


class NeedAsked(Shown):
    """A need, to be answered in an offer under its topic."""

    topic: str
    words: str
    severity: int
    evidence: str


class TopicAsked(Shown):
    """An outcome or a criterion, to be answered in an offer under its topic."""

    topic: str
    words: str
    note: str
    is_essential: bool


class QuestionAsked(Shown):
    """A question with its answer; who asked is not shown."""

    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    is_yours: bool


class ReferralShown(ReferralSummary):
    """A referral as it was anonymised and checked."""

    setting_id: int | None
    children: list[Fact]
    facts: list[Fact]
    texts: list[Fact]
    need_topics: list[NeedAsked]
    outcomes: list[TopicAsked]
    criteria: list[TopicAsked]
    questions: list[QuestionAsked]
    decline_reasons: list[str]
    verbs: list[str] = Field(description="What you may do with it now")


class Decline(Given):
    """Why you cannot help. Reasons are counted: they show where the market falls short."""

    reasons: Annotated[list[Reason], Field(min_length=1, max_length=10)]
    words: Annotated[Text, Field(max_length=500)] = ""


class Asking(Given):
    """A question, shown with its answer to all who were asked. Name nobody in it."""

    words: Annotated[Text, Field(min_length=1, max_length=1000)]


@section.lists("/referrals", READ, roles.OFFERERS, ReferralSummary)
def list_referrals(call: Call, asked: Query[ReferralsAsked]) -> Page[ReferralSummary]:
    """List the referrals that ask you, the next to close first."""
    states = [asked.state] if asked.state else []
    found = queries.invitations_of(call.actor, now=call.now, states=states)
    return page_of(
        found.rows, asked, asked.sort, SORTS,
        lambda part: [ReferralSummary(**_summary(referral_row(one, call.now))) for one in part],
    )  # fmt: skip


@section.reads("/referrals/{int:referral_id}", READ, roles.OFFERERS, ReferralShown)
def read_referral(call: Call, referral_id: Id) -> ReferralShown:
    """Read one referral. Reading does not mark it as opened: use the verb for that."""
    page = queries.invitation_page(call.actor, referral_id, now=call.now)
    if page is None:
        raise not_found()
    return _shown(page)


def _summary(row: ReferralRow) -> dict[str, Any]:
    same = (
        "id",
        "version",
        "reference",
        "summary",
        "needs",
        "needed_by",
        "urgency",
        "home",
        "authority",
        "state",
    )
    found = {name: getattr(row, name) for name in (*same, "sent_at", "closes_at", "is_open")}
    return {**found, "home_district": row.district}


def _shown(page: ReferralPage) -> ReferralShown:
    def facts(rows: Any) -> list[Fact]:
        return [Fact(name=one.key, words=one.value) for one in rows]

    def topics(rows: Any) -> list[TopicAsked]:
        return [
            TopicAsked(topic=t.key, words=t.words, note=t.note, is_essential=t.is_essential) for t in rows
        ]

    return ReferralShown(
        **_summary(page.row),
        setting_id=page.setting_id,
        children=facts(page.children),
        facts=facts(page.facts),
        texts=facts(page.texts),
        need_topics=[
            NeedAsked(topic=n.key, words=n.words, severity=n.severity, evidence=n.evidence)
            for n in page.needs
        ],
        outcomes=topics(page.outcomes),
        criteria=topics([*page.kind_musts, *page.essential, *page.desirable]),
        questions=[
            QuestionAsked(
                words=q.words,
                asked_at=q.asked_at,
                answer=q.answer,
                answered_at=q.answered_at,
                is_yours=q.is_yours,
            )
            for q in page.questions
        ],
        decline_reasons=list(page.decline_reasons),
        verbs=sorted(page.verbs),
    )


@section.acts(
    "/referrals/{int:referral_id}/open",
    WRITE,
    roles.ANSWERERS,
    ReferralShown,
    read_referral,
    takes_version=False,
)
def open_referral(call: Call, referral_id: Id) -> ReferralShown:
    """Open a referral: from now on the broker sees that you have."""
    done(answering.see_invitation(by=call.actor, now=call.now, invitation_id=referral_id))
    return read_referral(call, referral_id)


@section.acts("/referrals/{int:referral_id}/decline", WRITE, roles.OFFERERS, ReferralShown, read_referral)
def decline_referral(call: Call, referral_id: Id, given: Decline) -> ReferralShown:
    """Decline a referral, with reasons. It can be taken back while the search is open."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "invitation_id": referral_id}
    reasons = tuple(given.reasons)
    done(answering.decline_invitation(**who, version=call.version, reasons=reasons, words=given.words))
    return read_referral(call, referral_id)


@section.acts(
    "/referrals/{int:referral_id}/undo-decline", WRITE, roles.OFFERERS, ReferralShown, read_referral
)
def undo_decline(call: Call, referral_id: Id) -> ReferralShown:
    """Take a decline back: you can help after all."""
    done(answering.undo_decline(by=call.actor, now=call.now, invitation_id=referral_id, version=call.version))
    return read_referral(call, referral_id)


@section.acts(
    "/referrals/{int:referral_id}/questions", WRITE, roles.ANSWERERS, ReferralShown, read_referral,
    takes_version=False,
)  # fmt: skip
def ask_question(call: Call, referral_id: Id, given: Asking) -> ReferralShown:
    """Ask the broker a question; it and its answer are shown to all who were asked."""
    done(answering.ask_question(by=call.actor, now=call.now, invitation_id=referral_id, words=given.words))
    return read_referral(call, referral_id)
