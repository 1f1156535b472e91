"""Who a token acts for."""

from __future__ import annotations

from pydantic import Field

from rightplace.api.calling import Call
from rightplace.api.fields import Shown
from rightplace.api.section import Section
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.tokens.scopes import HOLDERS

section = Section("me", "Who the token acts for.")


class Me(Shown):
    """Who the token acts for, and what it may do."""

    name: str
    role: str
    place: str = Field(description="The authority or the provider")
    authority_id: int | None
    provider_id: int | None
    scopes: list[str]


@section.reads("/me", "", HOLDERS, Me, is_versioned=False)
def read_me(call: Call) -> Me:
    """Read who the token acts for.

    Open to every token, whatever its scopes: the first call to try.
    """
    actor = call.actor
    token = ApiToken.objects.select_related("authority", "provider").get(pk=call.token_id)
    return Me(
        name=actor.name,
        role=actor.role,
        place=str(token.authority or token.provider),
        authority_id=actor.authority_id or None,
        provider_id=actor.provider_id,
        scopes=token.scopes,
    )
