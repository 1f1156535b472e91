"""Giving the files of a return away: made anew, and an entry in the audit trail of who took them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.sheets import HandedFile
from rightplace.exchange.ssda903.exporting import left_out, make_return, record_export
from rightplace.exchange.ssda903.holding import MAY_HOLD
from rightplace.exchange.ssda903.schema import as_words, schema_faults
from rightplace.exchange.ssda903.writing import return_files, return_zip, write_xml
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.organisations.models import Authority


@action
def give_return(
    *, by: Actor, now: datetime, authority: Authority, year: int, as_xml: bool = False
) -> Outcome[HandedFile]:
    """The return of a collection year: an archive of CSV files, or one XML document by the schema of 2021.

    A reader who may not see a restricted case gets it in part, and the name of the file says so.
    Refused: a role that does not make the return, another authority, XML that would not keep to the schema.
    """
    if by.role not in MAY_HOLD:
        return refuse(Problem("not_yours", "Your role may not take the statutory return out."))
    if by.authority_id and by.authority_id != authority.pk:
        return refuse(Problem("not_yours", "You may do this for your own authority only."))
    made = make_return(authority, year, taken_on=timezone.localdate(now))
    document = write_xml(made.whole.tables) if as_xml else b""
    if faults := schema_faults(document) if as_xml else []:
        lead = Problem(
            "not_to_schema",
            "The XML would not keep to the Department’s schema. Mend this, or take the CSV files.",
        )
        return refuse(lead, [Problem("not_to_schema", words) for words in as_words(faults)])
    without = left_out(authority, year)
    record_export(authority, year, by=by, now=now, rows=made.whole.rows, without=without)
    name = f"ssda903-{authority.gss_code}-{year}{'-in-part' if without else ''}".lower()
    if as_xml:
        return Outcome(HandedFile(f"{name}.xml", "application/xml", document))
    archive = return_zip(return_files(made.whole.tables, year))
    return Outcome(HandedFile(f"{name}.zip", "application/zip", archive))
