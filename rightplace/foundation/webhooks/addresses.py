"""Where a webhook may go: to a public address only, so that nobody can make this product ask inside its own network.

Source: OWASP, server-side request forgery prevention. Checked twice: the address as typed, and again each time, every
address that its name leads to; the connection is then made to the very address that was checked, so that a name which
changes its answer in between (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from rightplace.core.problems import Problem

PORTS = frozenset({443, 8443})
LONGEST = 500
# A name of letters with at least one dot, whose last part is no number: never 127.1, 0x7f000001 or 2130706433.
NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
)
INSIDE = ("localhost", ".localhost", ".local", ".internal", ".localdomain", ".home.arpa", ".onion")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """The address must not be connected to; the words say why, without saying what answers there."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be connected to: the checked number, and what to ask there."""

    scheme: str
    host: str
    port: int
    path: str
    number: str


def url_problems(url: str, *, to_loopback: bool = False) -> list[Problem]:
    """What is wrong with an address as typed; nothing is looked up. `to_loopback` is for tests and development."""
    try:
        _parts(url, to_loopback=to_loopback)
    except Refused as refused:
        return [Problem("url", str(refused), "url")]
    return []


def target_of(url: str, *, to_loopback: bool = False) -> Target:
    """The number to connect to; Refused when the address, or anything that its name leads to, is not public."""
    parts = _parts(url, to_loopback=to_loopback)
    host, port = parts.hostname or "", parts.port or 443
    numbers = _numbers(host, port)
    for number in numbers:
        if not is_allowed(number, to_loopback=to_loopback):
            raise Refused("The name leads to an address that is not public.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, str(numbers[0]))


def is_allowed(number: Address, *, to_loopback: bool = False) -> bool:
    """Whether an address is public; for tests, whether it is loopback."""
    inner = _inner(number)
    if to_loopback:
        return inner.is_loopback
    is_special = inner.is_multicast or inner.is_reserved or inner.is_unspecified or inner.is_link_local
    return inner.is_global and not is_special


def _inner(number: Address) -> Address:
    """The IPv4 address that an IPv6 address carries (mapped, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(number, ipaddress.IPv4Address):
        return number
    teredo = number.teredo
    if number in ipaddress.ip_network("64:ff9b::/96") or number in ipaddress.ip_network("::/96"):
        return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF) if int(number) > 1 else number
    return number.ipv4_mapped or number.sixtofour or (teredo[1] if teredo else number)


def _parts(url: str, *, to_loopback: bool) -> SplitResult:
    if len(url) > LONGEST or not url.isascii() or any(one.isspace() or not one.isprintable() for one in url):
        raise Refused(f"Enter an address of up to {LONGEST} plain characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("This is not an address.") from None
    if "\\" in url or parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("Enter an address without a name, password or #.")
    if to_loopback and parts.hostname in {"127.0.0.1", "localhost", "::1"}:
        return parts
    if parts.scheme != "https":
        raise Refused("Enter an address that starts with https://")
    if port is not None and port not in PORTS:
        raise Refused("Only the ports 443 and 8443 are allowed.")
    _check_name((parts.hostname or "").lower())
    return parts


def _check_name(host: str) -> None:
    if not NAME.match(host):
        raise Refused("Enter an address with a full domain name, not a number.")
    if host in INSIDE or host.endswith(INSIDE):
        raise Refused("This name is for networks of one’s own only.")


def _numbers(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("The name cannot be found.") from None
    numbers = [ipaddress.ip_address(str(one[4][0]).split("%")[0]) for one in found]
    if not numbers:
        raise Refused("The name cannot be found.")
    return numbers
