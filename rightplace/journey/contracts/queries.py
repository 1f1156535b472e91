"""Questions about contracts: which there are, what waits for a signature, and everything about one.

Staff ask within their authority, a provider within what was issued to it. Answers are plain values, never rows of
tables, so that the portal's pages can hold nothing that was not meant for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from rightplace.core.pricing import PriceLine, PriceUnit, WholeCost
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER, FOSTERING_OFFICER, PROVIDER
from rightplace.foundation.audit.queries import history
from rightplace.foundation.audit.record import audit
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts import checks
from rightplace.journey.contracts.agreement import KIND_WORDS, changes, more_words, price_words
from rightplace.journey.contracts.drafting import TermLine
from rightplace.journey.contracts.issuing import provider_name
from rightplace.journey.contracts.models import Contract, ContractVersion, RisePermission, Signature
from rightplace.journey.contracts.permitting import rise_pence
from rightplace.journey.contracts.rules import Rules, rules_from, rules_words
from rightplace.journey.contracts.signing import side_of, who_problems
from rightplace.journey.contracts.standing import (
    is_ruling,
    lines_of,
    price_from,
    standing_or_proposed,
    stay_of,
    terms_of,
)
from rightplace.journey.contracts.states import ARRANGERS, CONTRACT, PROVIDER_SIGNERS
from rightplace.journey.contracts.terms import stay_cost

OUT_FOR_SIGNATURE = ("awaiting_signatures", "varying")
SIDES = {"authority": "the authority", "provider": "the provider"}


@dataclass(frozen=True, slots=True)
class ContractFilters:
    """What a list of contracts is narrowed to; empty means everything."""

    state: str = ""
    provider_id: int | None = None
    words: str = ""
    waits_for: str = ""
    sort: str = "-made_at"


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract in a list: the child by initials only."""

    id: int
    version: int
    reference: str
    child_initials: str
    home: str
    provider: str
    authority: str
    state: str
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    made_at: datetime
    missing_sides: tuple[str, ...]
    whole_cost_pence: int | None
    # The service that it is of; None for a placement.
    package_id: int | None = None

    @property
    def waits_for(self) -> str:
        """Whose signature is missing, in words."""
        if len(self.missing_sides) == len(SIDES):
            return "Both sides"
        return " and ".join(SIDES[side].capitalize() for side in self.missing_sides)


@dataclass(frozen=True, slots=True)
class LineShown:
    """A price line in words."""

    kind: str
    price: str
    starts_on: date | None
    ends_on: date | None
    words: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class SignatureShown:
    """A signature: for which side, by whom, when, under which text."""

    side: str
    name: str
    at: datetime
    text_sha256: str


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version with its document, lines, signatures and what it changed."""

    id: int
    number: int
    name: str
    state: str
    in_force_from: date
    ends_on: date | None
    reason: str
    made_at: datetime
    made_by: str
    document: dict[str, Any]
    text: str
    text_sha256: str
    has_pdf: bool
    lines: tuple[LineShown, ...]
    outcomes: tuple[tuple[str, str, str], ...]
    signatures: tuple[SignatureShown, ...]
    changed: tuple[tuple[str, str, str], ...]
    rise_pence: int
    rules: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftShown:
    """What may be edited in a draft."""

    services: str
    notice_days: int
    first_review_on: date | None
    review_every_weeks: int
    rules: Rules


@dataclass(frozen=True, slots=True)
class ContractShown:
    """Everything on the page of a contract."""

    row: ContractRow
    versions: tuple[VersionShown, ...]
    current: VersionShown
    draft: DraftShown
    cost: WholeCost | None
    verbs: tuple[str, ...]
    side: str
    cannot_sign: str
    history: tuple[tuple[datetime, str, str], ...]
    # The permission that the current version waits for.
    rise_id: int | None = None

    @property
    def may_sign(self) -> bool:
        """Whether this actor can sign the current version now."""
        return bool(self.side) and not self.cannot_sign and self.row.state in OUT_FOR_SIGNATURE


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


def contracts(actor: Actor, filters: ContractFilters = ContractFilters()) -> QuerySet[Contract]:
    """The contracts that this actor may see, as narrowed and sorted; turn each into a row with `contract_row`."""
    rows = _own(actor)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.provider_id is not None:
        rows = rows.filter(Q(provider_id=filters.provider_id or None))
    if filters.waits_for:
        signed = Signature.objects.filter(
            contract_version__contract=OuterRef("pk"), contract_version__is_signed=False,
            contract_version__taken_back_at=None, side=filters.waits_for,
        )  # fmt: skip
        unpermitted = ContractVersion.objects.filter(
            contract=OuterRef("pk"), waits_for_permission=True, taken_back_at=None
        )
        rows = rows.filter(~Exists(signed), ~Exists(unpermitted), state__in=OUT_FOR_SIGNATURE)
    if filters.words:
        rows = rows.filter(_matching(filters.words))
    key = filters.sort if filters.sort.lstrip("-") in SORTS else "-made_at"
    return rows.order_by(*SORTS[key.lstrip("-")](key.startswith("-")))


def _by(*columns: str) -> Any:
    return lambda down: [f"-{column}" if down else column for column in columns]


SORTS = {
    "reference": _by("pk"),
    "made_at": _by("made_at", "pk"),
    "starts_on": _by("starts_on", "pk"),
    "ends_on": _by("ends_on", "pk"),
    "provider": _by("provider__name", "pk"),
    "home": _by("home_words", "pk"),
    "state": _by("state", "pk"),
}


def contract_row(contract: Contract) -> ContractRow:
    """A contract as a row of a list."""
    proposed = standing_or_proposed(contract)
    cost = stay_cost(proposed.terms, proposed.stay).total_pence if proposed else None
    return ContractRow(
        id=contract.pk,
        version=contract.version,
        reference=contract.reference,
        child_initials=contract.child_initials,
        home=contract.home_words,
        provider=provider_name(contract),
        authority=contract.authority.name,
        state=contract.state,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        ended_on=contract.ended_on,
        made_at=contract.made_at,
        missing_sides=_missing_sides(contract),
        whole_cost_pence=cost,
        package_id=contract.package_id,
    )


def contracts_to_sign(actor: Actor) -> tuple[ContractRow, ...]:
    """What is out for signature and waits for this actor's side, the earliest start first; nothing for who signs for none."""
    if actor.role not in (*ARRANGERS, *PROVIDER_SIGNERS):
        return ()
    side = "authority" if actor.role in ARRANGERS else "provider"
    rows = contracts(actor, ContractFilters(waits_for=side, sort="starts_on"))
    if actor.role == FOSTERING_OFFICER:
        rows = rows.filter(provider=None)
    return tuple(contract_row(contract) for contract in rows[:100])


def contracts_to_issue(actor: Actor) -> tuple[ContractRow, ...]:
    """Drafts that wait to be issued, the earliest start first."""
    return tuple(
        contract_row(row) for row in contracts(actor, ContractFilters(state="draft", sort="starts_on"))[:100]
    )


def contract_of_placement(actor: Actor, placement_id: int) -> ContractRow | None:
    """The contract of a placement, if it has one."""
    contract = _own(actor).filter(placement_id=placement_id).first()
    return contract_row(contract) if contract else None


def contract_of_service(actor: Actor, package_id: int) -> ContractRow | None:
    """The contract of a service for a child, if it has one."""
    contract = _own(actor).filter(package_id=package_id).first()
    return contract_row(contract) if contract else None


def contract_brief(actor: Actor, contract_id: int) -> ContractRow | None:
    """One contract as a row, with the child by initials only."""
    contract = _own(actor).filter(pk=contract_id).first()
    return contract_row(contract) if contract else None


def contract_page(actor: Actor, contract_id: int, now: datetime) -> ContractShown | None:
    """Everything about one contract; opening it is a look into the child's file, and is recorded."""
    contract = _own(actor).prefetch_related("versions__outcomes").filter(pk=contract_id).first()
    if contract is None:
        return None
    if may_read_text(actor):
        _look(actor, now, contract, f"Opened contract {contract.reference}")
    versions = [version for version in contract.versions.all() if _may_see(actor, version)]
    shown = tuple(_version_shown(contract, versions, place, actor) for place in range(len(versions)))
    place = max(i for i, version in enumerate(versions) if version.taken_back_at is None)
    current = versions[place]
    proposed = standing_or_proposed(contract)
    return ContractShown(
        row=contract_row(contract),
        versions=shown,
        current=shown[place],
        draft=DraftShown(
            current.services,
            current.notice_days,
            current.first_review_on,
            current.review_every_weeks,
            rules_from(current.rules),
        ),
        cost=stay_cost(proposed.terms, proposed.stay) if proposed else None,
        verbs=_verbs(actor, contract),
        side=side_of(actor, contract),
        cannot_sign=" ".join(p.sentence for p in who_problems(actor, contract, current)),
        history=_history(actor, contract),
        rise_id=_rise_waited_for(current),
    )


def _verbs(actor: Actor, contract: Contract) -> tuple[str, ...]:
    """What may be done with it now; the contract of a service is changed where the service is, so never by itself."""
    if contract.package_id is not None:
        return ()
    return tuple(step.verb for step in CONTRACT.open_to(state=contract.state, role=actor.role))


def _rise_waited_for(version: ContractVersion) -> int | None:
    if not version.waits_for_permission:
        return None
    rows = RisePermission.objects.filter(contract_version=version)
    return rows.values_list("pk", flat=True).first()


def _may_see(actor: Actor, version: ContractVersion) -> bool:
    """A variation that was never permitted is the authority's own matter."""
    return actor.provider_id is None or not version.waits_for_permission


def may_read_text(actor: Actor) -> bool:
    """Whether this actor may read the text, which names the child; finance works with the terms and the initials."""
    return actor.role != FINANCE_OFFICER


def contract_file(actor: Actor, contract_id: int, number: int, now: datetime) -> FileShown | None:
    """The PDF of a version; downloading it is a look into the child's file."""
    contract = _own(actor).filter(pk=contract_id).first()
    if contract is None or not may_read_text(actor):
        return None
    version = contract.versions.select_related("pdf").filter(number=number, pdf__isnull=False).first()
    if version is None or version.pdf is None or not _may_see(actor, version):
        return None
    _look(actor, now, contract, f"Downloaded contract {contract.reference}, version {number}")
    return FileShown(version.pdf.name, version.pdf.media_type, bytes(version.pdf.content))


def terms_to_vary(actor: Actor, contract_id: int, since: date) -> tuple[list[TermLine], Rules]:
    """The price lines and rules from which a variation starts: as they stand, without one-off costs already charged."""
    contract = _own(actor).filter(pk=contract_id).first()
    signed = [version for version in contract.versions.all() if is_ruling(version)] if contract else []
    if not signed:
        return [], Rules()
    return checks.lines_to_vary(signed[-1], since), checks.rules_to_vary(signed[-1], since)


def states_in_use(actor: Actor) -> dict[str, int]:
    """How many contracts there are in each state."""
    found: dict[str, int] = dict.fromkeys(CONTRACT.states, 0)
    for state in _own(actor, with_parts=False).values_list("state", flat=True):
        found[state] += 1
    return found


def providers_in_use(actor: Actor) -> list[tuple[int, str]]:
    """The providers with which there are contracts, by name; 0 stands for the authority's own fostering service."""
    rows = _own(actor, with_parts=False).values_list("provider_id", "provider__name").distinct()
    named = [(key or 0, name or "Own fostering service") for key, name in rows.order_by("provider__name")]
    return sorted(named, key=lambda pair: pair[1])


def _own(actor: Actor, *, with_parts: bool = True) -> QuerySet[Contract]:
    rows = Contract.objects.all()
    if with_parts:
        rows = rows.select_related("authority", "provider").prefetch_related(
            "versions__lines", "versions__signatures", "authority__carer_rates"
        )
    if actor.role == PROVIDER or actor.provider_id is not None:
        issued = ContractVersion.objects.filter(contract=OuterRef("pk")).exclude(text="")
        return rows.filter(Exists(issued), Q(provider_id=actor.provider_id)).exclude(state="draft")
    return without_hidden(actor, rows.filter(authority_id=actor.authority_id), "child_id")


def _matching(words: str) -> Q:
    text = words.strip()
    number = text.upper().removeprefix("IPC-").lstrip("0")
    found = Q(home_words__icontains=text) | Q(provider__name__icontains=text) | Q(child_initials__iexact=text)
    return found | Q(pk=int(number)) if number.isdecimal() and len(number) < 12 else found


def _missing_sides(contract: Contract) -> tuple[str, ...]:
    if contract.state not in OUT_FOR_SIGNATURE:
        return ()
    waiting = [v for v in contract.versions.all() if v.taken_back_at is None and not v.is_signed]
    if any(version.waits_for_permission for version in waiting):
        return ()
    signed = {signature.side for version in waiting[-1:] for signature in version.signatures.all()}
    return tuple(side for side in SIDES if side not in signed)


def _version_shown(
    contract: Contract, versions: list[ContractVersion], place: int, actor: Actor
) -> VersionShown:
    version = versions[place]
    before = next((v for v in reversed(versions[:place]) if v.is_signed), None)
    return VersionShown(
        id=version.pk,
        number=version.number,
        name="Contract" if version.number == 1 else f"Variation {version.number - 1}",
        state=_state_of(contract, version),
        in_force_from=price_from(version, contract),
        ends_on=version.ends_on or contract.ends_on,
        reason=version.reason if may_read_text(actor) else "",
        made_at=version.made_at,
        made_by=version.made_by,
        document=version.document if may_read_text(actor) else {},
        text=version.text if may_read_text(actor) else "",
        text_sha256=version.text_sha256,
        has_pdf=version.pdf_id is not None and may_read_text(actor),
        lines=_lines_shown(version, is_home=contract.package_id is None),
        outcomes=_outcomes(version) if may_read_text(actor) else (),
        signatures=tuple(
            SignatureShown(SIDES[s.side], s.signed_name, s.signed_at, s.text_sha256)
            for s in version.signatures.all()
        ),
        changed=changed_lines(before, version) if before else (),
        rise_pence=_rise(contract, versions, place),
        rules=rules_words(rules_from(version.rules), version.notice_days),
    )


def _rise(contract: Contract, versions: list[ContractVersion], place: int) -> int:
    """What a variation adds to the whole cost of the stay, against the versions signed before it."""
    version = versions[place]
    earlier = [v for v in versions[:place] if v.is_signed]
    if not earlier:
        return 0
    if not version.is_signed:
        return rise_pence(contract, version)
    before = stay_cost([terms_of(v) for v in earlier], stay_of(contract, earlier))
    after = stay_cost([terms_of(v) for v in [*earlier, version]], stay_of(contract, [*earlier, version]))
    return after.total_pence - before.total_pence


def _state_of(contract: Contract, version: ContractVersion) -> str:
    if version.taken_back_at is not None:
        return "taken_back"
    if version.is_signed:
        return "signed"
    if version.waits_for_permission:
        return "awaiting_permission"
    return "awaiting_signatures" if contract.state in OUT_FOR_SIGNATURE else contract.state


def _priced(version: ContractVersion) -> list[tuple[PriceLine, str]]:
    return [(line.as_price_line(), line.words) for line in lines_of(version)]


def changed_lines(before: ContractVersion, version: ContractVersion) -> tuple[tuple[str, str, str], ...]:
    """The price lines of a variation beside those it takes the place of: what for, as it was, as it becomes."""
    return changes(_still_to_come(before, version), _priced(version))


def _still_to_come(before: ContractVersion, version: ContractVersion) -> list[tuple[PriceLine, str]]:
    """The lines that a variation replaces: a one-off cost charged before its day is not among them."""
    return [
        (priced, words)
        for priced, words in _priced(before)
        if priced.unit != PriceUnit.ONE_OFF
        or (priced.starts_on or before.in_force_from) >= version.in_force_from
    ]


def _lines_shown(version: ContractVersion, *, is_home: bool) -> tuple[LineShown, ...]:
    """The lines in words; nights away from a home are nothing to a service."""
    return tuple(
        LineShown(
            KIND_WORDS[priced.kind],
            price_words(priced),
            priced.starts_on,
            priced.ends_on,
            words,
            more_words(priced if is_home else replace(priced, is_paid_when_away=False)),
        )
        for priced, words in _priced(version)
    )


def _outcomes(version: ContractVersion) -> tuple[tuple[str, str, str], ...]:
    return tuple((o.words, o.measure, o.how) for o in version.outcomes.all())


def _history(actor: Actor, contract: Contract) -> tuple[tuple[datetime, str, str], ...]:
    entries = history(actor, subject="contract", subject_id=contract.pk)
    return tuple((entry.at, entry.actor_name, entry.words) for entry in entries)


def _look(actor: Actor, now: datetime, contract: Contract, words: str) -> None:
    if contract.child_id is None and actor.provider_id is None:
        # A contract that came in another way does not carry the child's number itself.
        contract.child_id = contract.placed.child_id
    audit(
        by=actor, now=now, verb="look", words=words, subject="child", subject_id=contract.child_id,
        authority_id=contract.authority_id, child_id=contract.child_id, is_look=True,
    )  # fmt: skip
