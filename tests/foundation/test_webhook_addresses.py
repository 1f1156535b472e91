"""Where a webhook may go: over two hundred ways to make the product ask inside a network, and not one connection."""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.foundation.webhooks import sending
from rightplace.foundation.webhooks.addresses import Refused, is_allowed, target_of, url_problems

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


class Canary:
    """A socket that really listens, on every address of this machine, and counts who comes."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET6)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.bind(("::", 0))
        self.socket.listen(64)
        self.port = self.socket.getsockname()[1]
        self.connects = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            self.connects += 1
            one.close()


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canary]:
    """The canary; its port is one of those allowed, so that the port alone saves nobody."""
    found = Canary()
    monkeypatch.setattr("rightplace.foundation.webhooks.addresses.PORTS", frozenset({443, 8443, found.port}))
    yield found
    found.socket.close()


ANY = "0.0.0" + ".0"
HOSTS = [
    # Loopback in every spelling.
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", ANY, "0", "00000", "localhost", "LOCALHOST",
    "localhost.", "a.localhost", "localhost.localdomain", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0x7f.0x0.0x0.0x1",
    "0177.0.0.1", "0177.0.0.01", "017700000001", "00000177.0.0.1", "127.0.0.1.", "127.000.000.001", "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001::1]",
    "[2001:0:7f00:1::80ff:fffe]", "[::1%25lo]", "[fe80::1%25eth0]",
    # Private and shared networks.
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.1", "100.64.0.1", "100.127.255.254",
    "10.1", "192.168.257", "0x0a000001", "012.0.0.1", "167772161", "3232235521", "0xc0a80001", "[fc00::1]", "[fd00::1]",
    "[fd12:3456:789a::1]", "[::ffff:10.0.0.1]", "[::ffff:192.168.0.1]", "[64:ff9b::10.0.0.1]", "[2002:0a00:0001::]",
    # Link-local and the services of clouds that tell secrets.
    "169.254.169.254", "169.254.0.1", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "[::ffff:169.254.169.254]",
    "[64:ff9b::169.254.169.254]", "[fe80::1]", "[fd00:ec2::254]", "metadata.google.internal", "metadata", "169.254.170.2",
    "instance-data.ec2.internal", "100.100.100.200", "192.0.0.192", "metadata.internal",
    # Multicast, broadcast, reserved and documentation.
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1",
    "192.0.0.1", "192.88.99.1", "[ff02::1]", "[ff05::2]", "[2001:db8::1]", "[100::1]", "[::ffff:224.0.0.1]", "[2001:10::1]",
    # Names of networks of one's own, and no names at all.
    "printer.local", "intranet", "router.home.arpa", "db.internal", "x.localdomain", "hidden.onion", "", ".", "..", "-.com", "a",
    "a..com", "exa mple.com", "example.com\\@127.0.0.1", "example.com#@127.0.0.1", "127.0.0.1#.example.com", "user@127.0.0.1",
    "example.com@127.0.0.1", "user:password@example.com", "127.0.0.1%00.example.com", "127.0.0.1%2f.example.com",
    "example.com%0d%0aHost:x", "exämple.com", "xn--.com-", "1.2.3.4.5", "256.256.256.256", "1.1.1.1", "8.8.8.8",
    "example.com:22", "example.com:80", "example.com:25", "example.com:6379", "example.com:5432", "example.com:0",
    "example.com:65536", "example.com:-1", "example.com:x", "example.com: 443",
]  # fmt: skip
SCHEMES = [
    "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_", "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/", "jar:http://127.0.0.1!/", "javascript:alert(1)", "data:text/plain,x", "//127.0.0.1/", "/etc/passwd",
    "https:/127.0.0.1/", "https:127.0.0.1", "https:///127.0.0.1", "HTTP://127.0.0.1/", "https://", "", " ", "\x00", "https",
    "https://[::1", "https://::1]/", "https://[127.0.0.1]/", "https://exa\nmple.com/", "https://example.com/\r\nX: y",
    "\thttps://127.0.0.1/", "https://127.0.0.1\t/", "https://" + "a" * 600 + ".com/", "unix:///var/run/docker.sock",
]  # fmt: skip


def payloads(port: int) -> list[str]:
    found = [f"https://{host}/hook" for host in HOSTS]
    found += [f"https://{host}:{port}/" for host in HOSTS if ":" not in host or host.startswith("[")]
    return found + SCHEMES


def test_no_payload_reaches_the_canary(canary: Canary, settings: object) -> None:
    """The figure: payloads tried, connections made."""
    settings.WEBHOOKS_TO_LOOPBACK = False
    tried = payloads(canary.port)
    assert len(set(tried)) >= 200
    for url in tried:
        assert url_problems(url), f"{url!r} would be kept"
        sent = sending.send(url, secret="whsec_c2VjcmV0", event_id=uuid4(), body=b"{}", now=NOW)
        assert (sent.status, bool(sent.fault)) == (None, True), url
    sys.stdout.write(f"\nrow 25: {len(set(tried))} payloads, {canary.connects} connections to the canary\n")
    assert canary.connects == 0


# Names that look public and lead inside: what a name server of the attacker's would answer.
LEADS_INSIDE = [
    ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["fd00::1"], ["fe80::1"], [ANY],
    ["93.184.215.14", "127.0.0.1"], ["127.0.0.1", "93.184.215.14"], ["2606:2800:21f:cb07::1", "::1"], ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"], ["100.64.0.1"], ["224.0.0.1"], ["192.168.1.1"], ["172.16.5.4"], ["198.18.0.1"], ["240.0.0.1"], ["::"],
]  # fmt: skip


@pytest.mark.parametrize("numbers", LEADS_INSIDE, ids="+".join)
def test_a_public_name_that_leads_inside_is_not_followed(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, numbers: list[str]
) -> None:
    """One inner address among public ones is enough to refuse the name."""
    _resolve(monkeypatch, lambda: numbers)
    sent = sending.send(
        f"https://hooks.example.com:{canary.port}/", secret="whsec_c2VjcmV0", event_id=uuid4(), body=b"{}", now=NOW
    )
    assert sent.fault == "The name leads to an address that is not public."
    assert canary.connects == 0


def test_a_name_that_changes_its_answer_gains_nothing(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is public, the second is this machine. The name is asked once only."""
    answers, asked = [["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]], []
    _resolve(monkeypatch, lambda: asked.append(1) or answers[len(asked) - 1])
    connected = []

    def noted(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(sending.socket, "create_connection", noted)
    sending.send(f"https://hooks.example.com:{canary.port}/", secret="whsec_c2VjcmV0", event_id=uuid4(), body=b"", now=NOW)
    assert connected == [("93.184.215.14", canary.port)]
    assert len(asked) == 1
    assert canary.connects == 0


def _resolve(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    def resolved(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (number, port)) for number in answer()]

    monkeypatch.setattr("rightplace.foundation.webhooks.addresses.socket.getaddrinfo", resolved)


@pytest.mark.parametrize("url", ["https://hooks.example.com/a?b=c", "https://sub.example.co.uk:8443/x", "https://xn--bcher-kva.example/"])
def test_a_public_address_may_be_kept(url: str) -> None:
    assert url_problems(url) == []


@given(st.ip_addresses())
def test_only_public_numbers_are_allowed(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_allowed(number):
        assert number.is_global
        assert not (number.is_loopback or number.is_private or number.is_link_local or number.is_multicast)


@given(st.ip_addresses(v=4))
def test_an_address_that_carries_an_inner_one_is_as_inner(number: ipaddress.IPv4Address) -> None:
    """Mapped, compatible, 6to4 and NAT64 forms of a number are judged as the number."""
    forms = [f"::ffff:{number}", f"64:ff9b::{number}", f"2002:{int(number) >> 16:x}:{int(number) & 0xFFFF:x}::"]
    if not is_allowed(number):
        assert not any(is_allowed(ipaddress.ip_address(form)) for form in forms)


@given(st.text(max_size=80))
def test_any_text_is_refused_or_public(text: str) -> None:
    if not url_problems(text):
        assert text.lower().strip().startswith("https://")


def test_for_tests_only_this_machine_can_be_told() -> None:
    assert target_of("http://127.0.0.1:9/x", to_loopback=True).number == "127.0.0.1"
    with pytest.raises(Refused):
        target_of("http://10.0.0.1:9/x", to_loopback=True)
