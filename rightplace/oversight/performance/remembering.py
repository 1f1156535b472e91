"""Groups that changed since the worker counted them, counted once by each process until they change again.

What was counted is remembered under the changes that the reader sees: the number of each with the transaction that wrote it.
Whoever changes something writes another, so what is remembered is never older than what the reader sees. Every kept span is
counted at once, which costs little more than one page's: the pages after the first find theirs ready.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from threading import Lock

from django.db import connection

from rightplace.core.indicators.sums import Sums
from rightplace.oversight.performance.spans import Span, spans_kept

Key = tuple[str, Span]
Found = Mapping[Key, Sums]
MOST_KEPT = 2_000
"""How many groups are remembered, the last asked for: some 300 kilobytes each hundred."""

_kept: OrderedDict[tuple[object, ...], Found] = OrderedDict()
_lock = Lock()


def remembered(
    authority_id: int,
    spans: Collection[Span],
    changes: Mapping[int, object],
    count: Callable[[Collection[Span], frozenset[int]], Mapping[int, Found]],
) -> list[Found]:
    """The figures of each group that changed, for at least these spans; `changes` tells by which changes, group by group."""
    whole = spans_kept(max(span.ends_on for span in spans))
    wanted = whole if set(spans) <= set(whole) else tuple(spans)
    keys = {group: _key(authority_id, wanted, group, by) for group, by in changes.items()}
    with _lock:
        found = {group: _kept[key] for group, key in keys.items() if key in _kept}
    missing = frozenset(keys) - found.keys()
    if missing:
        counted = count(wanted, missing)
        found |= {group: counted.get(group, {}) for group in missing}
    with _lock:
        for group, key in keys.items():
            _kept[key] = found[group]
            _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return [found[group] for group in sorted(found)]


def _key(authority_id: int, spans: Collection[Span], group: int, by: object) -> tuple[object, ...]:
    return connection.settings_dict["NAME"], authority_id, tuple(spans), group, by
