"""Writes docs/security/record-of-processing.md from the tables that the product runs by.

.venv/bin/python tools/write_processing.py           write the page
.venv/bin/python tools/write_processing.py --check   exit code 1 when the page is not what the tables say
"""

import os
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "security" / "record-of-processing.md"
HEAD = """# Record of processing

Written by `tools/write_processing.py` from the tables that the product itself runs by (UK GDPR article 30). The same stands
at the governance desk, with the name of the controller. Lawful basis: UK GDPR articles 6(1)(c) and (e), 9(2)(g) and (h); Data
Protection Act 2018, schedule 1, paragraphs 6 and 18.
"""
RULES_AS_AT = date(2026, 11, 2)


def text():
    """The page."""
    from rightplace.foundation.retention.queries import record_of_processing

    parts = [HEAD]
    for _, rules, tables in record_of_processing(RULES_AS_AT):
        if not tables:
            continue
        lines = [f"## {rules[0].words}", ""]
        for rule in rules:
            note = "" if rule.is_verified else " (to be confirmed)"
            lines.append(f"- {rule.period_words}: {rule.source}{note}")
        lines += ["", "| table | what it is for | who sees it |", "| --- | --- | --- |"]
        lines += [f"| {one.label} | {one.why_held} | {one.who_sees} |" for one in tables]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def main():
    """Write the page, or say whether it is stale; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")
    os.environ.setdefault("RIGHTPLACE_NO_DATABASE", "1")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    if "--check" in sys.argv:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text())
    PAGE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
