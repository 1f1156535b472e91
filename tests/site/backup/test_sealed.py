"""Sealed files: only the private key opens them, and whatever was done to one is found out."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from rightplace.site.backup.sealed import Opener, Sealer, make_keys, private_key, public_key, sealed_file
from rightplace.site.cannot_start import CannotStart

PRIVATE, PUBLIC = make_keys()
CONTENT = os.urandom(2_500_000) + b"a line that presses well\n" * 100_000


def sealed(content: bytes) -> bytes:
    """The content as a sealed file."""
    sink = io.BytesIO()
    sealer = Sealer(sink, public_key(PUBLIC))
    for start in range(0, len(content), 700_000):
        sealer.write(content[start : start + 700_000])
    sealer.close()
    return sink.getvalue()


def opened(raw: bytes, key: str = PRIVATE) -> bytes:
    """What a sealed file holds."""
    return Opener(io.BytesIO(raw), private_key(key), "it").read()


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, len(CONTENT)])
def test_what_was_sealed_comes_out_again(size: int) -> None:
    assert opened(sealed(CONTENT[:size])) == CONTENT[:size]


def test_it_presses_and_hides_what_it_holds() -> None:
    raw = sealed(b"Amber Fairweather " * 100_000)
    assert len(raw) < 20_000
    assert b"Amber" not in raw


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(CannotStart, match="cannot be opened: the key is another"):
        opened(sealed(b"secret"), make_keys()[0])


RAW = sealed(CONTENT)
CHUNK = (1 << 20) + 20
HEAD = 20 + 32
HARMS = {
    "one bit changed": RAW[:HEAD + 900] + bytes([RAW[HEAD + 900] ^ 1]) + RAW[HEAD + 901 :],
    "the end cut": RAW[:-1],
    "the last chunk dropped": RAW[: HEAD + 2 * CHUNK],
    "two chunks swapped": RAW[:HEAD] + RAW[HEAD + CHUNK : HEAD + 2 * CHUNK] + RAW[HEAD : HEAD + CHUNK] + RAW[HEAD + 2 * CHUNK :],
    "a chunk left out": RAW[:HEAD] + RAW[HEAD + CHUNK :],
    "nothing": b"",
    "another file": b"%PDF-1.7" + RAW,
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_whatever_was_done_to_it_is_found_out(harm: str) -> None:
    with pytest.raises(CannotStart):
        opened(HARMS[harm])


@pytest.mark.parametrize(
    "words", ["", "nonsense", PRIVATE, PUBLIC[:-3]], ids=["nothing", "nonsense", "a private key", "cut short"]
)
def test_what_is_no_public_key_is_said_in_one_sentence(words: str) -> None:
    with pytest.raises(CannotStart, match="This is not a public backup key"):
        public_key(words)


def test_a_sealed_file_is_never_written_over_and_nobody_may_write_it(tmp_path: Path) -> None:
    path = tmp_path / "it.sealed"
    with sealed_file(path, public_key(PUBLIC)) as sink:
        sink.write(b"first")
    assert path.stat().st_mode & 0o777 == 0o400
    with pytest.raises(FileExistsError), sealed_file(path, public_key(PUBLIC)) as sink:
        sink.write(b"second")
    assert opened(path.read_bytes()) == b"first"


def test_one_that_was_not_finished_is_not_taken_for_whole(tmp_path: Path) -> None:
    path = tmp_path / "it.sealed"
    with pytest.raises(KeyboardInterrupt), sealed_file(path, public_key(PUBLIC)) as sink:
        sink.write(CONTENT)
        raise KeyboardInterrupt
    with pytest.raises(CannotStart, match="not whole"):
        opened(path.read_bytes())
