"""What may be done with bank accounts: proposed by one person, confirmed by a second after a call back, stopped.

The commonest fraud against those who pay is a letter with “our new bank details”. So nobody is paid on one person's word:
the second calls the payee on a number known from before, never on one in the letter, and writes down who said what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.decisions.limits import EX_ROLE, holds_role
from rightplace.journey.ledger.events import AccountProposed
from rightplace.journey.ledger.models import BankAccount
from rightplace.journey.ledger.payees import OWN, Payee, exists, payee_of
from rightplace.journey.ledger.states import BANK_ACCOUNT

GONE = Problem(MISSING, "This bank account is not there, or is not yours.")
WAITING = Problem(
    "taken", "Another account of this payee waits for its call back. Confirm it or turn it down first."
)
TWO_PEOPLE = Problem("own_request", "A second person confirms a bank account: not who proposed it.")


@dataclass(frozen=True, slots=True)
class AccountGiven:
    """Bank details as somebody typed them."""

    name: str
    sort_code: str
    account_number: str
    asked_how: str
    service_user_number: str = ""

    @property
    def digits(self) -> tuple[str, str]:
        """Sort code and account number without the dashes and spaces that people write."""
        kept = (
            "".join(c for c in text if c not in " -\u2010\u2011\u2013.")
            for text in (self.sort_code, self.account_number)
        )
        code, number = kept
        return code, number


def account_problems(given: AccountGiven, *, is_own: bool) -> list[Problem]:
    """What is wrong with bank details. Shape only: whether the account exists the call back and the bank say."""
    code, number = given.digits
    found = []
    if not given.name.strip():
        found.append(Problem("empty", "Enter the name of the account.", "name"))
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        found.append(Problem("shape", "A sort code has six digits, as 20-00-00.", "sort_code"))
    if not (len(number) == 8 and number.isascii() and number.isdecimal()):
        found.append(
            Problem(
                "shape",
                "An account number has eight digits; put zeros before a shorter one.",
                "account_number",
            )
        )
    if not given.asked_how.strip():
        found.append(
            Problem("empty", "Say how the details reached you: which letter, form or call.", "asked_how")
        )
    user = given.service_user_number
    if is_own and not (len(user) == 6 and user.isascii() and user.isdecimal()):
        found.append(Problem("shape", "A service user number has six digits.", "service_user_number"))
    return found


@action
def propose_account(*, by: Actor, now: datetime, payee: Payee, given: AccountGiven) -> Outcome[BankAccount]:
    """Write down bank details of a payee (or of the authority itself); nothing is paid to them until a second person confirms."""
    if by.role != FINANCE_OFFICER:
        return refuse(Problem("not_yours", "Only a finance officer writes down bank details."))
    if not exists(payee, by.authority_id):
        return refuse(GONE)
    if problems := account_problems(given, is_own=payee == OWN):
        return refuse(problems)
    held = BankAccount.objects.filter(authority_id=by.authority_id, **payee.columns)
    if held.filter(state="proposed").exists():
        return refuse(WAITING)
    code, number = given.digits
    if held.filter(
        state="confirmed", sort_code=code, account_number=number, name=given.name.strip()
    ).exists():
        return refuse(Problem("same", "This is the account that is paid to already.", "account_number"))
    row = BankAccount.objects.create(
        authority_id=by.authority_id, is_own=payee == OWN, name=given.name.strip()[:60], sort_code=code, account_number=number,
        service_user_number=given.service_user_number, asked_how=given.asked_how.strip()[:300],
        proposed_by_id=by.person_id, proposed_at=now, **payee.columns,
    )  # fmt: skip
    _record(by, now, row, "propose_account", f"Bank account {row.masked} proposed")
    publish(
        AccountProposed(
            by=by, now=now, authority_id=by.authority_id, account_id=row.pk, proposed_by_id=by.person_id
        )
    )
    return Outcome(row)


@action
def confirm_account(
    *, by: Actor, now: datetime, account_id: int, version: int, call_back_words: str
) -> Outcome[BankAccount]:
    """Confirm an account as a second person, after calling the payee back on a number known from before."""
    row = _own(by, account_id)
    if row is None:
        return refuse(GONE)
    if problems := _second_person(by, now, row):
        return refuse(problems)
    if not call_back_words.strip():
        return refuse(
            Problem(
                "empty",
                "Say whom you called, on which number known from before, and what they said.",
                "call_back_words",
            )
        )
    if problems := BANK_ACCOUNT.problems("confirm_account", state=row.state, role=by.role):
        return refuse(problems)
    _replace_earlier(row, now)
    facts = {
        "call_back_words": call_back_words.strip()[:500],
        "decided_by_id": by.person_id,
        "decided_at": now,
    }
    if problems := change_state(BANK_ACCOUNT, row, "confirm_account", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, row, "confirm_account", f"Bank account {row.masked} confirmed after a call back")
    return Outcome(row)


def _replace_earlier(row: BankAccount, now: datetime) -> None:
    earlier = BankAccount.objects.filter(
        authority_id=row.authority_id, state__in=["confirmed", "stopped"], **payee_of(row).columns
    )
    for one in earlier:
        system = system_actor(authority_id=row.authority_id)
        change_state(BANK_ACCOUNT, one, "mark_replaced", by=system, ended_at=now)


@action
def turn_down_account(
    *, by: Actor, now: datetime, account_id: int, version: int, call_back_words: str
) -> Outcome[BankAccount]:
    """Turn an account down: the payee did not ask for it, or the call back told otherwise."""
    row = _own(by, account_id)
    if row is None:
        return refuse(GONE)
    problems = _second_person(by, now, row)
    if not call_back_words.strip():
        problems.append(Problem("empty", "Say why the account is turned down.", "call_back_words"))
    facts = {
        "call_back_words": call_back_words.strip()[:500],
        "decided_by_id": by.person_id,
        "decided_at": now,
    }
    if problems := problems or change_state(
        BANK_ACCOUNT, row, "turn_down_account", by=by, version=version, **facts
    ):
        return refuse(problems)
    _record(by, now, row, "turn_down_account", f"Bank account {row.masked} turned down")
    return Outcome(row)


@action
def stop_account(
    *, by: Actor, now: datetime, account_id: int, version: int, reason: str
) -> Outcome[BankAccount]:
    """Stop paying to an account; the payee is left out of runs until a new one is confirmed."""
    row = _own(by, account_id)
    if row is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say why payments to it stop.", "reason"))
    facts: dict[str, Any] = {"ended_at": now, "ended_words": reason.strip()[:300]}
    if problems := change_state(BANK_ACCOUNT, row, "stop_account", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, row, "stop_account", f"Payments to bank account {row.masked} stopped")
    return Outcome(row)


def follow_payment_returned(account: BankAccount, now: datetime) -> None:
    """A payment came back: nothing more goes to that account until it is set right."""
    if account.state == "confirmed":
        system = system_actor(authority_id=account.authority_id)
        change_state(
            BANK_ACCOUNT,
            account,
            "stop_account",
            by=system,
            ended_at=now,
            ended_words="The bank returned a payment.",
        )


def _second_person(by: Actor, now: datetime, row: BankAccount) -> list[Problem]:
    found = [TWO_PEOPLE] if row.proposed_by_id == by.user_id else []
    return found if holds_role(by, timezone.localdate(now)) else [*found, EX_ROLE]


def _own(by: Actor, account_id: int) -> BankAccount | None:
    return BankAccount.objects.filter(pk=account_id, authority_id=by.authority_id).first()


def _record(by: Actor, now: datetime, row: BankAccount, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="bank_account", subject_id=row.pk)
