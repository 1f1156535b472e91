"""Who works in the demo: a consortium, its authorities with their staff, and people at some providers."""

from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from typing import Any

from django.contrib.auth.hashers import make_password

from rightplace.demo.calibration import Borough
from rightplace.demo.chance import Generator
from rightplace.demo.copying import copy_rows
from rightplace.demo.identity import staff_names
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.organisations.models import Authority, Consortium, Provider, Team
from rightplace.foundation.reference.authorities import authority, children
from rightplace.journey.decisions.models import Delegation

CONSORTIUM = "South London (demonstration)"
POPULATION_YEAR = 2024
TEAMS = ("Children looked after, north", "Children looked after, south")
# Role and how many hold it in each authority; social workers and their managers sit in the teams by turns.
IN_EACH_AUTHORITY = (
    (roles.TEAM_MANAGER, 2),
    (roles.SOCIAL_WORKER, 4),
    (roles.BROKER, 2),
    (roles.FOSTERING_OFFICER, 1),
    (roles.PANEL_CHAIR, 1),
    (roles.PANEL_MEMBER, 2),
    (roles.PANEL_CLERK, 1),
    (roles.FINANCE_OFFICER, 1),
    (roles.COMMISSIONER, 1),
    (roles.DIRECTOR, 1),
    (roles.ANALYST, 1),
    (roles.ACCESS_OFFICER, 1),
    (roles.INFORMATION_OFFICER, 1),
)
# Made apart from the others, so that these keep their names.
APART = (
    (roles.REVIEWING_OFFICER, (("Ida", "Roper"), ("Idris", "Malone"), ("Ines", "Whitlock"), ("Ivor", "Tandy"))),
    (roles.ELECTED_MEMBER, (("Ellen", "Marsh"), ("Errol", "Quayle"), ("Esme", "Thorne"), ("Edwin", "Lacey"))),
)  # fmt: skip
DELEGATED_PENCE = {roles.TEAM_MANAGER: 6_000_000, roles.DIRECTOR: 20_000_000}
OF_THE_CONSORTIUM = 2
IN_TEAMS = (roles.TEAM_MANAGER, roles.SOCIAL_WORKER)


@dataclass(slots=True)
class Cast:
    """Everyone of the demo by authority, provider and role, as actors; rows of the boroughs in order."""

    consortium_id: int
    authorities: list[Authority]
    by_authority: dict[int, dict[str, list[Actor]]] = field(default_factory=dict)
    by_provider: dict[int, Actor] = field(default_factory=dict)

    def of(self, authority_id: int, role: str, turn: int = 0) -> Actor:
        """One of those who hold a role in an authority, by turns."""
        holders = self.by_authority[authority_id][role]
        return holders[turn % len(holders)]


@dataclass(frozen=True, slots=True)
class Post:
    """A post to fill: the role and where it is held."""

    role: str
    authority: Authority | None = None
    team_id: int | None = None
    provider: Provider | None = None
    consortium_id: int | None = None

    @property
    def domain(self) -> str:
        """The part of the e-mail address that says where the post is."""
        place = self.authority or self.provider
        name = place.name if place else "consortium"
        return "".join(letter for letter in name.lower() if letter.isalnum())[:30]


def make_cast(rng: Generator, boroughs: tuple[Borough, ...], since: date) -> Cast:
    """Make the consortium, the authorities, their teams and their staff."""
    consortium = Consortium.objects.create(name=CONSORTIUM)
    made = Authority.objects.bulk_create([_authority(borough, consortium) for borough in boroughs])
    _delegate(made, since)
    cast = Cast(consortium.pk, made)
    posts = [post for each in made for post in _posts(each)]
    posts += [Post(roles.CONSORTIUM_OFFICER, consortium_id=consortium.pk)] * OF_THE_CONSORTIUM
    for post, actor in zip(posts, _hired(rng, posts, since), strict=True):
        if post.authority:
            cast.by_authority.setdefault(post.authority.pk, {}).setdefault(post.role, []).append(actor)
    for role, names in APART:
        _hire_apart(cast, role, names, since)
    return cast


def _hire_apart(cast: Cast, role: str, names: tuple[tuple[str, str], ...], since: date) -> None:
    """Two of this role in each authority, by these names in turn."""
    twice = [each for each in cast.authorities for _ in range(2)]
    for each, (first, last) in zip(twice, cycle(names), strict=False):
        post = Post(role, each)
        email = _email((first, last), post)
        user = User.objects.create_user(email, email, None, first_name=first, last_name=last)
        Membership.objects.create(user=user, role=post.role, authority=each, starts_on=since)
        cast.by_authority[each.pk].setdefault(post.role, []).append(_actor(user.pk, (first, last), post))


def add_provider_people(rng: Generator, cast: Cast, providers: list[Provider], since: date) -> None:
    """One contact at each of these real providers, with a synthetic name."""
    posts = [Post(roles.PROVIDER, provider=provider) for provider in providers]
    for provider, actor in zip(providers, _hired(rng, posts, since), strict=True):
        cast.by_provider[provider.pk] = actor


def _delegate(authorities: list[Authority], since: date) -> None:
    """What each role may agree to: a fostering stay of some months, a year of fostering, else the panel."""
    Delegation.objects.bulk_create(
        Delegation(authority=each, role=role, whole_cost_pence=pence, starts_on=since)
        for each in authorities
        for role, pence in DELEGATED_PENCE.items()
    )


def _authority(borough: Borough, consortium: Consortium) -> Authority:
    facts = authority(borough.gss_code)
    return Authority(
        consortium=consortium,
        name=borough.name,
        gss_code=borough.gss_code,
        dfe_code=borough.dfe_code,
        region=facts.region,
        population_0_17=children(borough.gss_code, POPULATION_YEAR),
        is_demo=True,
    )


def _posts(of: Authority) -> list[Post]:
    teams = Team.objects.bulk_create([Team(authority=of, name=name) for name in TEAMS])
    posts = []
    for role, number in IN_EACH_AUTHORITY:
        for turn in range(number):
            team = teams[turn % len(teams)].pk if role in IN_TEAMS else None
            posts.append(Post(role, of, team))
    return posts


def _hired(rng: Generator, posts: list[Post], since: date) -> list[Actor]:
    """Users and memberships for the posts, without passwords: a demonstration lets one choose a person."""
    names = staff_names(rng, len(posts))
    emails = [_email(name, post) for name, post in zip(names, posts, strict=True)]
    users = copy_rows(
        User,
        {
            "username": emails,
            "email": emails,
            "first_name": [first for first, _ in names],
            "last_name": [last for _, last in names],
            "password": make_password(None),
        },
    )
    copy_rows(Membership, {"user": users, "starts_on": since, **_held(posts)})
    return [_actor(user, name, post) for user, name, post in zip(users, names, posts, strict=True)]


def _held(posts: list[Post]) -> dict[str, list[Any]]:
    return {
        "role": [post.role for post in posts],
        "authority": [post.authority.pk if post.authority else None for post in posts],
        "provider": [post.provider.pk if post.provider else None for post in posts],
        "consortium": [post.consortium_id for post in posts],
        "team": [post.team_id for post in posts],
    }


def _email(name: tuple[str, str], post: Post) -> str:
    first, last = ("".join(letter for letter in part.lower() if letter.isalpha()) for part in name)
    return f"{first}.{last}@{post.domain}.example.org"


def _actor(user_id: int, name: tuple[str, str], post: Post) -> Actor:
    return Actor(
        user_id=user_id,
        name=" ".join(name),
        role=post.role,
        authority_id=post.authority.pk if post.authority else 0,
        provider_id=post.provider.pk if post.provider else None,
        consortium_id=post.consortium_id,
        team_id=post.team_id,
    )
