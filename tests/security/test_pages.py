"""Every page as everyone who may opens it: one's own rows open, another's are not there, and opening changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from rightplace.desks.layout.navigation import opens_for
from tests.rules.addresses import addresses
from tests.security.crawl import Opened
from tests.world import World

# 409 and 422: a form that the row's present state no longer takes, said in words.
OPENS = {200, 302, 303, 409, 422}
KEPT_BY_OPENING = {"access_session", "access_counted", "audit_auditentry", "audit_auditchain"}
# Rows that only have a page at some stage: a provider's contract once it is issued, a file or minutes once there are any,
# shares of costs once they are agreed, a request beyond its draft, a deed of a move for whoever may do it.
NOT_AT_EVERY_STAGE = {
    "portal_contract", "portal_contract_pdf", "contract_pdf", "portal_contract_nights", "portal_record_absence",
    "portal_record_delivery", "finance_contract", "brokerage:check", "portal:offer_file",
    "brokerage:search_offer_file", "brokerage:offers_on_behalf", "brokerage:request", "social_work:request",
    "social_work:withdraw", "social_work:choose", "commissioning:preview", "social_work:request_form",
    "social_work:request_form_pdf", "social_work:request_redacted", "social_work:request_redacted_pdf", "funding_summary",
    "funding_summary_pdf", "panel:papers", "panel:minutes", "panel:minutes_pdf", "recharge_pdf", "placements:move_deed",
    "run_file", "portal:apply", "commissioning:settle_bed_turn", "commissioning:score_tender", "commissioning:moderate",
    "brokerage:rule_out", "brokerage:rule_out_own",
    # A fostering officer opens reviews of children with our own carers only.
    "review",
}  # fmt: skip
# Rows of one person, also within an authority: a token, what one is to do from a panel, a difference given to one, a decision
# about one's own team.
OF_ONE_PERSON = {
    "governance:my_token", "governance:my_token_end", "panel:action", "panel:finish_action", "panel:ask_appeal",
    "difference",
}  # fmt: skip
# An address that holds a secret, and tells nothing without it: tests/desks/test_panels.py opens it.
WITH_A_SECRET = {"panel:feed", "child_review", "answer_survey"}
# A page about a file that somebody has just sent: tests of its desk open it.
AFTER_AN_UPLOAD = {"commissioning:preview", "commissioning:read_cost_check", "commissioning:cost_check_left_out"}
# Pages of a stage that the world's tender and market have not reached: tests/stories/test_buying.py opens them.
IN_THEIR_STORY = {"commissioning:settle_bed_turn", "commissioning:score_tender", "commissioning:moderate", "portal:apply"}
# Steps of signing in, which open after a password only: tests/security/test_sign_in*.py open them.
AFTER_A_PASSWORD = {"second_step", "set_up_second_step", "sign_in_elsewhere", "sign_in_elsewhere_back"}
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style\b|\sstyle=[\"']|<[^>]+\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
LED_TO = re.compile(r'(?:href|action)="([^"]+)"')
# What each side has that the other must never read: names, streets, schools of its children and carers.
OF_SUTTON = ("Hartnell", "Quillfeather", "Zinnia Mews", "Castle family")
OF_CROYDON = ("Fairweather", "Marlowe", "Adams family", "Brown family")
CHILDREN = ("Amber Fairweather", "Jude Marlowe", "Kiran Marlowe", "Lena Hartnell", "Orla Quillfeather")
# Rows that change and so carry a version; a form about one must send it.
VERSIONED = {
    "request", "search", "offer", "contract", "permission", "placement", "household", "panel_meeting", "panel_item",
    "panel_action", "panel_appeal", "limit_change", "cover", "move", "recharge", "partner", "webhook", "provider_webhook",
    "rise", "restriction", "emergency", "agreement", "data_request", "destruction", "record_hold", "account_invitation",
    "policy", "mark", "recovery", "nomination", "handover", "block_share", "block_stay",
    "application", "tender", "uplift", "plan", "answered",
    "package", "due", "entry", "visit_action", "planned_visit", "follow_up", "complaint", "survey", "stability_meeting",
    "forum", "court_place", "condition", "service_invitation", "applicant", "turn",
}  # fmt: skip
# These add a row beside the one they name and leave that as it is; the database refuses a second that may not be.
WITHOUT_VERSION = {
    "brokerage:search_open", "portal:offer_start", "brokerage:offer_start", "social_work:choose", "brokerage:own_carer_hold",
    "placements:propose_move", "propose_shares", "placements:carers_address", "governance:webhook_ping", "portal:webhook_ping",
    "tell_sign", "brokerage:mark_home", "brokerage:rule_out", "brokerage:rule_out_own",
    "commissioning:finish_scoring", "commissioning:score_tender", "commissioning:moderate", "commissioning:publish",
    "commissioning:add_milestone", "commissioning:tick_milestone", "portal:begin_answer", "add_visit_file", "plan_own_visit",
    "name_project_risk", "add_project_milestone", "brokerage:let_carer_in",
}  # fmt: skip


def own(pages: list[Opened]) -> list[Opened]:
    return [each for each in pages if each.is_own]


def said(pages: list[Opened]) -> list[str]:
    return sorted({str(each) for each in pages})


def test_enough_was_opened(pages: list[Opened]) -> None:
    assert len(pages) > 400
    assert Counter(each.is_own for each in pages)[False] > 100


def test_whoever_may_enter_finds_ones_own_rows(pages: list[Opened]) -> None:
    shut = [each for each in own(pages) if each.status not in OPENS]
    assert said([each for each in shut if each.status != 404 or not _may_be_missing(each)]) == []


def _may_be_missing(page: Opened) -> bool:
    """A broker opens only those offers that this very broker typed on somebody's behalf: the others are sealed."""
    is_sealed = "broker" in page.who and page.address.name.startswith("brokerage:offer")
    return is_sealed or page.address.name in NOT_AT_EVERY_STAGE | OF_ONE_PERSON | WITH_A_SECRET


def test_every_page_can_be_shown_at_some_stage(pages: list[Opened]) -> None:
    shown = {each.address.name for each in own(pages) if each.status == 200}
    every = {each.name for each in addresses() if "GET" in each.methods}
    elsewhere = AFTER_AN_UPLOAD | AFTER_A_PASSWORD | WITH_A_SECRET | IN_THEIR_STORY
    assert sorted(every - shown - elsewhere - {"home"}) == []


def test_a_row_of_the_other_side_is_not_there(pages: list[Opened]) -> None:
    assert said([each for each in pages if not each.is_own and each.status != 404]) == []


def test_opening_a_page_changes_nothing_but_the_trail_of_looks(pages: list[Opened]) -> None:
    assert [(str(each), set(each.writes)) for each in pages if each.writes - KEPT_BY_OPENING] == []


def test_opening_a_page_writes_no_deed(pages: list[Opened]) -> None:
    assert said([each for each in pages if "audit_auditentry" in each.writes and not each.looks]) == []


def test_a_page_about_one_child_leaves_a_look(pages: list[Opened]) -> None:
    """A page of one row that shows a child's full name has opened that child's file."""
    named = [each for each in own(pages) if each.address.names_a_row and any(name in each.body for name in CHILDREN)]
    assert len(named) > 10
    assert said([each for each in named if not each.looks]) == []


@pytest.mark.parametrize(("side", "foreign"), [(("croydon", "oakhouse"), OF_SUTTON), (("sutton", "harbour"), OF_CROYDON)])
def test_no_page_holds_a_word_of_the_other_side(pages: list[Opened], side: tuple[str, ...], foreign: tuple[str, ...]) -> None:
    seen = [each for each in pages if each.who.startswith(side)]
    assert seen
    assert [(str(each), word) for each in seen for word in foreign if word in each.body] == []


def test_no_page_of_the_portal_can_reach_a_row_of_a_table(pages: list[Opened]) -> None:
    portal = [each for each in own(pages) if each.path.startswith("/portal/")]
    assert any(each.status == 200 for each in portal)
    assert sorted({f"{each.address.name} {path}" for each in portal for path in each.models}) == []


def test_every_page_has_the_strict_content_policy(pages: list[Opened]) -> None:
    """A file that somebody sent, or that was drawn, may do nothing at all, also where a browser opens it as a page."""
    html = [each for each in pages if each.headers.get("Content-Type", "").startswith("text/html")]
    files = {each.headers.get("Content-Security-Policy", "") for each in pages if each not in html}
    assert not any("unsafe" in policy or "default-src 'none'" not in policy for policy in files)
    policies = {each.headers.get("Content-Security-Policy", "") for each in html}
    assert len(policies) == 1
    (policy,) = policies
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "unsafe" not in policy


def test_every_page_refuses_frames_and_guessed_types(pages: list[Opened]) -> None:
    wanted = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    assert said([each for each in pages if wanted.items() - each.headers.items()]) == []


def test_no_page_holds_anything_inline(pages: list[Opened]) -> None:
    html = [each for each in pages if each.headers.get("Content-Type", "").startswith("text/html")]
    assert [(str(each), found[0]) for each in html if (found := INLINE.search(each.body))] == []


def test_pages_of_somebody_signed_in_are_kept_by_no_browser(pages: list[Opened]) -> None:
    seen = [each for each in pages if each.who != "nobody"]
    assert said([each for each in seen if "no-store" not in each.headers.get("Cache-Control", "")]) == []


def test_every_form_carries_its_key(pages: list[Opened]) -> None:
    found = [(each, form) for each in own(pages) for form in each.forms]
    bare = {(each.address.name, form.action) for each, form in found if each.who != "nobody" and "once" not in form.entries}
    assert len(found) > 50
    assert bare == set()


def test_every_form_about_a_row_that_changes_carries_its_version(pages: list[Opened]) -> None:
    product = [each for each in own(pages) if each.who != "nobody"]
    found = [(each, form) for each in product for form in each.forms]
    without = {
        (each.address.name, name)
        for each, form in found
        if "version" not in form.entries and (name := _needs_version(pages, form.action))
    }
    assert without == set()


def _needs_version(pages: list[Opened], action: str) -> str:
    try:
        match = resolve(action.split("?")[0])
    except Resolver404:
        return f"nowhere: {action}"
    known = {each.name: each for each in addresses()}
    kinds = {kind for _, kind in known[match.view_name].parameters}
    return match.view_name if kinds & VERSIONED and match.view_name not in WITHOUT_VERSION else ""


def test_every_form_leads_to_an_address_that_takes_it(pages: list[Opened]) -> None:
    product = [each for each in own(pages) if each.address.name != "components"]  # the gallery's lead nowhere
    actions = {form.action.split("?")[0] for each in product for form in each.forms}
    assert [action for action in sorted(actions) if "POST" not in resolve(action).func.methods] == []


def test_no_page_leads_where_its_reader_may_not_go(
    pages: list[Opened], world_database: tuple[str, World]
) -> None:
    """A link or button shown to somebody whose role the address would turn away."""
    roles = {who: actor.role for who, actor in world_database[1].actors.items()}
    read = [(each, roles[each.who]) for each in own(pages) if each.who in roles]
    dead = {
        f"{each.address.name} leads {role} to {resolve(url).view_name}"
        for each, role in read
        for url in _led_to(each.body)
        if not opens_for(url, role)
    }
    assert len(read) > 300
    assert "\n".join(sorted(dead)) == ""


def _led_to(body: str) -> set[str]:
    """The addresses of our own that links and forms of a page lead to, without what they ask."""
    found = {unescape(url).partition("?")[0].partition("#")[0] for url in LED_TO.findall(body)}
    return {url for url in found if url.startswith("/") and not url.startswith(settings.STATIC_URL)}
