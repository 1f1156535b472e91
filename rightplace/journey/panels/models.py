"""Every table of panels by name: how they work and what they decide (`tables`), and what they leave behind (`records`)."""

from rightplace.journey.panels.records import PanelAction, PanelAppeal, PanelMinutes, PanelPack
from rightplace.journey.panels.tables import (
    PanelAgendaRule,
    PanelAttendance,
    PanelInterest,
    PanelItem,
    PanelKind,
    PanelMeeting,
    PanelMember,
    PanelTerms,
    PanelView,
)

__all__ = [
    "PanelAction",
    "PanelAgendaRule",
    "PanelAppeal",
    "PanelAttendance",
    "PanelInterest",
    "PanelItem",
    "PanelKind",
    "PanelMeeting",
    "PanelMember",
    "PanelMinutes",
    "PanelPack",
    "PanelTerms",
    "PanelView",
]
