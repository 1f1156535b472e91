"""A proposal in words: why a request has this home or none, what a pinned home costs the others, and what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rightplace.core.matching.assignment.pins import PinCost
from rightplace.core.matching.profile import Option
from rightplace.journey.search.together import Together

MOST_NAMED = 8
TOLD = 0.05
"""Fewer points than this are not told."""


def option_at(problem: Together, row: int) -> Option:
    """The home of a row of the market."""
    return problem.everyone.market.options[row]


def why_words(problem: Together, group: int, at: int | None, takers: Mapping[int, Sequence[int]]) -> str:
    """Why a request has the home of a row (None: none); `takers` are the requests proposed for each home."""
    best, wait = problem.ways.best_of(group), problem.everyone.waits[group]
    if at is None:
        if not wait.suitable:
            return "No home may be asked today: see what is nearly possible."
        return f"Every home that would do is proposed to others or full: {_better_words(problem, group, best[:3], takers)}"
    if at not in best:
        points = problem.everyone.in_force.for_everyone.split_penalty
        return f"For a part of the group: brothers and sisters may live apart. {points} points are counted against parting them."
    if best[0] == at:
        return (
            f"The best of {wait.suitable} homes that would do."
            if wait.suitable != 1
            else "The only home that would do."
        )
    before = best[: best.index(at)]
    many = f"{wait.suitable} homes that would do"
    return f"Number {len(before) + 1} of {many}. {_better_words(problem, group, before[:2], takers)}"


def _better_words(
    problem: Together, group: int, rows: Sequence[int], takers: Mapping[int, Sequence[int]]
) -> str:
    said = [f"{option_at(problem, row).name} {_not_this(problem, group, row, takers)}" for row in rows]
    return "; ".join(said) + "." if said else ""


def _not_this(problem: Together, group: int, row: int, takers: Mapping[int, Sequence[int]]) -> str:
    """Why a better home is not proposed."""
    home = problem.home_of(row)
    if home is not None and (problem.problem.barred == [group, home]).all(axis=1).any():
        return "was ruled out for this request"
    others = [one for one in takers.get(-1 if home is None else home, ()) if one != group]
    waits = problem.everyone.waits
    if kept := [one for one in others if _are_apart(problem, group, one)]:
        return (
            f"is proposed for {waits[kept[0]].row.reference}, whose child is to be kept apart from this one"
        )
    if others:
        return f"is proposed for {' and '.join(waits[one].row.reference for one in others)}"
    if row in problem.kept_back and not waits[group].row.is_emergency:
        return "keeps a bed back for emergencies"
    if problem.price_of(row) >= TOLD:
        return f"is spared for children whom few homes suit ({_points(problem.price_of(row))})"
    return "has no bed for all, or leaves others out"


def _are_apart(problem: Together, one: int, other: int) -> bool:
    pair = [min(one, other), max(one, other)]
    return bool((problem.problem.apart == pair).all(axis=1).any())


def cost_words(problem: Together, cost: PinCost) -> str:
    """What a pinned home costs the others, in a sentence."""
    parts = []
    if cost.left_out > 0:
        parts.append(f"{cost.left_out} fewer {'child is' if cost.left_out == 1 else 'children are'} placed")
    if cost.others_points >= TOLD:
        parts.append(f"the others lose {cost.others_points:.1f} points together")
    moved = [problem.everyone.waits[one].row.reference for one in cost.moved.tolist()[:5]]
    if moved:
        parts.append(f"another home for {', '.join(moved)}")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else "It costs the others nothing."


def counted(problem: Together) -> list[dict[str, str]]:
    """What was counted beside the fit and how long each has waited: what, and how, for the page."""
    counts = problem.everyone.in_force.for_everyone
    rows = [
        ("Brothers and sisters", _split_words(problem)),
        ("Kept apart", _apart_words(problem)),
        ("Kept back for emergencies", _kept_back_words(problem)),
        ("Scarce places", _scarce_words(problem)),
    ]
    if counts.own_bonus:
        rows.append(("Own carers", f"{counts.own_bonus} points more for each child with own carers."))
    return [{"what": what, "how": how} for what, how in rows]


def _split_words(problem: Together) -> str:
    points = problem.everyone.in_force.for_everyone.split_penalty
    many = int(problem.problem.waiting.may_split.sum())
    if not many:
        return "All stay together: no request says that they may live apart."
    requests = "1 request allows" if many == 1 else f"{many} requests allow"
    return f"{requests} that they live apart; to part them counts {points} points."


def _apart_words(problem: Together) -> str:
    many = len(problem.problem.apart)
    if not many:
        return "Nobody who waits must be kept apart from another."
    pairs = "1 pair of requests is" if many == 1 else f"{many} pairs of requests are"
    return f"{pairs} never put into one home, by what is kept of who the children can live with."


def _kept_back_words(problem: Together) -> str:
    wanted = problem.everyone.in_force.for_everyone.beds_kept_back
    if not wanted:
        return "No bed: the matching policy keeps none back."
    names = [option_at(problem, row).name for row in problem.kept_back]
    if not names:
        return "No bed: own carers have none free."
    return f"One bed{' each' * (len(names) > 1)} with {', '.join(names)}."


def _scarce_words(problem: Together) -> str:
    if problem.scarcity is None:
        return "Not looked at: the matching policy does not spare them."
    free = problem.everyone.market.places_free
    dear = sorted(
        ((problem.price_of(row), row) for row in problem.rows if problem.price_of(row) > 0 and free[row] > 0),
        reverse=True,
    )
    if not dear:
        return "None: what children who may come would need, several homes can give."
    named = [f"{option_at(problem, row).name} {_points(price)}" for price, row in dear[:MOST_NAMED]]
    return f"Learned from the requests of the last year, a bed is worth to children who may come: {', '.join(named)}."


def _points(price: float) -> str:
    return f"{price:.1f} points" if price < 10 else f"{price:.0f} points"
