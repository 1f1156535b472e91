"""Requests whose bounds are not clear, against a served installation: refused, and nothing hidden in them is answered."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.faults.standing import Installation

HIDDEN = b"GET /about/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
POST = b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
UNCLEAR = {
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + HIDDEN,
    "a length and chunks": POST + b"Content-Length: 5\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
    "a length with a sign": POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "a length in another base": POST + b"Content-Length: 0x00\r\n\r\n" + HIDDEN,
    "chunks that are not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a space before the colon": POST + b"Content-Length : 0\r\n\r\n" + HIDDEN,
    "a chunk without a size": POST + CHUNKED + b"\r\nzz\r\n\r\n" + HIDDEN,
    "a line end of its own": b"GET /about/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\rb\r\n\r\n" + HIDDEN,
}


@pytest.fixture(scope="module")
def served(place: Installation) -> Iterator[Installation]:
    """The installation, served."""
    place.serve()
    yield place
    place.stop()


def answers(place: Installation, message: bytes) -> list[int]:
    """The status of whatever is answered until the connection ends or nothing more comes."""
    host, port = urlsplit(place.address).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=2) as wire:
        wire.sendall(message)
        said = b""
        try:
            while part := wire.recv(65536):
                said += part
        except TimeoutError:
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", said)]


def test_two_plain_requests_are_two_answers(served: Installation) -> None:
    assert answers(served, HIDDEN + HIDDEN) == [200, 200]


@pytest.mark.parametrize("case", UNCLEAR)
def test_a_message_without_clear_bounds_is_refused_whole(served: Installation, case: str) -> None:
    found = answers(served, UNCLEAR[case])
    assert len(found) <= 1
    assert all(400 <= status < 500 for status in found)
