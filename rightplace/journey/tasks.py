"""Work by the clock: searches that are due close by themselves, reminders go out, e-mails leave the outbox.

The worker (`rightplace worker`, or beside `rightplace serve`) runs these. Each may run on any number of machines at once.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.people import close_left_accounts
from rightplace.foundation.access.sessions import clear_old
from rightplace.foundation.notices.models import OutgoingEmail
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.court_orders.actions import chase_court_places
from rightplace.journey.funding.invoicing import remind_overdue_partners
from rightplace.journey.invoices.asking import chase_missing_credits, chase_overdue_queries
from rightplace.journey.ledger.recovering import remind_overdue_payees
from rightplace.journey.packages.running import remind_of_milestones
from rightplace.journey.panels.following_up import chase_actions
from rightplace.journey.reviews.planning import plan_reviews
from rightplace.journey.search import actions as search
from rightplace.journey.search.proposing import work_out_waiting
from rightplace.journey.search.queries import searches_due, searches_to_remind
from rightplace.journey.search.snapshot import forget_old_changes
from rightplace.register.buying.reminding import remind_of_endings

MOST_ATTEMPTS = 30
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
EMAILS_AT_ONCE = 2000
FAULTS_IN_A_ROW = 20
"""The mail server is away: wait for the next minute rather than for each message."""
REMIND_BEFORE = timedelta(hours=24)
ASKED_AT_LEAST = timedelta(hours=12)


def close_due_searches(now: datetime) -> int:
    """Close searches whose time is over, and ask the market where the time for own carers alone is over.

    The state is changed only from the state that was seen, so that two workers never do it twice. How many were moved on.
    """
    moved = 0
    for row in searches_due(now):
        by = system_actor(authority_id=row.authority_id)
        verb = search.close_search if row.closes_at <= now else search.open_market
        moved += verb(by=by, now=now, search_id=row.pk, version=row.version).is_done
    return moved


def remind_before_closing(now: datetime) -> int:
    """Remind once, in the last day before closing, those who were asked 12 hours ago or more and have not answered."""
    rows = searches_to_remind(now, (now + REMIND_BEFORE, now - ASKED_AT_LEAST))
    return sum(
        search.remind_invited(
            by=system_actor(authority_id=row.authority_id), now=now, search_id=row.pk, version=row.version
        ).is_done
        for row in rows
    )


def send_outbox(now: datetime) -> int:
    """Send the e-mails that are due; how many went out.

    Each is taken with a lock that other workers skip, and marked in the same transaction. No mail server can say for certain
    whether a message got through when the line breaks, so one may be handed over again, always under the same Message-ID:
    it is one message to whoever receives it, and never lost. A failure is tried again later and later, for about four days.
    """
    tried = sent = failed = 0
    with closing(get_connection()) as server:
        while tried < EMAILS_AT_ONCE and failed < FAULTS_IN_A_ROW:
            with transaction.atomic():
                mail = _next_mail(now)
                if mail is None:
                    break
                is_sent = _send(mail, server, now)
            tried, sent = tried + 1, sent + is_sent
            failed = 0 if is_sent else failed + 1
    return sent


def _next_mail(now: datetime) -> OutgoingEmail | None:
    is_due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    # Nothing waits longer than that: the clock was wrong when it was written down.
    is_due |= Q(next_try_at__gt=now + LONGEST_WAIT)
    waiting = OutgoingEmail.objects.filter(is_due, sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
    return waiting.select_for_update(skip_locked=True).order_by("attempts", "made_at", "id").first()


def _send(mail: OutgoingEmail, server: BaseEmailBackend, now: datetime) -> bool:
    headers = {"Message-ID": f"<{mail.pk}.{mail.made_at:%Y%m%d%H%M%S}@{_domain()}>"}
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers, connection=server).send()
    except OSError as fault:  # SMTP's own faults are OSErrors too
        wait = min(FIRST_WAIT * 2**mail.attempts, LONGEST_WAIT)
        _note(mail, last_error=f"{type(fault).__name__}: {fault}"[:300], next_try_at=now + wait)
        server.close()
        return False
    _note(mail, sent_at=now, last_error="")
    return True


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")


def _note(mail: OutgoingEmail, **changes: object) -> None:
    OutgoingEmail.objects.filter(pk=mail.pk).update(attempts=mail.attempts + 1, **changes)


@app.periodic(cron="* * * * *")
@app.task(name="close_due_searches", queueing_lock="close_due_searches", pass_context=False)
def close_due_searches_each_minute(timestamp: int) -> None:
    """Every minute."""
    close_due_searches(timezone.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="remind_before_closing", queueing_lock="remind_before_closing", pass_context=False)
def remind_each_quarter(timestamp: int) -> None:
    """Every quarter of an hour."""
    remind_before_closing(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="send_outbox", queueing_lock="send_outbox", pass_context=False)
def send_outbox_each_minute(timestamp: int) -> None:
    """Every minute."""
    send_outbox(timezone.now())


@app.periodic(cron="20 7 * * 1-5")
@app.task(name="chase_panel_actions", queueing_lock="chase_panel_actions", pass_context=False)
def chase_panel_actions_each_morning(timestamp: int) -> None:
    """Every working morning: actions of panels, places without registration that a court ordered, milestones that are late."""
    chase_actions(timezone.now())
    chase_court_places(timezone.now())
    remind_of_milestones(timezone.now())


@app.periodic(cron="40 7 * * *")
@app.task(name="remind_partners", queueing_lock="remind_partners", pass_context=False)
def remind_partners_each_morning(timestamp: int) -> None:
    """Every morning: partners whose recharge is past its day."""
    remind_overdue_partners(timezone.now())
    remind_overdue_payees(timezone.now())


@app.periodic(cron="15 4 * * *")
@app.task(name="plan_reviews", queueing_lock="plan_reviews", pass_context=False)
def plan_reviews_each_night(timestamp: int) -> None:
    """Every night: each looked-after child has its next review, by the statutory clock."""
    for authority_id in Authority.objects.order_by("pk").values_list("pk", flat=True):
        plan_reviews(by=system_actor(authority_id=authority_id), now=timezone.now())


@app.periodic(cron="30 7 * * *")
@app.task(name="remind_of_evidence", queueing_lock="remind_of_evidence", pass_context=False)
def remind_of_evidence_each_morning(timestamp: int) -> None:
    """Every morning: insurance and other evidence that ends soon, or has ended."""
    remind_of_endings(timezone.now())


@app.periodic(cron="50 7 * * 1-5")
@app.task(name="chase_queries", queueing_lock="chase_queries", pass_context=False)
def chase_queries_each_morning(timestamp: int) -> None:
    """Every working morning: providers whose answer to a query, or credit note, is overdue."""
    chase_overdue_queries(timezone.now())
    chase_missing_credits(timezone.now())


@app.periodic(cron="5 * * * *")
@app.task(name="close_left_accounts", queueing_lock="close_left_accounts", pass_context=False)
def close_left_accounts_each_hour(timestamp: int) -> None:
    """Every hour: accounts of those whose last day has come, with every session and token; and sessions that are over."""
    now = timezone.now()
    close_left_accounts(today=timezone.localdate(now), now=now)
    clear_old(now)


@app.periodic(cron="* * * * *")
@app.task(name="work_out_proposals", queueing_lock="work_out_proposals", pass_context=False)
def work_out_proposals_each_minute(timestamp: int) -> None:
    """Every minute: homes for everyone who waits, where that takes longer than a page may."""
    work_out_waiting(timezone.now())


@app.periodic(cron="35 3 * * *")
@app.task(name="forget_market_changes", queueing_lock="forget_market_changes", pass_context=False)
def forget_market_changes_each_night(timestamp: int) -> None:
    """Every night: which homes changed days ago, which no process still has to read."""
    forget_old_changes(timezone.now())
