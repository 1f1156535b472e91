"""`rightplace forecast`: children looked after ahead from the database, and the back-test of returns or made records."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rightplace.cli import database
from rightplace.cli.terminal import Json, print_json, say
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rightplace.core.forecasting.back_test import Scored
    from rightplace.core.forecasting.shown import Baseline
    from rightplace.foundation.access.actor import Actor

app = typer.Typer(rich_markup_mode=None, help="Forecast children looked after.", no_args_is_help=True)

OfAuthority = Annotated[str, typer.Option("--authority", help="The authority, by its name or its GSS code.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same figures as the page.")]


@app.command("run")
def run(
    authority: OfAuthority,
    seed: Seed = 1903,
    scenario: Annotated[str, typer.Option(help="A kept scenario beside today, by its name.")] = "",
    as_json: Json = False,
) -> None:
    """Forecast an authority's children three years ahead, as its page shows them.

    Example: rightplace forecast run --authority Croydon
    """
    actor = _actor(authority)
    from rightplace.core.forecasting.summary import summary

    base = _base(actor, seed)
    found, cost = summary(base), _costs(actor, base, scenario)
    if as_json:
        print_json({**found, "cost": cost})
        return
    for words in base.cautions:
        say(words)
    for row in found["months"]:
        typer.echo(f"{row['month']}  {row['mean']:8.1f}  {row['low']:8.1f} to {row['high']:8.1f}")
    for name, years in cost.items():
        typer.echo(f"{name}: " + ", ".join(f"year {i + 1} £{one / 100:,.0f}" for i, one in enumerate(years)))


@app.command("all")
def run_all(
    seed: Seed = 1903,
    processes: Annotated[int, typer.Option(help="Processes of this machine to spread over.")] = 1,
    scheduler: Annotated[
        str, typer.Option(help="The address of a Dask scheduler to spread over instead.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Forecast every authority, spread over processes or a Dask cluster: the figures are the same however it is spread.

    Example: rightplace forecast all --processes 2
    """
    database.django_ready()
    from rightplace.core.forecasting.summary import forecast_task
    from rightplace.oversight.spreading import spread
    from rightplace.oversight.sufficiency.forecasting import tasks_of_all

    tasks = tasks_of_all(_today(), seed)
    found = sorted(
        spread(forecast_task, tasks, processes=processes, scheduler=scheduler), key=lambda one: one["name"]
    )
    if as_json:
        print_json(found)
        return
    for one in found:
        typer.echo(_in_a_line(one))


def _in_a_line(one: dict[str, Any]) -> str:
    if not one["months"]:
        return f"{one['name']}: {one['cautions'][0]}"
    now, last = one["months"][0], one["months"][-1]
    between = f"{last['low']:.0f} to {last['high']:.0f}"
    return f"{one['name']}: {now['mean']:.0f} now; {last['mean']:.0f} in {last['month']} ({between})"


@app.command("backtest")
def backtest(
    authority: Annotated[
        str, typer.Option("--authority", help="An authority's own past; without it, made records.")
    ] = "",
    children: Annotated[int, typer.Option(help="Children of the made records.")] = 200,
    shapes: Annotated[
        str, typer.Option(help="Made records, with commas between.")
    ] = "steady,growing,seasonal,shocked",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Forecast from what was known before, again and again, and hold it against what came.

    Example: rightplace forecast backtest --authority Croydon
    """
    found = {authority: _own_past(authority)} if authority else _made(shapes, children, seed)
    if as_json:
        from rightplace.core.forecasting.summary import scored_row

        print_json({name: [scored_row(one) for one in scored] for name, scored in found.items()})
        return
    if not authority:
        say("Made records: synthetic, from England’s published rates.")
    for name, scored in found.items():
        typer.echo(name)
        _tell(scored)


def _own_past(authority: str) -> Sequence[Scored]:
    base = _base(_actor(authority), 1903)
    if not base.scored:
        raise CannotStart(" ".join(base.cautions) or "The record is too short to test a forecast on.")
    return base.scored


def _made(shapes: str, children: int, seed: int) -> dict[str, Sequence[Scored]]:
    from rightplace.core.forecasting.back_test import forecasts, judge, score
    from rightplace.core.forecasting.episodes import panel, tidy
    from rightplace.core.forecasting.made import SHAPES, Made, make

    asked = [name.strip() for name in shapes.split(",") if name.strip()]
    if unknown := [name for name in asked if name not in SHAPES]:
        raise CannotStart(f"There is no made record “{unknown[0]}”. There are: {', '.join(SHAPES)}.")
    found: dict[str, Sequence[Scored]] = {}
    for shape in asked:
        cells = panel(tidy(make(Made(children, shape, 84, seed)))[0])
        found[shape] = score([judge(cells, forecasts(cells))])
    return found


def _tell(scored: Sequence[Scored]) -> None:
    for one in scored:
        errors = "  ".join(f"{name} {error:.1f}" for name, error in one.total.items())
        typer.echo(
            f"  {one.horizon:2} months, {one.origins} forecasts: {errors}; interval held {one.held:.0%}"
        )


def _actor(authority: str) -> Actor:
    database.django_ready()
    from django.db.models import Q

    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.organisations.models import Authority

    row = Authority.objects.filter(Q(name__iexact=authority) | Q(gss_code__iexact=authority)).first()
    if row is None:
        raise CannotStart(f"There is no authority “{authority}” here; rightplace authority list names them.")
    return system_actor(authority_id=row.pk)


def _base(actor: Actor, seed: int) -> Baseline:
    from rightplace.oversight.sufficiency.forecasting import forecast_of

    base = forecast_of(actor, _today(), seed=seed)
    if base is None:
        raise CannotStart("There is no record of placements yet. Import the authority’s returns first.")
    return base


def _costs(actor: Actor, base: Baseline, name: str) -> dict[str, list[float]]:
    from rightplace.oversight.sufficiency.costs import prices_of
    from rightplace.oversight.sufficiency.forecasting import compare
    from rightplace.oversight.sufficiency.queries import scenarios

    rows = [row.what_if for row in scenarios(actor) if row.name.lower() == name.lower()] if name else []
    if name and not rows:
        raise CannotStart(f"There is no scenario “{name}”.")
    beside = compare(base, rows, prices_of(actor, _today()))
    return {one.scenario.name: one.outcome.by_year().mean(axis=0).round().tolist() for one in beside}


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()
