"""Placement requests: a case system makes and sends them, and follows how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Code, Day, Given, Id, Line, Number, Page, Pence, Shown, Text, YesNo
from rightplace.api.paging import BY_ID, Paged, by_day, by_moment, page_of
from rightplace.api.problems import ApiProblem, Fault, not_found
from rightplace.api.section import Section, done
from rightplace.journey.requests import actions, queries
from rightplace.journey.requests.child_files import children_found
from rightplace.journey.requests.entries import NeedGiven, OutcomeGiven
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.states import REQUEST

section = Section("requests", "Placement requests: for one child, or for brothers and sisters together.")
READ, WRITE = "read:requests", "write:requests"
SORTS = {"id": BY_ID, "created_at": by_moment("created_at"), "needed_by": by_day("needed_by")}
State = Literal[
    "draft", "submitted", "returned", "ready", "searching", "offers_in", "chosen", "permitted", "placed", "withdrawn"
]  # fmt: skip


class RequestsAsked(Paged):
    """Which requests."""

    state: State | None = None
    urgency: Literal["today", "under_5_days", "over_5_days"] | None = None
    child_number: Number | None = Field(None, description="The child's number in the authority's own books")
    sort: Literal["id", "-id", "created_at", "-created_at", "needed_by", "-needed_by"] = "-id"


class RequestRow(Shown):
    """A request in a list."""

    id: int
    version: int
    reference: str
    state: str
    state_words: str
    urgency: str = Field(description="Fixed when the request is sent; empty before")
    is_emergency: bool
    needed_by: date | None
    created_at: datetime
    submitted_at: datetime | None
    child_numbers: list[str]
    verbs: list[str] = Field(description="What your role may do with it now")


class NeedShown(Shown):
    """A need of a child."""

    kind: str
    severity: int = Field(description="1 some, 2 significant, 3 high")
    evidence: str


class ChildAsked(Shown):
    """A child of the request."""

    request_child_id: int
    child_id: int
    child_number: str
    strengths: str
    child_view: str
    needs: list[NeedShown]


class OutcomeShown(Shown):
    """What should be better for the child."""

    area: str
    words: str
    measure: str


class CommentShown(Shown):
    """What a broker asks to be mended."""

    field: str
    words: str
    at: datetime


class ToMend(Shown):
    """What the quality check finds."""

    field: str
    severity: str
    words: str


class RequestShown(RequestRow):
    """A request with everything that was entered."""

    likely_weeks: int | None
    why_now: str
    about: str
    children: list[ChildAsked]
    essential: list[str] = Field(description="What the home must have: codes, or words")
    desirable: list[str]
    outcomes: list[OutcomeShown]
    comments: list[CommentShown]
    to_mend: list[ToMend] = Field(description="Those with severity `must` keep it from being sent")
    check_due_on: date | None = Field(description="By when the quality check is to be done")
    close_reason: str


class NeedOf(Given):
    """A need of a child: one of the kinds in the glossary."""

    kind: Code
    severity: Annotated[int, Field(strict=True, ge=1, le=3)]
    evidence: Text = ""


class ChildOf(Given):
    """A child to ask for, by the number in the authority's own books."""

    child_number: Number
    needs: Annotated[list[NeedOf], Field(max_length=40)] | None = None
    strengths: Text | None = None
    child_view: Text | None = None


class OutcomeOf(Given):
    """What should be better for the child."""

    area: Code
    words: Annotated[Line, Field(min_length=1)]
    measure: Line = ""


class RequestParts(Given):
    """What may be entered. What is left out stays as it is; what the register knows is filled in by itself."""

    needed_by: Day | None = None
    likely_weeks: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    why_now: Text | None = None
    about: Text | None = None
    foster_suitability: Code | None = None
    residential_suitability: Code | None = None
    supported_suitability: Code | None = None
    is_secure_needed: bool | None = None
    secure_words: str | None = None
    living_companions: Code | None = None
    pets: Code | None = None
    home_adaptation: YesNo | None = None
    deprivation_of_liberty: YesNo | None = None
    health_words: Text | None = None
    contact_words: Text | None = None
    culture_words: Text | None = None
    keep_school: YesNo | None = None
    school_words: Text | None = None
    ceiling_pence_week: Pence | None = None
    ceiling_reason: Text | None = None
    essential: Annotated[list[Line], Field(max_length=30)] | None = None
    desirable: Annotated[list[Line], Field(max_length=30)] | None = None
    outcomes: Annotated[list[OutcomeOf], Field(max_length=20)] | None = None
    siblings_together: YesNo | None = None
    siblings_words: Text | None = None


class RequestNew(RequestParts):
    """A request to make."""

    children: Annotated[list[ChildOf], Field(min_length=1, max_length=8)]
    is_emergency: YesNo = False


class RequestChanges(RequestParts):
    """What to change in a draft or returned request."""

    children: Annotated[list[ChildOf], Field(max_length=8)] | None = None


class Reason(Given):
    """Why."""

    reason: Annotated[Line, Field(min_length=1)]


@section.lists("/requests", READ, roles.REQUEST_LISTERS, RequestRow)
def list_requests(call: Call, asked: Query[RequestsAsked]) -> Page[RequestRow]:
    """List requests of the authority, as far as the role sees them. Drafts are shown only to those who ask."""
    states = [asked.state] if asked.state else []
    rows = queries.requests_found(call.actor, states=states, urgency=asked.urgency or "")
    if asked.child_number:
        rows = rows.filter(children__child__local_number=asked.child_number)
    return page_of(
        rows, asked, asked.sort, SORTS, lambda part: [RequestRow(**_row(call, one)) for one in part]
    )


@section.reads("/requests/{int:request_id}", READ, roles.REQUEST_READERS, RequestShown)
def read_request(call: Call, request_id: Id) -> RequestShown:
    """Read one request with everything. It is a look into each child's file, and recorded."""
    file = queries.request_file(call.actor, request_id, call.now)
    if file is None:
        raise not_found()
    row = file.row
    return RequestShown(
        **_row(call, row),
        likely_weeks=row.likely_weeks,
        why_now=row.why_now,
        about=row.about,
        children=[_child(one) for one in row.children.all()],
        essential=[one.code or one.words for one in row.criteria.all() if one.is_essential],
        desirable=[one.code or one.words for one in row.criteria.all() if not one.is_essential],
        outcomes=[OutcomeShown(area=o.area, words=o.words, measure=o.measure) for o in row.outcomes.all()],
        comments=[
            CommentShown(field=c.field, words=c.words, at=c.at) for c in file.comments if not c.settled_at
        ],
        to_mend=[
            ToMend(field=f.field, severity=f.severity.value, words=f.words) for f in file.quality.findings
        ],
        check_due_on=file.due_on,
        close_reason=row.close_reason,
    )


def _row(call: Call, row: PlacementRequest) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": row.version,
        "reference": row.reference,
        "state": row.state,
        "state_words": REQUEST.states[row.state],
        "urgency": row.urgency,
        "is_emergency": row.is_emergency,
        "needed_by": row.needed_by,
        "created_at": row.created_at,
        "submitted_at": row.submitted_at,
        "child_numbers": [one.child.local_number for one in row.children.all()],
        "verbs": [step.verb for step in REQUEST.open_to(state=row.state, role=call.actor.role)],
    }


def _child(one: Any) -> ChildAsked:
    return ChildAsked(
        request_child_id=one.pk,
        child_id=one.child_id,
        child_number=one.child.local_number,
        strengths=one.strengths,
        child_view=one.child_view,
        needs=[NeedShown(kind=n.kind, severity=n.severity, evidence=n.evidence) for n in one.needs.all()],
    )


@section.creates("/requests", WRITE, roles.ASKERS, RequestShown, read_request)
def make_request(call: Call, given: RequestNew) -> RequestShown:
    """Make a request, with as much of it as is known. It stays a draft until it is sent.

    All or nothing: where one part does not fit, nothing is made.
    """
    ids = tuple(_child_ids(call, given.children))
    who: dict[str, Any] = {"by": call.actor, "now": call.now}
    who |= {"needed_by": given.needed_by, "is_emergency": given.is_emergency}
    row = done(actions.start_request(**who, child_ids=ids))
    _save_parts(call, row, given, given.children)
    return read_request(call, row.pk)


@section.changes("/requests/{int:request_id}", WRITE, roles.ASKERS, RequestShown)
def change_request(call: Call, request_id: Id, given: RequestChanges) -> RequestShown:
    """Change a draft, or a request that was returned: what is sent, the rest stays."""
    row = queries.requests(call.actor).filter(pk=request_id).first()
    if row is None:
        raise not_found()
    if row.version != call.version:
        raise ApiProblem("stale")
    _save_parts(call, row, given, given.children or [])
    return read_request(call, request_id)


def _child_ids(call: Call, children: Sequence[ChildOf]) -> list[int]:
    """The children by their numbers; each that is not there is told at its place."""
    numbers = [one.child_number for one in children]
    found = children_found(call.actor).filter(local_number__in=numbers).values_list("local_number", "pk")
    known = dict(found.order_by("pk"))
    missing = [place for place, number in enumerate(numbers) if number not in known]
    if missing:
        words = "There is no such child in your authority."
        faults = (
            Fault(field=f"children.{place}.child_number", code="unknown", message=words) for place in missing
        )
        raise ApiProblem("unfit", words, tuple(faults))
    return [known[number] for number in numbers]


def _save_parts(call: Call, row: PlacementRequest, given: RequestParts, children: Sequence[ChildOf]) -> None:
    """Save each part that was sent by its own action, one version after the other."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "request_id": row.pk}
    sent = given.model_dump(exclude_unset=True, exclude=PARTS)
    texts = {name: "" if value is None and name in TEXTS else value for name, value in sent.items()}
    if texts:
        row = done(actions.save_request(**who, version=row.version, changes=texts))
    for child in children:
        row = _save_needs(call, row, child)
    if given.essential is not None or given.desirable is not None:
        wanted: dict[str, Any] = {"essential": given.essential or [], "desirable": given.desirable or []}
        row = done(actions.save_criteria(**who, version=row.version, **wanted))
    if given.outcomes is not None:
        listed = [OutcomeGiven(one.area, one.words, one.measure) for one in given.outcomes]
        row = done(actions.save_outcomes(**who, version=row.version, outcomes=listed))
    if given.siblings_together is not None:
        wish: dict[str, Any] = {"together": given.siblings_together, "words": given.siblings_words or ""}
        done(actions.save_sibling_wishes(**who, version=row.version, **wish))


PARTS = {
    "children",
    "is_emergency",
    "essential",
    "desirable",
    "outcomes",
    "siblings_together",
    "siblings_words",
}
TEXTS = frozenset(
    name for name in RequestParts.model_fields if name.endswith(("_words", "_reason", "_companions"))
) | {"why_now", "about", "pets"}


def _save_needs(call: Call, row: PlacementRequest, child: ChildOf) -> PlacementRequest:
    asked = row.children.filter(child__local_number=child.child_number).first()
    if asked is None:
        raise not_found()
    if child.needs is None and child.strengths is None and child.child_view is None:
        return row
    needs = child.needs
    if needs is None:
        listed = [NeedGiven(one.kind, one.severity, one.evidence) for one in asked.needs.all()]
    else:
        listed = [NeedGiven(one.kind, one.severity, one.evidence) for one in needs]
    outcome = actions.save_needs(
        by=call.actor, now=call.now, request_id=row.pk, version=row.version, request_child_id=asked.pk,
        needs=listed, strengths=child.strengths, child_view=child.child_view,
    )  # fmt: skip
    saved: PlacementRequest = done(outcome)
    return saved


@section.acts("/requests/{int:request_id}/submit", WRITE, roles.ASKERS, RequestShown, read_request)
def submit_request(call: Call, request_id: Id) -> RequestShown:
    """Send a request to the brokers, once nothing must be mended any more."""
    done(actions.submit_request(by=call.actor, now=call.now, request_id=request_id, version=call.version))
    return read_request(call, request_id)


@section.acts("/requests/{int:request_id}/recall", WRITE, roles.ASKERS, RequestShown, read_request)
def recall_request(call: Call, request_id: Id) -> RequestShown:
    """Take a sent request back to change it, as long as no broker has answered."""
    done(actions.recall_request(by=call.actor, now=call.now, request_id=request_id, version=call.version))
    return read_request(call, request_id)


@section.acts("/requests/{int:request_id}/withdraw", WRITE, roles.WITHDRAWERS, RequestShown, read_request)
def withdraw_request(call: Call, request_id: Id, given: Reason) -> RequestShown:
    """Withdraw a request that is no longer needed, and say why."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "request_id": request_id}
    done(actions.withdraw_request(**who, version=call.version, reason=given.reason))
    return read_request(call, request_id)
