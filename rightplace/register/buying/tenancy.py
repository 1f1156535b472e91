"""Who reads what of buying beyond the consortium: providers their own and tenders that they may answer, sealed until closed."""

from __future__ import annotations

from rightplace.foundation.tenancy import OF_CONSORTIUM, OF_PROVIDER, OWN_CONSORTIUM, PERSON, PROVIDER, Policy


def evidence(table: str) -> Policy:
    """A provider's evidence: its own, and read by consortia where it has applied or stands on a lot. Only it changes any."""
    applied = f"EXISTS (SELECT 1 FROM buying_application a WHERE a.provider_id = {table}.provider_id)"
    stands = (
        "EXISTS (SELECT 1 FROM frameworks_lotmember m JOIN frameworks_lot l ON l.id = m.lot_id"
        " JOIN frameworks_framework f ON f.id = l.framework_id"
        f" WHERE m.provider_id = {table}.provider_id AND f.consortium_id = {OWN_CONSORTIUM})"
    )
    return Policy(f"{OF_PROVIDER} OR {applied} OR {stands}", OF_PROVIDER, is_read_by_others=True)


def tender() -> Policy:
    """A tender: of its consortium; read by every provider once it is open, or by those on its lot in a further competition."""
    on_the_lot = (
        "EXISTS (SELECT 1 FROM frameworks_lotmember m WHERE m.lot_id = buying_tender.lot_id"
        f" AND m.provider_id = {PROVIDER} AND m.ends_on IS NULL AND m.suspended_on IS NULL)"
    )
    open_to = f"(route = 'open' OR (route = 'further_competition' AND {on_the_lot}))"
    asked = f"({PROVIDER} IS NOT NULL AND state <> 'draft' AND {open_to})"
    return Policy(f"{OF_CONSORTIUM} OR {asked}", OF_CONSORTIUM, is_read_by_others=True)


def with_tender(table: str) -> Policy:
    """What belongs to a tender and is read by whoever reads the tender."""
    seen = f"EXISTS (SELECT 1 FROM buying_tender t WHERE t.id = {table}.tender_id)"
    return Policy(f"{OF_CONSORTIUM} OR {seen}", OF_CONSORTIUM, is_read_by_others=True)


def sealed(table: str) -> Policy:
    """What a provider tenders: its own; of the consortium's people only once the tender has closed."""
    closed = f"EXISTS (SELECT 1 FROM buying_tender t WHERE t.id = {table}.tender_id AND t.state NOT IN ('draft', 'open'))"
    rule = f"{OF_PROVIDER} OR ({OF_CONSORTIUM} AND {closed})"
    return Policy(rule, rule)


def scored_alone(table: str) -> Policy:
    """A score: of who gave it alone, until all have finished and it is moderated."""
    over = f"EXISTS (SELECT 1 FROM buying_tender t WHERE t.id = {table}.tender_id AND t.state IN ('moderating', 'awarded'))"
    rule = f"{OF_CONSORTIUM} AND (user_id = {PERSON} OR {over})"
    return Policy(rule, f"{OF_CONSORTIUM} AND user_id = {PERSON}", is_read_by_others=True)
