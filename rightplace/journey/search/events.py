"""What happens in a search, told to whoever must react."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOpened(Event):
    """A search began, or began again (`is_again`)."""

    search_id: int
    request_id: int
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCarersAsked(Event):
    """So many own households were asked: the fostering officer answers for them."""

    search_id: int
    households: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOpened(Event):
    """Providers were asked, all at the same time; `provider_ids` are those who were asked now."""

    search_id: int
    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderInvited(Event):
    """One more provider was asked after the broker widened the search."""

    search_id: int
    invitation_id: int
    provider_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRuledOut(Event):
    """A home was ruled out of a search; `provider_ids`: who was still to answer for it."""

    search_id: int
    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedReminded(Event):
    """Those who had not answered were reminded."""

    search_id: int
    provider_ids: tuple[int, ...]
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingChanged(Event):
    """The closing time of a search was changed."""

    search_id: int
    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchClosed(Event):
    """The search closed: offers are unsealed and can be compared."""

    search_id: int
    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchStopped(Event):
    """The search was stopped: nobody need answer any more."""

    search_id: int
    request_id: int
    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """One who was asked has a question."""

    search_id: int
    question_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """A question was answered, for all who were asked."""

    search_id: int
    question_id: int
    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDeclined(Event):
    """One who was asked declined, with reasons."""

    search_id: int
    invitation_id: int
    reference: str
