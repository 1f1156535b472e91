"""For the two-sided world: a night's exchange with a case system that leaves one person unsure and one difference."""

from __future__ import annotations

from rightplace.exchange.case_recording.models import CaseDifference, CaseIdentity
from rightplace.exchange.case_recording.taking import take_extract
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.foundation.access.actor import system_actor
from rightplace.register.children.models import Child
from tests.cast import NOW, Cast


def exchanged(cast: Cast, child: Child) -> dict[str, int]:
    """Somebody who may be the child, and the child themselves under other names; the number of each row."""
    born = f"{child.born_on:%d/%m/%Y}"
    text = (
        "Person ID,Local Number,Forename,Surname,Date of Birth\n"
        f"N1,,{child.first_name}e,{child.last_name},{born}\nN2,{child.local_number},Other,Names,{born}\n"
    )
    by = system_actor(authority_id=cast.croydon.pk)
    files = [GivenFile("persons.csv", text.encode())]
    take_extract(by=by, now=NOW, authority=cast.croydon, files=files).done()
    identity = CaseIdentity.objects.get(authority=cast.croydon, person="N1", state="doubtful")
    difference = CaseDifference.objects.get(authority=cast.croydon, child=child, about="names")
    return {"identity": identity.pk, "difference": difference.pk}
