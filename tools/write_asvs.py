"""Writes docs/security/asvs.md from docs/security/asvs.csv: each requirement, how it is met, and the test that shows it.

    python tools/write_asvs.py            write the page and print the figures
    python tools/write_asvs.py --check    only say whether the page is as the table says

Requirement numbers are those of the OWASP Application Security Verification Standard 5.0.0 (CC BY-SA 4.0); what each
asks is said in our own words.
"""

import csv
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "security" / "asvs.csv"
PAGE = ROOT / "docs" / "security" / "asvs.md"
CHAPTERS = {
    1: "Encoding and sanitisation", 2: "Validation and business logic", 3: "Web front end", 4: "API and web service",
    5: "Files", 6: "Authentication", 7: "Sessions", 8: "Authorisation", 9: "Self-contained tokens", 10: "OAuth and OIDC",
    11: "Cryptography", 12: "Secure communication", 13: "Configuration", 14: "Data protection", 15: "Secure coding",
    16: "Logging and error handling", 17: "WebRTC",
}  # fmt: skip
TABLE_HEAD = ("| no. | level | asks | met | how | shown by |", "| --- | --- | --- | --- | --- | --- |")
APPLIES = {"yes": "by the product", "operator": "by the operator", "no": "does not apply"}
HEAD = """# OWASP ASVS 5.0, level 2

*Written by `tools/write_asvs.py` from [asvs.csv](asvs.csv); do not edit.* Numbers are those of the OWASP
Application Security Verification Standard 5.0.0 (OWASP Foundation, CC BY-SA 4.0); what each asks is said here in our
own words, so read the standard for what it means exactly. All requirements of levels 1 and 2 are listed, and of level 3
those of chapters 2, 5, 8, 14 and 16. “By the operator” is what an installation must do; “not shown” is met by the code,
but no test proves it.
"""


@dataclass(frozen=True)
class Requirement:
    """One line: number, level, what it asks, who meets it and how, and the tests that show it."""

    number: str
    level: int
    asks: str
    applies: str
    how: str
    tests: tuple[str, ...]

    @property
    def chapter(self):
        """The chapter that it stands in."""
        return int(self.number.split(".")[0])


def requirements():
    """Every line of the table."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tests = tuple(each for each in row["shown_by"].split() if each)
            yield Requirement(
                row["number"], int(row["level"]), row["asks"], row["applies"], row["how"], tests
            )


def missing_tests(rows):
    """Tests that the table names and that are not there."""
    for row in rows:
        for test in row.tests:
            path, _, name = test.partition("::")
            file = ROOT / path
            if not file.is_file() or (
                name and not re.search(rf"^(async )?def {name}\(", file.read_text(), re.MULTILINE)
            ):
                yield f"{row.number}: {test}"


def figures(rows):
    """How many apply, and how many of those a test shows."""
    rows = [row for row in rows if row.level <= 2]
    ours = [row for row in rows if row.applies == "yes"]
    counted = Counter(row.applies for row in rows)
    shown = sum(bool(row.tests) for row in ours)
    everybody = counted["yes"] + counted["operator"]
    return (
        f"Levels 1 and 2: {len(rows)} requirements, {counted['no']} do not apply, {counted['operator']} are the operator's, "
        f"{len(ours)} the product's. Shown by automated test: {shown} of {len(ours)} of the product's ({shown / len(ours):.0%}), "
        f"{shown / everybody:.0%} of all that apply."
    )


def page(rows):
    """The whole page."""
    parts = [HEAD, figures(rows)]
    for number, name in CHAPTERS.items():
        lines = [line(row) for row in rows if row.chapter == number]
        parts.append("\n".join([f"## V{number} {name}\n", *TABLE_HEAD, *lines]))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def line(row):
    """One row of the page's table."""
    shown = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in row.tests)
    if row.applies == "yes" and not shown:
        shown = "not shown"
    return f"| {row.number} | {row.level} | {row.asks} | {APPLIES[row.applies]} | {row.how} | {shown} |"


def main():
    """Write or check; the exit code."""
    rows = list(requirements())
    written = page(rows)
    gone = list(missing_tests(rows))
    print("\n".join([*gone, figures(rows)]))
    if "--check" not in sys.argv:
        PAGE.write_text(written, encoding="utf-8")
    return 1 if gone or PAGE.read_text(encoding="utf-8") != written else 0


if __name__ == "__main__":
    sys.exit(main())
