"""A recorded night of a case system, Liquidlogic-shaped: six files. Everyone is invented; the children are the cast's."""

from rightplace.exchange.ssda903.given import GivenFile
from tests.cast import Cast


def night(cast: Cast, **other: str) -> list[GivenFile]:
    """The files of one night, by name; `other` puts another text in the place of one."""
    return [GivenFile(f"{name}.csv", text.encode()) for name, text in (files(cast) | other).items()]


def files(cast: Cast) -> dict[str, str]:
    """The text of each file."""
    amber, jude = cast.amber, cast.jude
    return {
        "persons": (
            "Person ID,Local Number,Forename,Surname,Date of Birth,Sex,Ethnicity,UPN,Disability,UASC\n"
            f"L1,{amber.local_number},{amber.first_name},{amber.last_name},{amber.born_on:%d/%m/%Y},Female,WBRI,,No,No\n"
            f"L2,,{jude.first_name},{jude.last_name},{jude.born_on:%d/%m/%Y},,,,,\n"
            "L3,,Noor,Rahimi,04/05/2012,Male,AOTH,,No,Yes\n"
        ),
        "statuses": (
            "Person ID,Legal Status,Legal Status Start,Legal Status End\n"
            "L3,V2 Single voluntary agreement,01/09/2026,01/10/2026\nL3,C2 Full care order,01/10/2026,\n"
        ),
        "episodes": (
            "Person ID,Episode Start,Episode End,Placement Type,URN\n"
            "L3,01/09/2026,01/10/2026,U4,SC000001\nL3,01/10/2026,,U4,SC000001\n"
        ),
        "workers": (
            "Person ID,Allocated Worker,Worker Email,Allocation Start,Allocation End,SW_ID,SW_REASON\n"
            "L3,Nobody Here,nobody@croydon.example.org,01/09/2026,,SW001,FCONTA\n"
        ),
        "reviews": "Person ID,Review Date,Participation Code\nL3,21/09/2026,PN1\n",
        "missing": "Person ID,Missing From,Missing To,Missing Type\nL3,05/10/2026,06/10/2026,Missing\n",
    }
