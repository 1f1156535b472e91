"""What can be done with an item, an action and an appeal: one table of deeds for each, from which pages and addresses come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from rightplace.desks.panel import item_forms as forms_
from rightplace.desks.panel.deeds import Deed, Place
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import TEAM_MANAGER
from rightplace.foundation.actions import Outcome
from rightplace.journey.panels import agenda, appeals, deciding, following_up, sitting
from rightplace.journey.panels.deciding import DecisionGiven
from rightplace.journey.panels.models import PanelAction, PanelAppeal, PanelItem
from rightplace.journey.panels.queries import items_seen
from rightplace.journey.panels.states import ARRANGERS, PANEL_ACTION, PANEL_APPEAL, PANEL_ITEM


def _item(actor: Actor, key: int, now: datetime) -> PanelItem | None:
    rows = items_seen(actor, timezone.localdate(now)).select_related(
        "permission__choice__request", "rise__contract_version", "meeting__kind"
    )
    return rows.filter(pk=key).first()


def _action(actor: Actor, key: int, now: datetime) -> PanelAction | None:
    return following_up.actions_seen(actor, timezone.localdate(now)).filter(pk=key).first()


def _appeal(actor: Actor, key: int, now: datetime) -> PanelAppeal | None:
    return appeals.appeals_seen(actor, timezone.localdate(now)).filter(pk=key).first()


def item_url(row: Any) -> str:
    """The page of an item."""
    return reverse("panel:item", args=[row.pk])


def action_url(row: Any) -> str:
    """The page of an action."""
    return reverse("panel:action", args=[row.pk])


def appeal_url(row: Any) -> str:
    """The page of an appeal."""
    return reverse("panel:appeal", args=[row.pk])


ITEMS = Place("panel/items/", _item, PANEL_ITEM, item_url, "Items", "/panel/items/")
ACTIONS = Place("panel/actions/", _action, PANEL_ACTION, action_url, "Actions", "/panel/actions/")
APPEALS = Place("panel/appeals/", _appeal, PANEL_APPEAL, appeal_url, "Appeals", "/panel/appeals/")


def _decide(row: PanelItem, *, by: Actor, now: datetime, version: int, **given: Any) -> Outcome[PanelItem]:
    manner = given.pop("manner", "")
    decision = DecisionGiven(**given)
    key = {"by": by, "now": now, "item_id": row.pk, "version": version, "decision": decision}
    if manner:
        return deciding.decide_before_meeting(manner=manner, **key)  # type: ignore[arg-type]  # gathered above
    return deciding.decide_item(**key)  # type: ignore[arg-type]  # gathered above


def _of_item(act: Any) -> Any:
    def run(row: PanelItem, **given: Any) -> Any:
        return act(item_id=row.pk, **given)

    return run


def _of_action(act: Any) -> Any:
    def run(row: PanelAction, **given: Any) -> Any:
        return act(action_id=row.pk, **given)

    return run


def _of_appeal(act: Any) -> Any:
    def run(row: PanelAppeal, **given: Any) -> Any:
        return act(appeal_id=row.pk, **given)

    return run


def _without_version(act: Any) -> Any:
    def run(row: PanelItem, *, version: int, **given: Any) -> Any:
        return act(item_id=row.pk, **given)

    return run


ITEM_DEEDS = (
    Deed(
        "decide_item",
        "decide",
        "Record the decision",
        "The decision is recorded.",
        _decide,
        forms_.DecideForm,
    ),
    Deed(
        "decide_before_meeting",
        "decide-before",
        "Decide before the meeting",
        "The decision is recorded; the meeting ratifies it.",
        _decide,
        forms_.DecideBeforeForm,
        lead="For what cannot wait. The next meeting ratifies it, or does not.",
    ),
    Deed(
        "ratify_item",
        "ratify",
        "Ratify",
        "The decision is ratified.",
        _of_item(deciding.ratify_item),
        forms_.NoWordsForm,
        lead="The panel agrees with what was decided before the meeting.",
    ),
    Deed(
        "refuse_ratification",
        "not-ratify",
        "Do not ratify",
        "Not ratified. The team manager and the director are told.",
        _of_item(deciding.refuse_ratification),
        forms_.WordsForm,
        is_grave=True,
        lead="The panel does not agree with what was decided before the meeting. The team manager and the director are told.",
    ),
    Deed(
        "give_view",
        "view",
        "Give a view",
        "The view is recorded.",
        _of_item(deciding.give_view),
        forms_.ViewForm,
    ),
    Deed(
        "declare_interest",
        "interest",
        "Declare an interest",
        "The interest is recorded.",
        _of_item(sitting.declare_interest),
        forms_.InterestForm,
        lead="Who has an interest does not decide on the item and does not count to its quorum.",
    ),
    Deed(
        "withdraw_interest",
        "no-interest",
        "Withdraw an interest",
        "The interest is taken back.",
        _of_item(sitting.withdraw_interest),
        forms_.NoInterestForm,
    ),
    Deed(
        "change_item",
        "change",
        "Change",
        "The item is changed.",
        _of_item(agenda.change_item),
        forms_.ChangeItemForm,
    ),
    Deed(
        "remove_item",
        "take-off",
        "Take off the agenda",
        "The item is off the agenda.",
        _of_item(agenda.remove_item),
        forms_.ReasonForm,
        is_grave=True,
    ),
    Deed(
        "put_back_item",
        "put-back",
        "Put back on the agenda",
        "The item is back on the agenda.",
        _of_item(agenda.put_back_item),
    ),
    Deed(
        "add_action",
        "add-action",
        "Add an action",
        "The action is given, and its owner told.",
        _without_version(following_up.add_action),
        forms_.ActionForm,
        roles=ARRANGERS,
        then=lambda row: item_url(row.item),
    ),
    Deed(
        "ask_appeal",
        "appeal",
        "Challenge this decision",
        "The appeal is sent.",
        _without_version(appeals.ask_appeal),
        forms_.AppealForm,
        roles=(TEAM_MANAGER,),
        then=appeal_url,
        button="Send the appeal",
        lead="Somebody else than who decided hears it.",
    ),
)
ACTION_DEEDS = (
    Deed(
        "finish_action",
        "finish",
        "Done",
        "Done, and recorded.",
        _of_action(following_up.finish_action),
        forms_.DoneForm,
    ),
    Deed(
        "move_action",
        "move",
        "Change owner or date",
        "The action is changed, and its owner told.",
        _of_action(following_up.move_action),
        forms_.MoveActionForm,
    ),
    Deed(
        "drop_action",
        "drop",
        "No longer needed",
        "The action is no longer needed.",
        _of_action(following_up.drop_action),
        forms_.WordsForm,
    ),
    Deed(
        "reopen_action",
        "reopen",
        "Not done after all",
        "The action is to do again.",
        _of_action(following_up.reopen_action),
    ),
)
APPEAL_DEEDS = (
    Deed(
        "assign_appeal",
        "assign",
        "Say who hears it",
        "Who hears it is recorded.",
        _of_appeal(appeals.assign_appeal),
        forms_.AssignForm,
    ),
    Deed(
        "uphold_appeal",
        "uphold",
        "Uphold",
        "The appeal is upheld.",
        _of_appeal(appeals.uphold_appeal),
        forms_.WordsForm,
        lead="The panel looks at the matter again at its next meeting.",
    ),
    Deed(
        "dismiss_appeal",
        "not-uphold",
        "Do not uphold",
        "The appeal is not upheld.",
        _of_appeal(appeals.dismiss_appeal),
        forms_.WordsForm,
        is_grave=True,
        lead="The decision stands.",
    ),
    Deed(
        "withdraw_appeal",
        "withdraw",
        "Withdraw the appeal",
        "The appeal is withdrawn.",
        _of_appeal(appeals.withdraw_appeal),
    ),
)
