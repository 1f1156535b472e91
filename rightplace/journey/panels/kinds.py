"""Verbs about panels themselves: setting them up, how they work from a day on, who sits on them, what is due there.

The clerk and the chairs keep their authority's panels; each change is dated and stands in the trail.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.text import slugify

from rightplace.core.meetings import CHAIRS
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.packaged import read_rows
from rightplace.journey.panels.due import RULES
from rightplace.journey.panels.models import PanelAgendaRule, PanelKind, PanelMember, PanelTerms
from rightplace.journey.panels.standing import GONE, people_on
from rightplace.journey.panels.states import ARRANGERS
from rightplace.journey.panels.words import EVERY, HOLIDAY_RULES, PARTS, SECTORS, WEEKS

NOT_YOURS = Problem("not_yours", "Only the panel clerk and the chairs keep the panels.")


@dataclass(frozen=True, slots=True)
class TermsGiven:
    """How a panel is to work from a day on."""

    every: str
    weekday: int
    starts_at: time
    quorum: int
    week_of_month: int = 1
    minutes: int = 120
    item_minutes: int = 15
    place: str = ""
    holiday_rule: str = "skip"
    sectors: tuple[str, ...] = ()
    papers_days: int = 2
    source: str = ""


@dataclass(frozen=True, slots=True)
class MemberGiven:
    """Who is to sit on a panel: a person with an account (`user_id`), or a partner by name and organisation."""

    part: str
    sector: str
    user_id: int | None = None
    name: str = ""
    organisation: str = ""


@action
def set_up_panels(*, by: Actor, now: datetime) -> Outcome[int]:
    """Give an authority that has no panels the usual kinds, with their rules, from the packaged defaults. How many."""
    if by.role not in ARRANGERS:
        return refuse(NOT_YOURS)
    if PanelKind.objects.filter(authority_id=by.authority_id).exists():
        return refuse(
            Problem("wrong_state", "This authority has panels already: add or change them one by one.")
        )
    today = timezone.localdate(now)
    rows = read_rows("panels/kinds.csv")
    for row in rows:
        _set_up(by.authority_id, today, row)
    words = f"The usual {len(rows)} panels were set up"
    audit(by=by, now=now, verb="set_up_panels", words=words, subject="panel", subject_id=None)
    return Outcome(len(rows))


def _set_up(authority_id: int, today: date, row: dict[str, str]) -> None:
    kind = PanelKind.objects.create(
        authority_id=authority_id, code=row["code"], name=row["name"], purpose=row["purpose"]
    )
    given = TermsGiven(
        every=row["every"],
        weekday=int(row["weekday"]),
        week_of_month=int(row["week_of_month"]),
        starts_at=time.fromisoformat(row["starts_at"]),
        minutes=int(row["minutes"]),
        item_minutes=int(row["item_minutes"]),
        holiday_rule=row["holiday_rule"],
        quorum=int(row["quorum"]),
        sectors=tuple(row["sectors"].split()),
        papers_days=int(row["papers_days"]),
        source=row["source"],
    )
    _write_terms(kind, given, today)
    PanelAgendaRule.objects.bulk_create(
        PanelAgendaRule(
            authority_id=authority_id,
            kind=kind,
            rule=rule["rule"],
            figure=int(rule["figure"]) if rule["figure"] else None,
            starts_on=today,
            source=rule["source"],
        )
        for rule in read_rows("panels/agenda_rules.csv")
        if rule["panel"] == row["code"]
    )


@action
def add_panel(*, by: Actor, now: datetime, name: str, purpose: str, terms: TermsGiven) -> Outcome[PanelKind]:
    """Add a panel of the authority's own; it works from today."""
    problems = [NOT_YOURS] if by.role not in ARRANGERS else _terms_problems(terms)
    code = slugify(name)[:40]
    if not code:
        problems.append(Problem("empty", "Say what the panel is called.", "name"))
    if PanelKind.objects.filter(authority_id=by.authority_id, code=code).exists():
        problems.append(Problem("taken_name", "There is a panel of this name already.", "name"))
    if problems:
        return refuse(problems)
    kind = PanelKind.objects.create(
        authority_id=by.authority_id, code=code, name=name.strip()[:100], purpose=purpose.strip()[:300]
    )
    _write_terms(kind, terms, timezone.localdate(now))
    _record(by, now, kind, "add_panel", f"{kind} was added")
    return Outcome(kind)


@action
def change_panel(
    *, by: Actor, now: datetime, kind_id: int, version: int, purpose: str, terms: TermsGiven, from_on: date
) -> Outcome[PanelTerms]:
    """Change how a panel works from a day on, today or later, unless somebody else has since this version was seen.

    What held before stays on record.

    Meetings already planned stay as they are: move or cancel them, then plan again.
    """
    kind = _kind(by, kind_id)
    if kind is None:
        return refuse(GONE)
    problems = _terms_problems(terms)
    if from_on < timezone.localdate(now):
        problems.append(Problem("past", "A change begins today or later.", "from_on"))
    if problems := problems or change_row(kind, version=version, purpose=purpose.strip()[:300]):
        return refuse(problems)
    written = _write_terms(kind, terms, from_on)
    _record(by, now, kind, "change_panel", f"{kind} works otherwise from {from_on:%-d %B %Y}")
    return Outcome(written)


def _write_terms(kind: PanelKind, given: TermsGiven, from_on: date) -> PanelTerms:
    """Write terms from a day on; what was to hold later falls away, what held until then ends."""
    PanelTerms.objects.filter(kind=kind, period__startswith__gte=from_on).delete()
    for row in PanelTerms.objects.filter(kind=kind, period__contains=from_on):
        PanelTerms.objects.filter(pk=row.pk).update(period=DateRange(row.period.lower, from_on))
    facts = {**asdict(given), "sectors": list(given.sectors)}
    return PanelTerms.objects.create(
        authority_id=kind.authority_id, kind=kind, period=DateRange(from_on, None), **facts
    )


def _terms_problems(given: TermsGiven) -> list[Problem]:
    checks = (
        (given.every in EVERY, "every", "Choose how often it meets."),
        (0 <= given.weekday <= 4, "weekday", "Choose a day from Monday to Friday."),
        (given.week_of_month in WEEKS, "week_of_month", "Choose which week of the month."),
        (given.holiday_rule in HOLIDAY_RULES, "holiday_rule", "Choose what happens on a bank holiday."),
        (2 <= given.quorum <= 30, "quorum", "A quorum is at least 2 members."),
        (15 <= given.minutes <= 600, "minutes", "A meeting takes from 15 to 600 minutes."),
        (5 <= given.item_minutes <= 240, "item_minutes", "An item takes from 5 to 240 minutes."),
        (0 <= given.papers_days <= 20, "papers_days", "Papers are due at most 20 working days before."),
        (set(given.sectors) <= set(SECTORS), "sectors", "Choose sectors that are in the list."),
    )
    return [Problem("wrong", words, field) for is_right, field, words in checks if not is_right]


@action
def add_member(*, by: Actor, now: datetime, kind_id: int, member: MemberGiven) -> Outcome[PanelMember]:
    """Let somebody sit on a panel from today: with an account in this authority, or as a partner by name."""
    kind = _kind(by, kind_id)
    if kind is None:
        return refuse(GONE)
    held = people_on(by.authority_id, timezone.localdate(now)).filter(user_id=member.user_id or 0)
    if problems := _member_problems(member, {row.role for row in held}):
        return refuse(problems)
    first = held.select_related("user").first()
    name = str(first.user) if first else member.name.strip()
    try:
        with transaction.atomic():
            row = PanelMember.objects.create(
                authority_id=kind.authority_id,
                kind=kind,
                user_id=member.user_id,
                name=name[:120],
                organisation=member.organisation.strip()[:120],
                part=member.part,
                sector=member.sector,
                starts_on=timezone.localdate(now),
            )
    except IntegrityError:  # the constraint one_part_in_a_panel
        return refuse(Problem("taken_name", f"{name} sits on this panel already.", "user_id"))
    _record(by, now, kind, "add_member", f"{name} sits on {kind} as {PARTS[row.part].lower()}")
    return Outcome(row)


def _member_problems(member: MemberGiven, held: set[str]) -> list[Problem]:
    problems = []
    if member.part not in PARTS:
        problems.append(Problem("wrong", "Choose the part.", "part"))
    if member.sector not in SECTORS:
        problems.append(Problem("wrong", "Choose for whom they sit.", "sector"))
    if member.user_id is not None and not held:
        problems.append(Problem("unknown", "This person has no account here.", "user_id"))
    if member.user_id is None and (member.part != "partner" or not member.name.strip()):
        words = "Choose a person, or give the name of a partner who has no account."
        problems.append(Problem("empty", words, "user_id"))
    if member.part in CHAIRS and member.user_id is not None and roles.PANEL_CHAIR not in held:
        words = "A chair needs the role of panel chair. Ask the access administrator to give it first."
        problems.append(Problem("needs_role", words, "part"))
    return problems


@action
def end_member(*, by: Actor, now: datetime, member_id: int) -> Outcome[PanelMember]:
    """Let a member sit on a panel no longer, from today; the calendar address stops too."""
    row = _member(by, member_id)
    if row is None:
        return refuse(GONE)
    PanelMember.objects.filter(pk=row.pk).update(ends_on=timezone.localdate(now), feed_nonce="")
    _record(by, now, row.kind, "end_member", f"{row.name} no longer sits on {row.kind}")
    return Outcome(row)


@action
def set_agenda_rule(
    *, by: Actor, now: datetime, kind_id: int, rule: str, figure: int | None, is_on: bool = True
) -> Outcome[PanelAgendaRule | None]:
    """Say from today what is due at a panel: a kind of rule with its figure, or that the rule no longer holds."""
    kind = _kind(by, kind_id)
    if kind is None:
        return refuse(GONE)
    known = RULES.get(rule)
    if known is None:
        return refuse(Problem("unknown", "There is no such rule.", "rule"))
    if is_on and known.unit and (figure is None or figure <= 0):
        return refuse(Problem("empty", f"Give the figure: {known.unit_words}.", "figure"))
    today = timezone.localdate(now)
    PanelAgendaRule.objects.filter(kind=kind, rule=rule, ends_on__isnull=True).update(ends_on=today)
    made = None
    if is_on:
        made = PanelAgendaRule.objects.create(
            authority_id=kind.authority_id, kind=kind, rule=rule, figure=figure if known.unit else None,
            starts_on=today, source=f"Set by {by.name}",
        )  # fmt: skip
    said = known.said(figure) if is_on else f"no longer: {known.words.lower()}"
    _record(by, now, kind, "set_agenda_rule", f"Due at {kind}: {said}")
    return Outcome(made)


@action
def make_feed(*, by: Actor, now: datetime, member_id: int) -> Outcome[PanelMember]:
    """Make a private calendar address for a member, in place of the one before: one's own, or by the clerk for a partner."""
    row = _member(by, member_id, is_own=True)
    if row is None:
        return refuse(GONE)
    row.feed_nonce = secrets.token_hex(16)
    row.save(update_fields=["feed_nonce"])
    _record(by, now, row.kind, "make_feed", f"A calendar address for {row.kind} was made for {row.name}")
    return Outcome(row)


@action
def revoke_feed(*, by: Actor, now: datetime, member_id: int) -> Outcome[PanelMember]:
    """Take back a calendar address: it answers no more."""
    row = _member(by, member_id, is_own=True)
    if row is None:
        return refuse(GONE)
    row.feed_nonce = ""
    row.save(update_fields=["feed_nonce"])
    _record(
        by, now, row.kind, "revoke_feed", f"The calendar address of {row.name} for {row.kind} was taken back"
    )
    return Outcome(row)


def _kind(by: Actor, kind_id: int) -> PanelKind | None:
    if by.role not in ARRANGERS:
        return None
    return PanelKind.objects.filter(pk=kind_id, authority_id=by.authority_id).first()


def _member(by: Actor, member_id: int, *, is_own: bool = False) -> PanelMember | None:
    rows = PanelMember.objects.filter(authority_id=by.authority_id, ends_on__isnull=True)
    row = rows.select_related("kind").filter(pk=member_id).first()
    if row is None or by.role in ARRANGERS or (is_own and row.user_id == by.user_id):
        return row
    return None


def _record(by: Actor, now: datetime, kind: PanelKind, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="panel", subject_id=kind.pk)
