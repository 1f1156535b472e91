"""Writes docs/reference from the code: roles and pages, states, events and what follows, rules by date, tables.

    .venv/bin/python tools/write_reference.py           write the pages
    .venv/bin/python tools/write_reference.py --check   exit code 1 when a page is not what the code says

A test in tests/rules compares them too, so a page that has gone stale fails `make test`.
"""

import functools
import importlib
import inspect
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import write_assurance  # noqa: E402 - it lies beside this file

FOLDER = ROOT / "docs" / "reference"
NOTE = "Written from the code by `tools/write_reference.py`: change the code, then run it again.\n"
STAGES = (
    "requests", "search", "offers", "decisions", "placements", "packages", "pathways", "invitations", "court_orders", "contracts",
    "payments", "invoices",
    "ledger", "funding", "blocks", "panels", "reviews",
)  # fmt: skip


def pages():
    """Each page of the reference by the name of its file."""
    made = {
        "roles-and-pages.md": roles_and_pages(),
        "states.md": states(),
        "events-and-consequences.md": events_and_consequences(),
        "rules-and-dates.md": rules_and_dates(),
        "tables.md": tables(),
        "kinds-of-service.md": kinds_of_service(),
        "assurance.md": write_assurance.page(),
    }
    return {name: f"{text.rstrip()}\n" for name, text in made.items()}


def main():
    """Write the pages, or say which are stale; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")
    os.environ.setdefault("RIGHTPLACE_NO_DATABASE", "1")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    stale = [name for name, text in pages().items() if held(name) != text]
    if "--check" in sys.argv:
        print(f"Stale: {', '.join(stale)}" if stale else "docs/reference is what the code says.")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"Written: {', '.join(stale) or 'nothing has changed'}")
    return 0


def held(name):
    """The page as it is kept; empty when there is none."""
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def table(heads, rows):
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in row) + " |" for row in lines) + "\n"


def _cell(value):
    return " ".join(str(value).split()).replace("|", "\\|")


def first_line(thing):
    """The first sentence of what a function or class says of itself; one that is filled in says what it was before."""
    while isinstance(thing, functools.partial) and "__doc__" not in vars(thing):
        thing = thing.func
    return (inspect.getdoc(thing) or "").split("\n\n")[0].split("\n")[0]


# Roles and pages


def roles_and_pages():
    """Who holds which role, and every address with who may open it."""
    from rightplace.foundation.access.roles import ROLES

    known = [(role.words, role.code, role.desk, role.held_in, role.purpose) for role in ROLES.values()]
    parts = ["# Roles and pages\n", NOTE, "## Roles\n", table(["role", "code", "desk", "held in", "comes to"], known)]
    by_desk = {}
    for each in _addresses():
        by_desk.setdefault(each[0].split("/")[0] or "front door", []).append(each)
    for desk, rows in by_desk.items():
        parts += [f"## /{desk}\n", table(["address", "takes", "what it is", "who may"], rows)]
    return "\n".join(parts)


def _addresses():
    from django.urls import get_resolver

    found = list(_walk(get_resolver().url_patterns, ""))
    return [(route, _methods(view), first_line(inspect.unwrap(view)), _who(view)) for route, view in found]


def _walk(patterns, route):
    for one in patterns:
        here = route + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from _walk(one.url_patterns, here)
        else:
            yield here, one.callback


def _methods(view):
    return " ".join(method for method in getattr(view, "methods", ()) if method != "HEAD")


def _who(view):
    from rightplace.foundation.access.roles import EVERYONE, ROLES

    roles = getattr(view, "roles", frozenset())
    if roles == EVERYONE:
        return "everyone signed in"
    return ", ".join(ROLES[code].words if code in ROLES else code for code in sorted(roles))


# States


def states():
    """A diagram and a table for each life in states."""
    parts = ["# States\n", NOTE]
    for life in workflows():
        parts += [f"## {life.name.capitalize()}\n", _diagram(life), _steps(life)]
    return "\n".join(parts)


def workflows():
    """Every workflow there is, in the order of the journey."""
    from rightplace.core.workflow import Workflow

    modules = [importlib.import_module(f"rightplace.journey.{stage}.states") for stage in STAGES if _has(stage, "states")]
    modules.append(importlib.import_module("rightplace.foundation.access.states"))
    modules.append(importlib.import_module("rightplace.register.buying.states"))
    modules.append(importlib.import_module("rightplace.exchange.case_recording.states"))
    modules += [importlib.import_module(f"rightplace.register.{name}.states") for name in ("concerns", "visits", "fostering")]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Workflow)]


def _has(stage, name):
    return (ROOT / "rightplace" / "journey" / stage / f"{name}.py").exists()


def _diagram(life):
    lines = [f'    state "{words}" as {code}' for code, words in life.states.items()]
    lines.append(f"    [*] --> {life.initial}")
    for step in life.transitions:
        lines += [
            f"    {source} --> {step.target}: {step.label.replace(':', ',')}"
            for source in sorted(step.sources)
            if step.target and step.target != source
        ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```\n"])


def _steps(life):
    from rightplace.foundation.access.roles import ROLES

    def row(step):
        sources = ", ".join(life.states[code] for code in life.states if code in step.sources)
        roles = ", ".join(ROLES[code].words if code in ROLES else "Rightplace" for code in sorted(step.roles))
        return (step.label, f"`{step.verb}`", sources, life.states.get(step.target, "stays"), roles)

    return table(["verb", "action", "from", "to", "who may"], [row(step) for step in life.transitions])


# Kinds of service


def kinds_of_service():
    """Kind × stage × what differs, of the kinds that come with the product."""
    from rightplace.core.services.kinds import UNIT_WORDS
    from rightplace.register.services.queries import packaged_kinds

    def row(kind):
        paid = ", ".join(UNIT_WORDS[unit] for unit in kind.price_units) or "not bought"
        ages = f"{kind.min_age} to {kind.max_age}{', lives there' if kind.is_home else ''}"
        parts = (kind.form_parts, kind.musts, kind.checks, kind.clocks, kind.questions, kind.particulars)
        asks, musts, checks, clocks, questions, kept = ("; ".join(lines) for lines in parts)
        permits = (kind.panel or "delegated limits") if kind.is_bought else "none"
        ends = (kind.budget_line, kind.return_codes, "; ".join(kind.indicators), kind.source)
        return (kind.group, kind.name, ages, asks, musts, paid, permits, checks, clocks, questions, kept, *ends)

    heads = ["group", "kind", "for whom", "request asks", "offer must meet", "paid", "permission", "checked first",
             "milestones", "reviews ask", "kept from day to day", "budget line", "return", "indicators", "source"]  # fmt: skip
    rows = sorted((row(kind) for kind in packaged_kinds()), key=lambda one: one[:2])
    return f"# Kinds of service\n\nWhat differs, stage by stage. An authority adds kinds on a page.\n\n{table(heads, rows)}"


# Events


def events_and_consequences():
    """Every event of the journey and what follows from it."""
    importlib.import_module("rightplace.journey.consequences")
    from rightplace.foundation.events.bus import Event, reactions

    told = reactions()
    parts = ["# Events and what follows\n", NOTE, "What follows runs in the transaction of the deed itself.\n"]
    for stage in STAGES:
        if _has(stage, "events"):
            module = importlib.import_module(f"rightplace.journey.{stage}.events")
            found = [e for e in vars(module).values() if _is_event(e, Event, module)]
            rows = [(event.__name__, first_line(event), _follows(told.get(event, []))) for event in found]
            parts += [f"## {stage.capitalize()}\n", table(["event", "what happened", "what follows"], rows)]
    return "\n".join(parts)


def _is_event(value, kind, module):
    return inspect.isclass(value) and issubclass(value, kind) and value.__module__ == module.__name__


def _follows(functions):
    told = (f"{f.__name__.replace('_', ' ')} ({first_line(f).rstrip('.')})" for f in functions)
    return "; ".join(told) or "nothing further"


# Rules


def rules_and_dates():
    """Every rule that changes by date, with its source."""
    from rightplace.foundation.reference.rules import rules

    parts = ["# Rules and dates\n", NOTE, "A rule without an end holds until a later one is known.\n"]
    rows = [
        (name, one.value, one.unit, one.starts_on, one.ends_on or "", one.source, "" if one.is_verified else "not verified")
        for name, versions in sorted(rules().items())
        for one in versions
    ]
    parts.append(table(["rule", "value", "unit", "from", "until", "source", ""], rows))
    return "\n".join(parts)


# Tables


def tables():
    """Every table: what a row is, whose it is, its columns and what the database holds of it."""
    from django.apps import apps

    ours = [m for m in apps.get_models() if m.__module__.startswith("rightplace.")]
    parts = ["# Tables\n", NOTE]
    for model in ours:
        parts += [f"## {model._meta.db_table}\n", f"{first_line(model)} {_whose(model)}\n", _columns(model), _kept(model)]
    return "\n".join(part for part in parts if part)


def _whose(model):
    from rightplace.foundation.tenancy import Policy, Tenancy

    named = {id(value): name for name, value in vars(Tenancy).items() if isinstance(value, Policy)}
    words = {
        "AUTHORITY": "Seen by its authority.",
        "AUTHORITY_OR_PROVIDER": "Seen by its authority and its provider.",
        "AUDIT": "Seen by its authority and its provider; never changed.",
        "SHARED": "Shared by all.",
        "PLATFORM": "Shared by all.",
    }
    return words.get(named.get(id(model.tenancy), ""), "Seen by its authority and every provider that was asked.")


def _columns(model):
    rows = [(f"`{f.column}`", _kind(f), "" if f.null else "yes", f.help_text) for f in model._meta.concrete_fields]
    return table(["column", "kind", "always there", ""], rows)


def _kind(field):
    if field.related_model:
        return f"→ {field.related_model._meta.db_table}"
    length = getattr(field, "max_length", None)
    return f"{field.get_internal_type().removesuffix('Field').lower()}{f' of {length}' if length else ''}"


def _kept(model):
    names = [f"`{one.name}`" for one in model._meta.constraints]
    return f"Held by the database: {', '.join(names)}.\n" if names else ""


if __name__ == "__main__":
    sys.exit(main())
