"""Writes docs/reference/ssda903-rules.md: every published rule of the statutory return, whether it is built, and where we differ.

python -m tools.write_ssda903_rules
"""

from __future__ import annotations

import csv
from pathlib import Path

from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR, LAST_YEAR, rules_of

LISTED = (
    Path(__file__).parents[1] / "rightplace" / "foundation" / "reference" / "data" / "ssda903" / "rules.csv"
)
DIFFERENCES = Path(__file__).parent / "ssda903_differences.csv"
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "ssda903-rules.md"
NOT_BUILT = {
    "SW108STG2": "A misprint of SW08STG2 in one year's list; built under that code.",
    "SW11STG2": "Replaced by SW11aSTG2 and SW11bSTG2, which are built.",
}
HEAD = """# Rules of the statutory return (SSDA903)

Written by `python -m tools.write_ssda903_rules`; do not edit. Rules of the collection years {first} to {last}, from
the Department for Education's published lists (Open Government Licence; see PROVENANCE.md beside rules.csv). The last
column says where a rule here differs on purpose from the sector's open validator (`csc-validator-be-903`, MIT), and by
which words of the guidance.

| Rule | Years | Message | Fields | Built | Differs on purpose |
| --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    """What the page says."""
    built = {year: {rule.code for rule in rules_of(year)} for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    with LISTED.open(encoding="utf-8") as file:
        lines = [_line(row, built, differences()) for row in csv.DictReader(file)]
    head = HEAD.format(first=FIRST_YEAR, last=LAST_YEAR)
    return head + "\n".join(lines) + "\n"


def differences() -> dict[str, str]:
    """What differs by rule, with the guidance that it follows."""
    with DIFFERENCES.open(encoding="utf-8") as file:
        return {row["code"]: f"{row['here']} By: {row['guidance']}" for row in csv.DictReader(file)}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def _line(row: dict[str, str], built: dict[int, set[str]], differs: dict[str, str]) -> str:
    first, last = int(row["first_year"]), int(row["last_year"] or LAST_YEAR)
    is_built = any(row["code"] in built[year] for year in range(max(first, FIRST_YEAR), last + 1))
    state = "yes" if is_built else NOT_BUILT.get(row["code"], "no")
    message = " ".join(row["message"].replace("|", "/").split())
    years, beside = f"{first}–{row['last_year'] or ''}", differs.get(row["code"], "")
    return f"| {row['code']} | {years} | {message} | {row['fields']} | {state} | {beside} |"


if __name__ == "__main__":
    main()
