"""The market in memory: built from the database once in each process, and kept right by what the database says has changed.

What all authorities see alike (the register, places taken) is kept once. On it stands what one authority sees: its own
carers, its own children, the concerns it may know of, its consortium's frameworks; never in another's. Triggers write which
home changed into `search_marketchange` with the number of the transaction. A reader knows from PostgreSQL which
transactions it could see when it last looked, and reads again exactly the homes of those that it could not. What the reader's
own unfinished transaction changed counts for this answer only and is not kept, for it may still be undone.
"""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from threading import RLock
from typing import TypeVar, overload

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from rightplace.core.matching.market import NOT_KNOWN, Market, market_of, with_changes
from rightplace.core.matching.profile import Option
from rightplace.foundation.access.scope import current_scope
from rightplace.journey.search.models import MarketChange
from rightplace.register.carers import queries as carers
from rightplace.register.frameworks.queries import approved, consortium_of
from rightplace.register.providers import queries as providers
from rightplace.register.providers.market import homes_within

Key = TypeVar("Key")
MOST_KEPT = 12
KEPT_FOR = timedelta(hours=20)
"""A market older than this is read anew, well before the changes since are dropped."""
CHANGES_KEPT = timedelta(days=2)
MOST_CHANGES = 2_000
"""With more changed homes than this the market is read anew."""

NOT_READ: NDArray[np.int8] = np.empty(0, dtype=np.int8)

_NOW = """
    SELECT pg_current_snapshot()::text, pg_relation_filenode('search_marketchange')::text || ' ' || current_database(),
           coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0), clock_timestamp()
"""
_SINCE = """
    SELECT DISTINCT kind, key, number = %s FROM search_marketchange
    WHERE number >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint
      AND NOT pg_visible_in_snapshot(number::text::xid8, %s::pg_snapshot)
"""
_OWN = "SELECT EXISTS (SELECT 1 FROM search_marketchange WHERE number = %s)"


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a reader can see: PostgreSQL's snapshot, which table of changes, and its own transaction (0: it wrote nothing)."""

    visible: str
    table: str
    own: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Changes:
    """Homes that changed since a moment; `is_own` when the reader's own transaction is among those who changed them."""

    settings: frozenset[int] = frozenset()
    households: frozenset[int] = frozenset()
    routes: bool = False
    is_own: bool = False

    @property
    def many(self) -> int:
        return len(self.settings) + len(self.households)

    def __bool__(self) -> bool:
        return bool(self.many or self.routes)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A market as it was at a moment, with whose each home is."""

    market: Market
    moment: _Moment
    providers: Mapping[str, int] = field(default_factory=dict)
    # The regions in which homes of a provider and kind may lie; none: anywhere.
    routes: Mapping[tuple[int, str], frozenset[str]] = field(default_factory=dict)
    framework: NDArray[np.int8] = field(default_factory=lambda: NOT_READ)


_base: OrderedDict[date, _Kept] = OrderedDict()
_own: OrderedDict[tuple[int, object, date], _Kept] = OrderedDict()
_lock = RLock()


def market_for(authority_id: int, on: date) -> Market:
    """The market as an authority sees it on a day. ValueError when asked for another than the one whose scope this is.

    An officer of a consortium acts for no authority (0): the homes that all share, with the consortium's frameworks.
    """
    scope = current_scope()
    if scope is not None and scope.actor.authority_id != authority_id:
        raise ValueError("a market is read in the scope of its own authority")
    sees = (
        None
        if scope is None
        else (scope.sharing_concerns, scope.actor.consortium_id if not authority_id else None)
    )
    with _lock:
        kept = _current(authority_id, on, (authority_id, sees, on))
    return _with_routes(kept)


def forget() -> None:
    """Forget everything that is kept: the next reader builds it anew."""
    with _lock:
        _base.clear()
        _own.clear()


def forget_old_changes(now: datetime) -> int:
    """Drop what changed so long ago that no process keeps a market from before; how many rows."""
    return MarketChange.objects.filter(at__lt=now - CHANGES_KEPT).delete()[0]


def _current(authority_id: int, on: date, key: tuple[int, object, date]) -> _Kept:
    moment = _moment()
    kept = _fresh(_own.get(key), moment)
    changes = _since(kept.moment, moment) if kept else None
    if kept is None or changes is None:
        kept = _built(authority_id, on, moment)
        return _put(_own, key, kept, is_own=_wrote(moment))
    if not changes:
        return _put(_own, key, replace(kept, moment=moment), is_own=False)
    return _put(_own, key, _updated(kept, authority_id, on, moment, changes), is_own=changes.is_own)


def _moment() -> _Moment:
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        return _Moment(*cursor.fetchone())


def _wrote(moment: _Moment) -> bool:
    """Whether the reader's own transaction has changed the market."""
    if not moment.own:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [moment.own])
        return bool(cursor.fetchone()[0])


def _fresh(kept: _Kept | None, moment: _Moment) -> _Kept | None:
    """What is kept, unless it is old, or of another table of changes (emptied or restored since)."""
    is_same = kept is not None and kept.moment.table == moment.table
    return kept if is_same and kept is not None and moment.at - kept.moment.at < KEPT_FOR else None


def _since(before: _Moment, moment: _Moment) -> _Changes | None:
    """What changed between; None when so much that everything is read anew."""
    if before.visible == moment.visible and not moment.own:
        return _Changes()
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [moment.own, before.visible, before.visible])
        rows = cursor.fetchmany(MOST_CHANGES + 1)
    if len(rows) > MOST_CHANGES:
        return None
    by_kind: dict[str, set[int]] = {"setting": set(), "household": set(), "routes": set()}
    for kind, key, _ in rows:
        by_kind[kind].add(key)
    return _Changes(
        frozenset(by_kind["setting"]),
        frozenset(by_kind["household"]),
        bool(by_kind["routes"]),
        any(is_own for _, _, is_own in rows),
    )


def _put(place: OrderedDict[Key, _Kept], key: Key, kept: _Kept, *, is_own: bool) -> _Kept:
    """Keep it for the next reader, unless it holds what may still be undone."""
    if not is_own:
        place[key] = kept
        place.move_to_end(key)
        while len(place) > MOST_KEPT:
            place.popitem(last=False)
    return kept


def _shared(on: date, moment: _Moment) -> _Kept:
    """What all authorities see alike on a day."""
    kept = _fresh(_base.get(on), moment)
    changes = _since(kept.moment, moment) if kept else None
    if kept is None or changes is None:
        if near := _of_another_day(on, moment):
            return _put(_base, on, near, is_own=_wrote(moment))
        return _put(_base, on, _read_all(on, moment), is_own=_wrote(moment))
    if not changes.settings:
        return _put(_base, on, replace(kept, moment=moment), is_own=False)
    homes = providers.market(on, changes.settings)
    market, of = _changed(kept, homes, changes.settings, [home.option for home in homes], ())
    return _put(_base, on, replace(kept, market=market, moment=moment, providers=of), is_own=changes.is_own)


def _read_all(on: date, moment: _Moment) -> _Kept:
    """Every home read."""
    homes = providers.market(on)
    of = {home.option.key: home.provider_id for home in homes}
    return _Kept(market_of([home.option for home in homes]), moment, of)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """While a market is built: the collector would walk through all that is made, and none of it is garbage."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


def _of_another_day(on: date, moment: _Moment) -> _Kept | None:
    """The market of a day from that of another: only homes are read of which something differs between the two."""
    for day, kept in reversed(_base.items()):
        changes = _since(kept.moment, moment) if _fresh(kept, moment) else None
        if day != on and changes is not None:
            settings = changes.settings | providers.differing(day, on)
            homes = providers.market(on, settings)
            market, of = _changed(kept, homes, settings, [home.option for home in homes], ())
            return _Kept(market, moment, of)
    return None


def _changed(
    kept: _Kept,
    homes: Sequence[providers.MarketHome],
    settings: Iterable[int],
    options: Sequence[Option],
    gone: Iterable[str],
) -> tuple[Market, Mapping[str, int]]:
    """A market with these options in place of the earlier, without what is not there any more."""
    there = {home.option.key: home.provider_id for home in homes}
    lost = {key for one in settings if (key := providers.key_of(one)) not in there} | set(gone)
    market = with_changes(kept.market, options, [key for key in lost if key in kept.market.row_of_key])
    is_same = not lost and all(kept.providers.get(key) == of for key, of in there.items())
    return market, kept.providers if is_same else {**kept.providers, **there}


def _built(authority_id: int, on: date, moment: _Moment) -> _Kept:
    """The shared market with what this authority sees of it, and its own carers."""
    with _collector_at_rest():
        base, seen = _shared(on, moment), providers.seen_by(authority_id, on)
        options = carers.options(authority_id, on) + _as_seen(base.market, seen, seen.setting_ids)
        return _routed(
            replace(base, market=with_changes(base.market, options), moment=moment), authority_id, on
        )


def _as_seen(market: Market, seen: providers.Seen, setting_ids: Iterable[int]) -> list[Option]:
    keys = ((one, providers.key_of(one)) for one in sorted(setting_ids))
    rows = ((one, market.row_of_key[key]) for one, key in keys if key in market.row_of_key)
    return [providers.as_seen(market.options[row], one, seen) for one, row in rows]


def _updated(kept: _Kept, authority_id: int, on: date, moment: _Moment, changes: _Changes) -> _Kept:
    """The kept market with the homes that changed read again."""
    homes, options = [], []
    if changes.settings:
        homes = providers.market(on, changes.settings)
        seen = providers.seen_by(authority_id, on, changes.settings)
        options = [providers.as_seen(home.option, home.setting_id, seen) for home in homes]
    own = carers.options(authority_id, on, changes.households) if changes.households else []
    there = {one.key for one in own}
    gone = [key for one in changes.households if (key := carers.key_of(one)) not in there]
    market, of = _changed(kept, homes, changes.settings, options + own, gone)
    after = replace(kept, market=market, moment=moment, providers=of)
    return _routed(after, authority_id, on, None if changes.routes else kept)


def _routed(after: _Kept, authority_id: int, on: date, before: _Kept | None = None) -> _Kept:
    """With frameworks by row: 1 on one of the consortium for its kind, 0 not, -1 where they do not matter (own carers).

    Rows that hold the same option as `before` keep what they have: whatever is read again is another option.
    """
    options, of = after.market.options, after.providers
    routes, framework = after.routes, np.full(len(options), NOT_KNOWN, dtype=np.int8)
    rows: Iterable[int] = range(len(options))
    if before is None:
        scope = current_scope()
        consortium = (
            consortium_of(authority_id) if authority_id or scope is None else scope.actor.consortium_id
        )
        known = approved(consortium, on, authority_id or None)
        routes = {pair: one.regions for pair, one in known.items()}
    else:
        old_options = before.market.options
        same = min(len(old_options), len(options))
        framework[:same] = before.framework[:same]
        pairs = zip(old_options, options, strict=False)
        rows = [row for row, (old, new) in enumerate(pairs) if old is not new] + list(
            range(same, len(options))
        )
    near = frozenset(providers.key_of(one) for one in homes_within(routes))
    for row in rows:
        one = options[row]
        regions = routes.get((of.get(one.key, 0), one.kind.value))
        reaches = regions is not None and (not regions or one.key in near)
        framework[row] = NOT_KNOWN if one.is_own else reaches
    return replace(after, framework=framework, routes=routes)


def _with_routes(kept: _Kept) -> Market:
    """The market with the frameworks of the authority's consortium in its column and its options."""
    options = _Routed(kept.market.options, kept.framework)
    return replace(kept.market, options=options, framework=kept.framework)


class _Routed(Sequence[Option]):
    """Options with whether each is on a framework, made when one is looked at: the options themselves are shared."""

    __slots__ = ("_framework", "_options")

    def __init__(self, options: Sequence[Option], framework: NDArray[np.int8]) -> None:
        self._options, self._framework = options, framework

    def __len__(self) -> int:
        return len(self._options)

    @overload
    def __getitem__(self, row: int) -> Option: ...
    @overload
    def __getitem__(self, row: slice) -> list[Option]: ...
    def __getitem__(self, row: int | slice) -> Option | list[Option]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        known = int(self._framework[row])
        option = self._options[row]
        return option if known < 0 else replace(option, is_on_framework=known == 1)
