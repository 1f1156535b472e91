"""A child through the whole journey, with identifying words typed into every field: none reaches a provider by any channel."""

from __future__ import annotations

import io
import json

import openpyxl
import pypdf
import pytest
from django.core import serializers
from django.test import Client

from rightplace.foundation.files.taking import TakenFile, take_file
from rightplace.foundation.notices.models import Notice, OutgoingEmail
from rightplace.journey.requests import actions
from rightplace.journey.requests.entries import COLUMNS, NeedGiven, OutcomeGiven
from rightplace.journey.requests.models import PlacementRequest, RequestChild
from rightplace.journey.search.models import Invitation
from rightplace.register.children.actions import Asking, correct_fact
from rightplace.register.children.models import Child
from tests import make
from tests.cast import NOW, Cast, make_cast
from tests.files import pdf, picture
from tests.rules.addresses import addresses
from tests.security.entering import signed_in

PLANTED = (
    "Jude", "Kiran", "Marlowe", "Shirley Vale", "CR0 4XX", "CR0 8AA", "9 March 2017", "09/03/2017", "07700 900123",
    "H801200001001", "QX99Z", "jude@example.org", "Zebedee Quill",
)  # fmt: skip
OF_CARERS = ("Adams family", "Brown family", "1 Adams Road", "CR0 2AB")
SENTENCE = (
    "Jude Marlowe and his brother Kiran go to Shirley Vale School near CR0 4XX and CR0 8AA. He was born on 9 March 2017"
    " (09/03/2017). Ring 07700 900123 or write to jude@example.org. His numbers are QX99Z and H801200001001."
    " His uncle is Zebedee Quill."
)
FREE_TEXTS = sorted(name for name in COLUMNS if name.endswith("_words") or name in {"why_now", "about"})
# The contract itself names the child to the home in which the child will live: that is the disclosure.
AFTER_DISCLOSURE = "the contract "
DOWNLOADS = ("", "?download=csv", "?download=xlsx")


def _planted(cast: Cast, plain: PlacementRequest) -> PlacementRequest:
    """The draft again, with identifying words in every free text."""
    who = {"by": cast.sadia, "now": NOW, "request_id": plain.pk}
    row = actions.save_request(**who, version=plain.version, changes=dict.fromkeys(FREE_TEXTS, SENTENCE)).done()
    for asked in RequestChild.objects.filter(request=row):
        needs = [NeedGiven("self_harm", 2, SENTENCE), NeedGiven("education", 1, f"{SENTENCE} Twice.")]
        row = actions.save_needs(
            **who, version=row.version, request_child_id=asked.pk, needs=needs, strengths=SENTENCE, child_view=SENTENCE
        ).done()
    row = actions.save_criteria(
        **who, version=row.version, essential=("own_bedroom",), desirable=(SENTENCE[:290],)
    ).done()
    return actions.save_outcomes(
        **who, version=row.version, outcomes=[OutcomeGiven("safety", SENTENCE[:290], SENTENCE[:290])]
    ).done()


@pytest.fixture
def told(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Everything that reached the provider, by channel: pages, downloads, documents, notices, e-mails, the snapshot."""
    cast = make_cast()
    Child.objects.filter(pk=cast.jude.pk).update(local_number="QX99Z", upn="H801200001001")
    plain = make.request_draft
    monkeypatch.setattr(make, "request_draft", lambda cast, **facts: _planted(cast, plain(cast, **facts)))
    contract = make.contract_in_force(cast, children=(cast.jude,))
    make.market_open(cast, children=(cast.jude,))
    _put_right(cast)
    client = signed_in(cast.priya)
    seen = {}
    ids = _ids_of(cast, contract.pk)
    for one in (each for each in addresses() if each.pattern.startswith("portal/") and "GET" in each.methods):
        for scene in ids:
            for path in one.filled(scene):
                name = f"{AFTER_DISCLOSURE}{path}" if one.name in {"portal_contract", "portal_contract_pdf"} else path
                seen |= {f"{name}{download}": _text(client, f"{path}{download}") for download in DOWNLOADS}
    return seen | _messages() | {"snapshot": json.dumps(list(Invitation.objects.values_list("shown", flat=True)))}


def _put_right(cast: Cast) -> None:
    """Facts that were shown are put right: those who saw them are told, without the facts themselves."""
    for field, value in (("language", SENTENCE[:40]), ("home_postcode", "CR0 9ZZ")):
        child = Child.objects.get(pk=cast.jude.pk)
        asking = Asking("Zebedee Quill, his uncle", SENTENCE)
        who = {"by": cast.moses, "now": NOW, "child_id": child.pk, "version": child.version}
        correct_fact(**who, field=field, value=value, asking=asking).done()


def _ids_of(cast: Cast, contract: int) -> list[dict[str, int]]:
    found = Invitation.objects.filter(provider=cast.oakhouse).order_by("pk")
    offers = [offer for row in found for offer in row.offers.values_list("pk", flat=True)] if hasattr(found[0], "offers") else [1]
    return [{"invitation": row.pk, "contract": contract, "offer": offers[0], "setting": cast.acorn_house.pk} for row in found]


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    kind, content = answer.headers.get("Content-Type", ""), answer.getvalue()
    if kind == "application/pdf":
        book = pypdf.PdfReader(io.BytesIO(content))
        return "\n".join([*(page.extract_text() for page in book.pages), str(book.metadata), str(answer.headers)])
    if "spreadsheetml" in kind:
        sheets = openpyxl.load_workbook(io.BytesIO(content))
        words = "\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)
        return f"{words} {sheets.properties} {sheets.sheetnames} {answer.headers}"
    return content.decode("utf-8", "replace") + str(answer.headers)


def _messages() -> dict[str, str]:
    notices = Notice.objects.filter(provider__isnull=False)
    return {
        "notices to providers": serializers.serialize("json", notices, ensure_ascii=False),
        "e-mails to anybody": serializers.serialize("json", OutgoingEmail.objects.all(), ensure_ascii=False),
    }


def test_no_planted_words_reach_a_provider(told: dict[str, str]) -> None:
    folded = {channel: text.casefold() for channel, text in told.items() if not channel.startswith(AFTER_DISCLOSURE)}
    found = {word: [c for c, text in folded.items() if word.casefold() in text] for word in (*PLANTED, *OF_CARERS)}
    assert {word: channels for word, channels in found.items() if channels} == {}
    assert [(word, path) for word in OF_CARERS for path, text in told.items() if word in text] == []
    _every_channel_was_tried(told)


def test_no_file_of_a_provider_carries_who_or_where_on(told: dict[str, str]) -> None:
    """Names in the name, the EXIF or the metadata of a file stay behind when it is taken in (`foundation.files.taking`)."""
    given = {"Jude.pdf": pdf("Jude Marlowe", Author="Zebedee Quill"), "a.jpg": picture("JPEG", artist="Jude Marlowe")}
    for name, content in given.items():
        taken = take_file(name, content)
        assert isinstance(taken, TakenFile)
        assert [word for word in PLANTED if word.encode() in taken.content] == []
    assert told


def _every_channel_was_tried(told: dict[str, str]) -> None:
    assert sum(path.startswith("/portal/") for path in told) > 20
    assert any("version-1.pdf" in path and "contract" in text.casefold() for path, text in told.items())
    assert "self_harm" in told["snapshot"] or "Self-harm" in told["snapshot"]
    assert told["notices to providers"] != "[]"
    assert told["e-mails to anybody"] != "[]"
    shown = [path for path, text in told.items() if path.startswith("/portal/") and "Page not found" not in text]
    assert len(shown) > 15
