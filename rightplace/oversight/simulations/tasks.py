"""The worker's part: each minute it sees to it that a process beside it goes on with the simulations that are running."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rightplace.oversight.simulations.beside import start_beside


@app.periodic(cron="* * * * *")
@app.task(name="carry_on_simulations", queueing_lock="carry_on_simulations", pass_context=False)
def carry_on_each_minute(timestamp: int) -> None:
    """Every minute: it starts a process and does not wait for it."""
    start_beside()
