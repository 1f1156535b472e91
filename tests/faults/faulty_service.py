"""A sign-on service behind a wire that fails on purpose: it hangs, drips, hangs up, says an error, or says something else."""

from __future__ import annotations

import random
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
ANSWERS = {
    "an error": b"HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
    "no JSON": HEAD + b"6\r\n\r\n<html>",
    "a list": HEAD + b"2\r\n\r\n[]",
    "a word": HEAD + b'4\r\n\r\n"no"',
    "nothing in it": HEAD + b"2\r\n\r\n{}",
    "half an answer": HEAD + b'5000\r\n\r\n{"iss',
    "no HTTP": b"\x00\x01\x02\r\n\r\n",
    "hangs up": b"",
}
FAULTS = ("hangs", "drips", "drips its head", *ANSWERS)
SECONDS = 6.0


class FaultyWire(socketserver.ThreadingTCPServer):
    """Passes requests on to a service; so many of them meet one of the faults. Counts what it did in `done`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, share: float, faults: tuple[str, ...], seed: int) -> None:
        self.port, self.share, self.faults, self.chance = port, share, faults, random.Random(seed)
        self.done: Counter[str] = Counter()
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Passing)

    @property
    def address(self) -> str:
        """Where the service seems to be."""
        return f"http://localhost:{self.server_address[1]}"

    def fault(self) -> str:
        """What goes wrong with the next request, if anything."""
        return self.chance.choice(self.faults) if self.chance.random() < self.share else ""


class _Passing(socketserver.BaseRequestHandler):
    server: FaultyWire

    def handle(self) -> None:
        asked = self._asked()
        fault = self.server.fault()
        self.server.done[fault] += 1
        with suppress(OSError):
            if not fault:
                self._pass_on(asked)
            elif fault == "hangs":
                self.server.over.wait(SECONDS)
            elif fault in ANSWERS:
                self.request.sendall(ANSWERS[fault])
            else:
                self._drip(HEAD + b"400\r\n\r\n" if fault == "drips" else b"HTTP/1.1 200 OK\r\nX-")

    def _asked(self) -> bytes:
        """The whole request, asked to be the last of its connection."""
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += self.request.recv(65536)
        head, _, body = asked.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        lengths = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
        while len(body) < sum(lengths):
            body += self.request.recv(65536)
        return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body

    def _pass_on(self, asked: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as service:
            service.sendall(asked)
            while told := service.recv(65536):
                self.request.sendall(told)

    def _drip(self, first: bytes) -> None:
        self.request.sendall(first)
        for _ in range(int(SECONDS / 0.1)):
            if self.server.over.wait(0.1):
                return
            self.request.sendall(b"x")


@contextmanager
def faulty_wire(
    port: int, share: float = 1.0, faults: tuple[str, ...] = FAULTS, seed: int = 28
) -> Iterator[FaultyWire]:
    """The wire to the service at this port of loopback, in threads of its own."""
    with FaultyWire(port, share, faults, seed) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
