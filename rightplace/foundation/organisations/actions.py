"""Verbs of organisations: an authority begins to use the product, alone or in a consortium, with its teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority, Consortium, Team
from rightplace.foundation.reference.authorities import (
    AuthorityFacts,
    authorities,
    children,
    find_authority,
)

LONGEST_NAME = 120


@action
def add_authority(
    *, by: Actor, now: datetime, name: str, consortium: str = "", teams: Sequence[str] = ()
) -> Outcome[Authority]:
    """Let an authority of England in, by the name it goes by; its codes, region and children come from the register.

    Again, it gives an authority that is there already a consortium and the teams that it lacks. Refused beside a
    demonstration: synthetic and real children are never kept in one database.
    """
    facts = find_authority(name)
    problems = _problems(name, facts, consortium, teams)
    if problems or facts is None:
        return refuse(problems)
    row, is_new = Authority.objects.get_or_create(
        gss_code=facts.code,
        defaults={
            "name": facts.name,
            "dfe_code": facts.dfe_code,
            "region": facts.region,
            "population_0_17": children(facts.code, now.year),
        },
    )
    if consortium and row.consortium is None:
        row.consortium = Consortium.objects.get_or_create(name=consortium.strip())[0]
        row.save(update_fields=["consortium"])
    for team in teams:
        Team.objects.get_or_create(authority=row, name=team.strip())
    words = f"{row.name} was let in" if is_new else f"{row.name} was completed"
    audit(
        by=by, now=now, verb="add_authority", words=words, subject="authority", subject_id=row.pk, authority_id=row.pk
    )  # fmt: skip
    return Outcome(row)


def _problems(
    name: str, facts: AuthorityFacts | None, consortium: str, teams: Sequence[str]
) -> list[Problem]:
    found = []
    if facts is None:
        found.append(Problem("unknown_authority", _unknown_words(name), "name"))
    if Authority.objects.filter(is_demo=True).exists():
        words = (
            "This database holds the demonstration. Keep real children in a database of their own "
            "(RIGHTPLACE_DATA or DATABASE_URL)."
        )
        found.append(Problem("demonstration", words))
    if any(not 0 < len(words.strip()) <= LONGEST_NAME for words in (*teams, consortium or "none")):
        found.append(
            Problem("unfit_name", f"A team or consortium has a name of 1 to {LONGEST_NAME} characters.")
        )
    return found


def _unknown_words(name: str) -> str:
    known = [each for facts in authorities().values() for each in (facts.name, *facts.aliases)]
    near = get_close_matches(name, known, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else " Use the name that the council goes by."
    return f"There is no authority called “{name}” in England.{hint}"
