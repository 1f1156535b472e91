"""Who signs for which side, and what stops a signature."""

from __future__ import annotations

import re
import unicodedata

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FOSTERING_OFFICER, PROVIDER
from rightplace.journey.contracts.models import Contract, ContractVersion
from rightplace.journey.contracts.permitting import agreed_to, permission_problems, rise_pence
from rightplace.journey.contracts.states import ARRANGERS
from rightplace.journey.decisions.models import Permission

NOT_PERMITTED = Problem("no_permission", "The authority has not permitted this variation yet.")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev"})


def side_of(by: Actor, contract: Contract) -> str:
    """The side for which this actor may sign; "" for none. The fostering team signs for the authority's own carers."""
    if by.role in ARRANGERS:
        return "authority"
    if by.role == PROVIDER and contract.provider_id is not None and by.provider_id == contract.provider_id:
        return "provider"
    return "provider" if by.role == FOSTERING_OFFICER and contract.provider_id is None else ""


def is_same_name(typed: str, account: str) -> bool:
    """Whether a name as typed is the account's: case, accents, titles, middle names and a first initial do not matter."""
    mine, theirs = _names(account), _names(typed)
    if not mine or len(theirs) < min(2, len(mine)) or mine[-1] not in theirs:
        return False
    return any(name == mine[0] or name == mine[0][:1] for name in theirs)


def signing_problems(
    by: Actor, contract: Contract, version: ContractVersion, *, signed_name: str, text_sha256: str
) -> list[Problem]:
    """Everything that stops this actor from signing this version now."""
    found: list[Problem] = []
    if not is_same_name(signed_name, by.name):
        found.append(
            Problem("other_name", f"Type your own name as on your account: {by.name}.", "signed_name")
        )
    if text_sha256 != version.text_sha256 or not version.text_sha256:
        found.append(
            Problem("stale", "The text has changed since you opened it. Read it again before you sign.")
        )
    return found + who_problems(by, contract, version)


def who_problems(by: Actor, contract: Contract, version: ContractVersion) -> list[Problem]:
    """Why this person may not sign for this side: signed already, signed for the other side, or had a hand in it."""
    side = side_of(by, contract)
    if not side:
        return [Problem("not_yours", "You cannot sign this contract for either side.")]
    signatures = list(version.signatures.all())
    if any(signature.side == side for signature in signatures):
        return [Problem("taken", "Your side has signed this already.")]
    if any(signature.user_id == by.user_id for signature in signatures):
        return [Problem("both_sides", "One person cannot sign for both sides. Ask a colleague to sign.")]
    if side == "provider":
        return [NOT_PERMITTED] if version.waits_for_permission else []
    return _authority_problems(by, contract, version)


def _authority_problems(by: Actor, contract: Contract, version: ContractVersion) -> list[Problem]:
    """Who had a hand in asking or agreeing does not sign, and nobody before a dearer variation has been permitted."""
    if by.user_id in who_asked_and_agreed(contract) | agreed_to(version):
        words = "Who asked for the placement or agreed to it does not sign for it. A colleague must."
        return [Problem("own_request", words)]
    if version.made_by_id == by.user_id and rise_pence(contract, version) > 0:
        words = "You made this variation and it costs more. Somebody else must sign it for the authority."
        return [Problem("own_rise", words)]
    return permission_problems(contract, version)


def who_asked_and_agreed(contract: Contract) -> frozenset[int]:
    """Who requested, chose or permitted the placement or service: what it is paid by is a third person’s."""
    if contract.package is not None:
        of_service = contract.package
        hands = (of_service.asked_by_id, of_service.chosen_by_id, of_service.decided_by_id)
        return frozenset(key for key in hands if key is not None)
    columns = ("requested_by_id", "asked_by_id", "decided_by_id")
    found = Permission.objects.filter(placements=contract.placement_id).values_list(*columns).first()
    return frozenset(key for key in found or () if key is not None)


def _names(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [name for name in re.findall(r"[a-z]+", plain.replace("'", "")) if name not in TITLES]
