"""Sealed files: written with a public key that may lie anywhere, opened only with the private key kept elsewhere.

Each file has a key of its own: X25519 between a key drawn for the file and the reader's, through HKDF-SHA256. The content
is compressed, cut into chunks of 1 MiB and each sealed with AES-256-GCM; the number of the chunk is its nonce and the last
one says that it is the last. So a chunk changed, dropped, repeated, moved or missing at the end is found out.
"""

from __future__ import annotations

import base64
import binascii
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rightplace.site.cannot_start import CannotStart

MAGIC = b"rightplace sealed 1\n"
CHUNK = 1 << 20
LAST = 1 << 31
TAG = 16
PUBLIC, PRIVATE = "rightplace-backup-to-", "rightplace-backup-key-"


def make_keys() -> tuple[str, str]:
    """A new pair: the private key that opens (keep it away from the server) and the public one that seals."""
    private = X25519PrivateKey.generate()
    return PRIVATE + _words(private.private_bytes_raw()), PUBLIC + _words(
        private.public_key().public_bytes_raw()
    )


def public_key(words: str) -> X25519PublicKey:
    """The key that seals, from its words. Raises CannotStart."""
    return X25519PublicKey.from_public_bytes(_bytes(words, PUBLIC, "a public backup key"))


def private_key(words: str) -> X25519PrivateKey:
    """The key that opens, from its words. Raises CannotStart."""
    return X25519PrivateKey.from_private_bytes(_bytes(words, PRIVATE, "a private backup key"))


def _words(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(words: str, start: str, what: str) -> bytes:
    text = words.strip()
    with suppress(binascii.Error, ValueError):
        raw = base64.urlsafe_b64decode(text.removeprefix(start) + "=")
        if text.startswith(start) and len(raw) == 32:
            return raw
    raise CannotStart(f"This is not {what} (it begins with {start}); make a pair with: rightplace backup key")


def _file_key(shared: bytes, drawn: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=drawn, info=MAGIC).derive(shared))


class Sealer:
    """Something to write to: compresses, seals and passes on. `close` seals the end; without it the file is not whole."""

    def __init__(self, sink: BinaryIO, reader: X25519PublicKey) -> None:
        drawn = X25519PrivateKey.generate()
        public = drawn.public_key().public_bytes_raw()
        self._sink, self._key = sink, _file_key(drawn.exchange(reader), public)
        self._press, self._waiting, self._number = zlib.compressobj(1), bytearray(), 0
        sink.write(MAGIC + public)

    def write(self, piece: bytes) -> int:
        """Take some bytes; how many."""
        self._waiting += self._press.compress(piece)
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), 0)
            del self._waiting[:CHUNK]
        return len(piece)

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        self._waiting += self._press.flush()
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), 0)
            del self._waiting[:CHUNK]
        self._seal(bytes(self._waiting), LAST)

    def _seal(self, piece: bytes, last: int) -> None:
        head = (last | (len(piece) + TAG)).to_bytes(4, "big")
        self._sink.write(head + self._key.encrypt(self._number.to_bytes(12, "big"), piece, head))
        self._number += 1


class Opener:
    """Something to read from: opens the chunks of a sealed file in order. Raises CannotStart where it is not whole."""

    def __init__(self, source: BinaryIO, reader: X25519PrivateKey, name: str) -> None:
        self._source, self._name = source, name
        if source.read(len(MAGIC)) != MAGIC:
            raise CannotStart(f"{name} is not a sealed file of Rightplace.")
        public = self._exactly(32)
        self._key = _file_key(reader.exchange(X25519PublicKey.from_public_bytes(public)), public)
        self._unpress, self._open, self._number, self._is_last = zlib.decompressobj(), bytearray(), 0, False

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer only at the end; everything without a size."""
        while not self._is_last and (size < 0 or len(self._open) < size):
            self._open += self._next()
        size = len(self._open) if size < 0 else size
        piece = bytes(self._open[:size])
        del self._open[:size]
        return piece

    def _next(self) -> bytes:
        head = self._exactly(4)
        number = int.from_bytes(head, "big")
        sealed = self._exactly(number & ~LAST)
        try:
            piece = self._key.decrypt(self._number.to_bytes(12, "big"), sealed, head)
        except InvalidTag:
            raise CannotStart(
                f"{self._name} cannot be opened: the key is another, or the file was changed."
            ) from None
        self._number += 1
        self._is_last = bool(number & LAST)
        return self._unpress.decompress(piece)

    def _exactly(self, size: int) -> bytes:
        piece = self._source.read(size) if size <= CHUNK + TAG else b""
        if len(piece) != size:
            raise CannotStart(f"{self._name} is not whole: it ends too early.")
        return piece


@contextmanager
def sealed_file(path: Path, reader: X25519PublicKey) -> Iterator[Sealer]:
    """A new sealed file that nobody may write again (mode 0400); an existing one is never written over.

    It stands under its own name from the start, as a store that allows no deletion allows no renaming either; one that
    was not finished shows by lacking its last chunk.
    """
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400), "wb") as sink:
        sealer = Sealer(sink, reader)
        yield sealer
        sealer.close()
        sink.flush()
        os.fsync(sink.fileno())
