"""A mail server that fails on purpose: it refuses, hangs up, or hangs up after it has taken the message."""

from __future__ import annotations

import random
import re
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class FaultyMail(socketserver.ThreadingTCPServer):
    """Takes messages, with so many faults in a hundred; `taken` counts each Message-ID that it took."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, faults: float, seed: int) -> None:
        self.faults, self.chance = faults, random.Random(seed)
        self.taken: Counter[str] = Counter()
        super().__init__(("127.0.0.1", 0), _Conversation)

    def fault(self) -> str:
        """What goes wrong with the next message, if anything."""
        if self.chance.random() >= self.faults:
            return ""
        return self.chance.choice(("refuses", "hangs up", "hangs up after taking it"))


class _Conversation(socketserver.StreamRequestHandler):
    server: FaultyMail

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline():
            command = line.decode().strip().upper()[:4]
            if command == "DATA":
                if not self.take():
                    return
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def take(self) -> bool:
        """One message; False when the line is cut."""
        fault = self.server.fault()
        if fault == "refuses":
            self.say("451 try again")
            return True
        if fault == "hangs up":
            return False
        self.say("354 go on")
        text = b""
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            text += line
        found = re.search(rb"^Message-ID:\s*(\S+)", text, re.I | re.M)
        self.server.taken[found[1].decode() if found else "none"] += 1
        if fault:
            return False
        self.say("250 taken")
        return True

    def say(self, words: str) -> None:
        """A line to the other side."""
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def faulty_mail(faults: float, seed: int = 1) -> Iterator[FaultyMail]:
    """The server at work."""
    with FaultyMail(faults, seed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
