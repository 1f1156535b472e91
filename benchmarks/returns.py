"""A synthetic statutory return of any size, seeded: for measuring only, no child in it is real."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import date, timedelta

HEADER = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
EPISODES = [
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE",
    "HOME_POST", "PL_POST", "URN",
]  # fmt: skip
UASC = ["CHILD", "SEX", "DOB", "DUC"]
POSTCODES = ["SE13 5AB", "CR0 2AB", "SM1 1AA", "BR1 1AA", "SW2 1AA", "KT1 1AA", "DA1 1AA", "TN9 1AA"]
YEAR_END = date(2025, 3, 31)


def made_return(children: int, seed: int = 903) -> tuple[dict[str, bytes], int]:
    """The three files by name, and how many rows they have: about three episodes a child, one in ten seeking asylum."""
    rng = random.Random(seed)
    header, episodes, uasc = [], [], []
    for number in range(100_000, 100_000 + children):
        born = YEAR_END - timedelta(days=rng.randrange(200, 17 * 365))
        sex = rng.choice("MF")
        header.append(
            [number, sex, _day(born), rng.choice(["WBRI", "BAFR", "MWBC", "AOTH"]), f"A{number:012d}", "", ""]
        )
        episodes.extend(_episodes(rng, number, born))
        if rng.random() < 0.1:
            uasc.append([number, sex, _day(born), _day(born + timedelta(days=18 * 365))])
    files = {
        "header.csv": _csv(HEADER, header),
        "episodes.csv": _csv(EPISODES, episodes),
        "uasc.csv": _csv(UASC, uasc),
    }
    return files, len(header) + len(episodes) + len(uasc)


def _episodes(rng: random.Random, number: int, born: date) -> Iterator[list[object]]:
    starts = sorted(
        {
            born + timedelta(days=rng.randrange(100, (YEAR_END - born).days))
            for _ in range(rng.choice((2, 3, 4)))
        }
    )
    home, place, urn = rng.choice(POSTCODES), "", 0
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else None
        reason = "S" if at == 0 else rng.choice("PPL")
        if reason != "L":
            place, urn = rng.choice(["U6", "U4", "K2", "K1"]), rng.randrange(1_000_000, 2_000_000)
        status = rng.choice(["C1", "C2", "V2"])
        ended = [_day(end), "X1", "CARPL"] if end else ["", "", ""]
        yield [
            number,
            _day(start),
            reason,
            status,
            "N1",
            place,
            "PR4",
            *ended,
            home,
            rng.choice(POSTCODES),
            urn,
        ]


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _csv(columns: list[str], rows: list[list[object]]) -> bytes:
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return kept.getvalue().encode()
