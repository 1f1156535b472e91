"""What waits on the desks: each request is walked through the real verbs as far as its stage, and left there."""

from collections.abc import Callable
from datetime import timedelta

from rightplace.demo import arranging, asking, words
from rightplace.demo.asking import NobodySuits, Office
from rightplace.demo.words import BY_KEY
from rightplace.foundation.access import roles
from rightplace.journey.contracts.models import Contract
from rightplace.journey.decisions.models import Permission
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests import actions as requests
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Invitation, Search

Stage = Callable[[Office, str], object]


def draft(office: Office, story: str) -> PlacementRequest:
    """Half filled in: the social worker will go on with it."""
    return asking.drafted(office, BY_KEY[story], days_ago=0.2, needed_in=20, is_finished=False)


def waiting_for_check(office: Office, story: str) -> PlacementRequest:
    """Sent yesterday: waits for a broker's quality check."""
    row = asking.drafted(office, BY_KEY[story], days_ago=2, needed_in=18)
    return asking.submitted(office, row, days_ago=0.9)


def waiting_for_check_today(office: Office, story: str) -> PlacementRequest:
    """Needed tomorrow: waits for a broker at once."""
    row = asking.drafted(office, BY_KEY[story], days_ago=0.1, needed_in=1)
    return asking.submitted(office, row, days_ago=0.05)


def returned(office: Office, story: str) -> PlacementRequest:
    """Sent back with comments: waits for the social worker, and its clock stands."""
    row = asking.drafted(office, BY_KEY[story], days_ago=4, needed_in=17)
    return asking.returned(office, asking.submitted(office, row, days_ago=3), days_ago=1)


def ready(office: Office, story: str, *, days_ago: float = 0.3, needed_in: int = 16) -> PlacementRequest:
    """Through the quality check: waits for a search to be opened."""
    row = asking.drafted(office, BY_KEY[story], days_ago=days_ago + 2, needed_in=needed_in)
    row = asking.submitted(office, row, days_ago=days_ago + 1)
    return asking.passed(office, row, days_ago=days_ago)


def asking_own_carers(office: Office, story: str) -> Search:
    """Own households are asked; one has been opened, the rest wait for the fostering officer."""
    row = ready(office, story, days_ago=1)
    search = arranging.searched(office, row, days_ago=0.8, closes_in=7, own_first=True)
    own = list(Invitation.objects.filter(search=search, household__isnull=False).order_by("pk")[:3])
    if search.state == "own_carers" and len(own) > 2:
        arranging.declined(office, own[:1], days_ago=0.3)
        arranging.offered(office, own[1:2], days_ago=0.2, is_submitted=False)
    return search


def asking_the_market(office: Office, story: str) -> Search:
    """All eligible providers are asked: sealed offers, declines, a draft, and a question not answered yet."""
    row = ready(office, story, days_ago=3, needed_in=14)
    search = arranging.searched(office, row, days_ago=2.5, closes_in=3)
    some = arranging.asked(office, search, 9)
    _question(office, some[:1], is_answered=True, days_ago=1.8)
    _question(office, some[1:2], is_answered=False, days_ago=0.4)
    arranging.offered(office, some[2:4], days_ago=1)
    arranging.offered(office, some[:1], days_ago=0.5, is_submitted=False)
    arranging.declined(office, some[5:], days_ago=0.7)
    return search


def _question(office: Office, invitations: list[Invitation], *, is_answered: bool, days_ago: float) -> None:
    for one in invitations:
        if one.provider_id in office.cast.by_provider:
            arranging.questioned(office, one, days_ago=days_ago, is_answered=is_answered)


def _offers_in(
    office: Office, story: str, *, days_ago: float, needed_in: int, number: int = 4
) -> tuple[PlacementRequest, list[Offer]]:
    """A closed search with offers, the first from somebody whose people can sign in where there is one."""
    row = ready(office, story, days_ago=days_ago + 4, needed_in=needed_in)
    search = arranging.searched(office, row, days_ago=days_ago + 3.5, closes_in=2)
    some = arranging.asked(office, search, number + 3)
    made = arranging.offered(office, some[:number], days_ago=days_ago + 2)
    arranging.declined(office, some[number:], days_ago=days_ago + 1.5)
    arranging.closed(office, search, days_ago=days_ago + 1)
    return row, made


def waiting_for_choice(office: Office, story: str) -> PlacementRequest:
    """Offers side by side: wait for the team manager."""
    return _offers_in(office, story, days_ago=0, needed_in=9)[0]


def few_offers_to_choose_from(office: Office, story: str) -> PlacementRequest:
    """Fewer offers than wanted: a choice needs a reason of its own."""
    return _offers_in(office, story, days_ago=0.5, needed_in=6, number=2)[0]


def waiting_for_permission(office: Office, story: str) -> Permission:
    """Chosen: waits for whoever may approve at its cost, or for the panel."""
    row, made = _offers_in(office, story, days_ago=1, needed_in=7)
    return arranging.chosen(office, row, made[0], days_ago=0.6)


def placed_before_permission(office: Office, story: str) -> Permission:
    """An emergency: the child is there since last night, the approval follows on a clock."""
    row = asking.drafted(office, BY_KEY[story], days_ago=1.2, needed_in=0, is_emergency=True)
    row = asking.passed(office, asking.submitted(office, row, days_ago=1.1), days_ago=1.05)
    search = arranging.searched(office, row, days_ago=1.04, closes_in=1)
    made = arranging.offered(office, arranging.asked(office, search, 1), days_ago=1)
    permission = arranging.chosen(office, row, made[0], days_ago=0.9)
    for placement in arranging.planned(permission):
        arranging.started(office, placement, days_ago=0, on_days_ago=0)
    return permission


def _permitted(office: Office, story: str, *, days_ago: float, starts_in: int) -> list[Placement]:
    row, made = _offers_in(office, story, days_ago=days_ago + 2, needed_in=starts_in)
    permission = arranging.chosen(office, row, made[0], days_ago=days_ago + 1.5)
    permission.refresh_from_db()
    arranging.approved(office, permission, days_ago=days_ago + 1, conditions=words.CONDITIONS)
    return arranging.planned(permission)


def starting_this_week(office: Office, story: str) -> list[Placement]:
    """Permitted: the contract is a draft, the child moves in two days."""
    return _permitted(office, story, days_ago=0, starts_in=2)


def due_yesterday(office: Office, story: str) -> list[Placement]:
    """The start was for yesterday, and nobody has confirmed it."""
    return _permitted(office, story, days_ago=1, starts_in=-1)


def waiting_for_the_provider(office: Office, story: str) -> None:
    """The contract is issued and signed by the authority; the provider's signature is missing."""
    for placement in _permitted(office, story, days_ago=0.5, starts_in=3):
        contract = arranging.issued(office, placement, days_ago=0.4)
        arranging.signed(office, contract, days_ago=0.3, sides=("authority",))


def waiting_for_the_authority(office: Office, story: str) -> None:
    """The contract is signed by the provider where its people can sign in; the authority's signature is missing."""
    for placement in _permitted(office, story, days_ago=0.5, starts_in=4):
        contract = arranging.issued(office, placement, days_ago=0.4)
        if contract.provider_id in office.cast.by_provider:
            arranging.signed(office, contract, days_ago=0.2, sides=("provider",))


def running(office: Office, story: str) -> list[Placement]:
    """Started last week, signed by both: the schedule of payments is there."""
    placed = _permitted(office, story, days_ago=9, starts_in=-7)
    for placement in placed:
        contract = arranging.issued(office, placement, days_ago=9.5)
        if contract.provider_id in office.cast.by_provider:
            arranging.signed(office, contract, days_ago=9, sides=("authority", "provider"))
        arranging.started(office, placement, days_ago=6.9, on_days_ago=7)
    return placed


def dearer(office: Office, _story: str) -> None:
    """Two contracts that would become dearer: each waits for permission by whoever's limit covers it."""
    standing = Contract.objects.filter(
        authority_id=office.authority_id, state="in_force", provider__isnull=False
    )
    late = office.today + timedelta(days=90)
    found = standing.filter(starts_on__lt=office.today, ends_on__gt=late, ended_on=None).order_by("pk")
    for contract in (found.first(), found.last()):
        if contract is not None and contract.state == "in_force":
            arranging.varied(office, contract, days_ago=0.7)


def did_not_arrive(office: Office, story: str) -> None:
    """The child went elsewhere; the place is free again."""
    for placement in _permitted(office, story, days_ago=2, starts_in=-2):
        arranging.not_arrived(office, placement, days_ago=1)


def broke_down(office: Office, story: str) -> None:
    """Ended yesterday after a week, and asked for again in one step."""
    for placement in running(office, story):
        arranging.ended(office, placement, days_ago=1)
        requests.start_request(
            by=office.who(roles.TEAM_MANAGER, 0),
            now=office.ago(0.01),
            child_ids=(placement.child_id,),
            needed_by=office.today,
            is_emergency=True,
            replaces_placement_id=placement.pk,
        ).done()


def withdrawn(office: Office, story: str) -> None:
    """No longer needed: an aunt was approved."""
    row = ready(office, story, days_ago=6)
    requests.withdraw_request(
        by=office.who(roles.TEAM_MANAGER, 0),
        now=office.ago(2),
        request_id=row.pk,
        version=row.version,
        reason="An aunt has been approved to care for the child.",
    ).done()


BUSY: tuple[tuple[Stage, str], ...] = (
    (draft, "hurting"),
    (draft, "nearly_grown"),
    (waiting_for_check, "breakdown"),
    (waiting_for_check, "disabled"),
    (waiting_for_check_today, "little_ones"),
    (returned, "exploited"),
    (ready, "arrived_alone"),
    (asking_own_carers, "little_ones"),
    (asking_the_market, "breakdown"),
    (asking_the_market, "together"),
    (waiting_for_choice, "nearly_grown"),
    (few_offers_to_choose_from, "exploited"),
    (waiting_for_permission, "arrived_alone"),
    (waiting_for_permission, "disabled"),
    (placed_before_permission, "breakdown"),
    (starting_this_week, "nearly_grown"),
    (due_yesterday, "arrived_alone"),
    (waiting_for_the_provider, "little_ones"),
    (waiting_for_the_authority, "breakdown"),
    (running, "little_ones"),
    (dearer, "breakdown"),
    (did_not_arrive, "nearly_grown"),
    (broke_down, "hurting"),
    (withdrawn, "breakdown"),
    (ready, "secure"),
)
SOME: tuple[tuple[Stage, str], ...] = (
    (draft, "hurting"),
    (waiting_for_check, "breakdown"),
    (returned, "disabled"),
    (asking_the_market, "breakdown"),
    (waiting_for_choice, "nearly_grown"),
    (waiting_for_permission, "disabled"),
)
QUIET: tuple[tuple[Stage, str], ...] = (
    (draft, "breakdown"),
    (waiting_for_check, "hurting"),
    (waiting_for_check_today, "breakdown"),
    (returned, "nearly_grown"),
)


def do_work(office: Office, stages: tuple[tuple[Stage, str], ...]) -> None:
    """Leave work at these stages in one authority; where no child suits a story, that one is left out."""
    for stage, story in stages:
        try:
            stage(office, story)
        except NobodySuits:
            continue
