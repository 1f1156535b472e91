"""A small world in which work waits at every stage, twice: once for Croydon with Oakhouse, once for Sutton with Harbour.

Made by walking the real verbs. `World.ours` and `World.theirs` give rows of each kind that an address can name; a
page that is asked for the other side's row must answer as if it did not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.invitations import Invited, invite_person
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.safeguards import emergencies, restricting, reviewing, visits
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.journey.contracts.models import Contract
from rightplace.journey.offers import actions as offers
from rightplace.journey.offers import evidence
from rightplace.journey.offers.given import AnswerGiven
from rightplace.journey.offers.models import Offer, OfferEvidence
from rightplace.journey.placements.models import Placement
from rightplace.journey.search import actions as search
from rightplace.journey.search.models import Candidate, Invitation, Search
from rightplace.register.carers.models import Approval, Household
from rightplace.register.children.models import Child, LegalStatus, Sibling
from rightplace.register.frameworks.models import LotMember
from rightplace.register.providers.models import Hold, Setting
from tests import make
from tests.assured import assured
from tests.at_panels import meetings_held
from tests.bought import bought
from tests.cast import LONG_AGO, NOW, TODAY, Cast, make_cast
from tests.charges_kept import charges_kept
from tests.exchanged import exchanged
from tests.files import PDF
from tests.invoicing import invoices_queried
from tests.keeping_beds import beds_kept
from tests.kept import kept
from tests.looked_back import looked_back
from tests.matched import matched
from tests.other_systems import systems_connected
from tests.paid_out import paid_out
from tests.planned import money_planned
from tests.served import served
from tests.sharing_costs import costs_shared, dearer_terms_asked, limits_asked

FAR_AWAY = datetime(2126, 1, 1, tzinfo=UTC)
CHILD_FACTS = {"ethnicity": "WBRI", "language": "English", "need_code": "N1", "is_synthetic": True}

Ids = dict[str, int]


@dataclass(frozen=True)
class World:
    """The cast of each side, everybody who can sign in, and rows of each kind on each side, scene by scene.

    A scene is a set of rows that belong together (a request with its search and offer), at one stage of the journey.
    """

    cast: Cast
    sutton_cast: Cast
    actors: dict[str, Actor]
    ours: tuple[Ids, ...]
    theirs: tuple[Ids, ...]


def make_world() -> World:
    """Write everything; some seconds."""
    cast = make_cast()
    other = _side_of_sutton(cast)
    orla, piet = _child(other, "Orla"), _child(other, "Piet")
    Sibling.objects.create(authority=cast.sutton, child=orla, sibling=piet)
    ours = _walk(cast, cast.acorn_house, [cast.amber, cast.jude, cast.kiran])
    theirs = _walk(other, cast.harbour_agency, [cast.lena, orla, piet])
    # Pages go by the real clock, which is past the times of the cast: keep open what is open.
    Search.objects.exclude(state__in=("closed", "stopped")).update(closes_at=FAR_AWAY)
    Invitation.objects.exclude(state="closed").update(closes_at=FAR_AWAY)
    return World(cast, other, _actors(cast, other), ours, theirs)


def _side_of_sutton(cast: Cast) -> Cast:
    """The same play with other players: whoever acts for Croydon in the verbs acts for Sutton here."""
    held = {
        "moses": roles.TEAM_MANAGER, "ida": roles.REVIEWING_OFFICER, "tessa": roles.TEAM_MANAGER, "fern": roles.FOSTERING_OFFICER,
        "pearl": roles.PANEL_CHAIR, "dev": roles.DIRECTOR, "fin": roles.FINANCE_OFFICER,
        "cora": roles.COMMISSIONER, "ana": roles.ANALYST, "mel": roles.PANEL_MEMBER, "clem": roles.PANEL_CLERK,
        "ada": roles.ACCESS_OFFICER, "iggy": roles.INFORMATION_OFFICER, "ellie": roles.ELECTED_MEMBER, "abby": roles.FOSTER_CARER,
    }  # fmt: skip
    people = {key: _person(key, role, cast) for key, role in held.items()}
    home = Household.objects.create(
        authority=cast.sutton, reference="FC-SUTTON", carers="The Castle family", postcode="SM1 1AA",
        address="9 Zinnia Mews, Sutton", latitude=51.36, longitude=-0.19, located_by="sector", weekly_pence=55_000,
    )  # fmt: skip
    Approval.objects.create(
        authority=cast.sutton, household=home, period=DateRange(LONG_AGO, None), places=2, min_age=0, max_age=17
    )
    who = {"croydon": cast.sutton, "sadia": cast.simon, "bola": cast.brenda, "amber": cast.lena, "adams": home}
    return replace(cast, **who, **people)


def _person(key: str, role: str, cast: Cast) -> Actor:
    name = f"sutton-{key}"
    user = User.objects.create_user(name, f"{name}@example.org", None, first_name=key.title(), last_name="Sutton")
    team = {"team_id": cast.simon.team_id} if role == roles.TEAM_MANAGER else {}
    return Membership.objects.create(
        user=user, role=role, starts_on=LONG_AGO, authority=cast.sutton, **team
    ).as_actor()


def _child(cast: Cast, first: str) -> Child:
    row = Child.objects.create(
        authority=cast.croydon, local_number=f"N-{first}", first_name=first, sex="F",
        last_name="Quillfeather" if cast.croydon.name == "Sutton" else "Larkspur",
        born_on=date(2013, 6, 7), home_postcode="SM1 4ZZ", social_worker_id=cast.sadia.user_id, **CHILD_FACTS,
    )  # fmt: skip
    LegalStatus.objects.create(authority=cast.croydon, child=row, code="C2", period=(LONG_AGO, None))
    return row


def _walk(cast: Cast, home: Setting, children: list[Child]) -> tuple[Ids, ...]:
    first, *siblings = children
    in_force = make.placement_started(cast, make.contract_in_force(cast, home=home, children=(first,)))
    drafted = make.contract_drafted(cast, home=home, children=(siblings[0],))
    standing = {"child": first.pk, "household": cast.adams.pk, "setting": home.pk, "provider": home.provider_id}
    member = LotMember.objects.get(provider=home.provider_id)
    standing |= {"lot": member.lot_id, "member": member.pk}
    standing |= {"move": make.move_discussed(cast, make.move_proposed(cast, in_force.placement)).pk}
    requests = (
        make.request_draft(cast, children=tuple(siblings)),
        make.request_submitted(cast, children=(first,)),
        make.request_ready(cast, children=(first,)),
    )
    scenes = (
        _of_contract(in_force), _of_contract(drafted), _asking(cast, home, first), _own_carers(cast, first),
        _compared(cast, home, first),
    )  # fmt: skip
    further = (*costs_shared(cast, in_force), *meetings_held(cast, home, first), _with_carers(cast, siblings[1]))
    standing["rise"] = dearer_terms_asked(cast, in_force)
    standing |= invoices_queried(cast, in_force, make.maker_of(cast, home))
    standing |= charges_kept(cast, in_force)
    standing |= paid_out(cast, make.maker_of(cast, home).provider_id or 0)
    standing |= beds_kept(cast, home)
    standing |= assured(cast, in_force)
    standing |= bought(cast, make.maker_of(cast, home))
    paid = {"payment_run": standing["paid_run"]}
    standing |= looked_back(cast) | matched(cast, requests[-1])
    standing |= _safeguarded(cast, _child(cast, f"Vera{cast.croydon.pk}"))
    standing |= served(cast, first, make.maker_of(cast, home))
    standing |= exchanged(cast, first)
    standing |= money_planned(cast, in_force)
    standing |= kept(cast, first) | limits_asked(cast) | systems_connected(cast, make.maker_of(cast, home))
    standing |= {"person": cast.fin.person_id, "account_invitation": _invited(cast)}
    standing["hold"] = Hold.objects.create(
        setting=home, kind="concern", reason="A visit is due", raised_by=cast.croydon, starts_on=LONG_AGO
    ).pk
    return tuple({**standing, **scene} for scene in (*scenes, *further, paid, *({"request": row.pk} for row in requests)))


def _safeguarded(cast: Cast, child: Child) -> Ids:
    """A restricted case that was opened in an emergency, support that asks to look in, and an open review of access."""
    number = child.local_number
    case = restricting.restrict_case(
        by=cast.iggy, now=NOW, child_number=number, reason="A relative works here.", people=[cast.sadia.person_id]
    ).done()
    access = emergencies.open_in_emergency(
        by=cast.bola, now=NOW, child_number=number, reason="She has run away and nobody answers."
    ).done()
    visit = visits.ask_visit(
        by=cast.sam, now=NOW, authority_id=cast.croydon.pk, as_role="broker", reason="A page does not load.", hours=1
    ).done()
    review = reviewing.open_review(by=cast.ada, now=NOW).done()
    line = review.lines.exclude(user_id__in=(cast.ada.user_id, cast.iggy.user_id)).order_by("pk")[0]
    agreement = SharingAgreement.objects.get(authority=cast.croydon)
    return {
        "restriction": case.pk, "emergency": access.pk, "visit": visit.pk, "review": review.pk, "line": line.pk,
        "agreement": agreement.pk, "user": cast.sadia.person_id,
    }  # fmt: skip


def _invited(cast: Cast) -> int:
    """Somebody who is invited to be a broker."""
    who = Invited(f"new@{cast.croydon.gss_code.lower()}.example", "Nia Newman", roles.BROKER, TODAY)
    return invite_person(by=cast.ada, now=NOW, invited=who).done().pk


def _asking(cast: Cast, home: Setting, child: Child) -> Ids:
    """A search in which an offer is being written and a question was asked."""
    row = make.market_open(cast, children=(child,))
    added = _offer(cast, row, home)
    return {
        **_of_search(row, added.offer), "question": _question(cast, row, home),
        "evidence": added.pk, "file": added.file_id,
    }  # fmt: skip


def _question(cast: Cast, row: Search, home: Setting) -> int:
    invitation = make.invitation_to(row, home)
    by = _provider_of(cast, home)
    return search.ask_question(by=by, now=NOW, invitation_id=invitation.pk, words="Does she have a pet?").done().pk


def _offer(cast: Cast, row: Search, home: Setting | Household) -> OfferEvidence:
    invitation, by = make.invitation_to(row, home), _provider_of(cast, home)
    offer = offers.start_offer(by=by, now=NOW, invitation_id=invitation.pk).done()
    answers = tuple(
        AnswerGiven(about, topic, "We do this every day.", is_met=True)
        for about, topic, _, _ in offers.shown_topics(invitation)
    )
    offer = offers.save_offer(
        by=by, now=NOW, offer_id=offer.pk, version=offer.version, lines=make.PRICE, answers=answers,
        changes={"support_words": "Two adults by day.", "starts_on": make.NEEDED_BY},
        carer_reference="HF-17" if by == cast.quinn else None,
    ).done()  # fmt: skip
    return evidence.add_evidence(
        by=by, now=NOW, offer_id=offer.pk, version=offer.version, name="plan.pdf", content=PDF
    ).done()


def _provider_of(cast: Cast, home: Setting | Household) -> Actor:
    if isinstance(home, Household):
        return cast.fern
    return cast.priya if home.provider_id == cast.oakhouse.pk else cast.quinn


def _compared(cast: Cast, home: Setting, child: Child) -> Ids:
    """A search that has closed with an offer, from which nobody has chosen yet."""
    row = make.market_open(cast, children=(child,))
    added = _offer(cast, row, home)
    added.offer.refresh_from_db()
    by = _provider_of(cast, home)
    offers.submit_offer(by=by, now=NOW, offer_id=added.offer_id, version=added.offer.version).done()
    make.search_closed(cast, row)
    return {**_of_search(row, added.offer), "evidence": added.pk, "file": added.file_id}


def _with_carers(cast: Cast, child: Child) -> Ids:
    """A placement planned with the authority's own carers."""
    permission = make.placement_approved(cast, make.offers_closed(cast, cast.adams, children=(child,)), cast.adams)
    status = LegalStatus.objects.filter(child=child).order_by("pk")[0]
    placement = Placement.objects.get(permission=permission)
    return {"placement": placement.pk, "permission": permission.pk, "child": child.pk, "legal_status": status.pk}


def _own_carers(cast: Cast, child: Child) -> Ids:
    """A search among the authority's own carers, in which a household's offer is being written."""
    row = make.search_open(cast, children=(child,))
    added = _offer(cast, row, cast.adams)
    asked = {"request": row.request_id, "search": row.pk, "own_invitation": added.offer.invitation_id}
    return {**asked, "own_offer": added.offer_id, "own_evidence": added.pk, "own_file": added.file_id}


def _of_contract(contract: Contract) -> Ids:
    placement = contract.placement
    choice = placement.permission.choice
    status = LegalStatus.objects.filter(child=placement.child_id).order_by("pk")[0]
    found = {"placement": placement.pk, "contract": contract.pk, "permission": placement.permission_id}
    found |= {"child": placement.child_id, "legal_status": status.pk}
    return {**found, **_of_search(choice.offer.invitation.search, choice.offer)}


def _of_search(row: Search, offer: Offer) -> Ids:
    candidate = Candidate.objects.filter(search=row).order_by("pk")[0]
    found = {"request": row.request_id, "search": row.pk, "candidate": candidate.pk}
    return {**found, "offer": offer.pk, "invitation": offer.invitation_id}


def _actors(cast: Cast, other: Cast) -> dict[str, Actor]:
    """Every role on both sides: 'croydon broker', 'sutton broker', 'oakhouse provider', 'consortium officer'."""
    staff = (
        "sadia", "moses", "ida", "bola", "fern", "pearl", "mel", "clem", "dev", "ellie", "fin", "cora", "ana", "ada", "iggy",
        "abby",
    )  # fmt: skip
    sides = (("croydon", cast), ("sutton", other))
    found = {f"{place} {getattr(who, one).role}": getattr(who, one) for place, who in sides for one in staff}
    return found | {"consortium": cast.conrad, "support": cast.sam, "oakhouse": cast.priya, "harbour": cast.quinn}
