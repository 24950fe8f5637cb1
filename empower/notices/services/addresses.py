"""Which addresses a message may go to: those of the open internet, whatever a name or a number looks like.

A URL is judged by the addresses that its host has, all of them, at the moment of sending, and the connection is made to
one that was judged: a name that answers otherwise the second time changes nothing, since nobody asks a second time.
"""

import queue
import re
import socket
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from empower.texts import as_sent, malformed

LONGEST_URL = 2000
#: Seconds that a look-up may take.
LOOK_UP = 5

_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")

# Global by Python's word, or not known to it in every version: shared by carriers (RFC 6598), 6to4 relays (RFC 7526),
# local NAT64 (RFC 8215), documentation (RFC 9637), segment routing (RFC 9602), site-local (RFC 3879).
_NOT_OPEN = [
    ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4",
        "64:ff9b:1::/48", "100::/64", "2001::/23", "3fff::/20", "5f00::/16", "fec0::/10",
    )
]  # fmt: skip
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")


class Unreachable(Exception):
    """There is nowhere to send to; ``reason`` is a short code that is kept: ``host_not_found``, ``private_address``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """A URL, taken apart: what is connected to, what is said in ``Host``, what is asked for."""

    is_tls: bool
    host: str
    port: int
    netloc: str
    path: str


def target_of(url):
    """The `Target` of a URL that may be sent to as it is written; ValidationError ``url`` for any other. No look-up."""
    as_sent(url, "url", longest=LONGEST_URL, required=True)
    if not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise malformed(
            "url", _("Letters of ASCII alone: write a name in other letters as xn--..., and blanks as %%20.")
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise malformed("url", _("This is not an address of the web.")) from None
    schemes = ("https", "http") if settings.WEBHOOKS_ALLOW_HTTP else ("https",)
    if parts.scheme not in schemes:
        raise malformed("url", _("An address that begins with https://."), code="scheme")
    if "@" in parts.netloc:
        raise malformed(
            "url", _("No user name and no password in the address: the signature says who sends."), code="credentials"
        )
    if "#" in url:
        raise malformed("url", _("Leave out what follows the #: it is never sent."), code="fragment")
    host = parts.hostname or ""
    if port == 0 or not _is_host(host, bracketed="[" in parts.netloc):
        raise malformed("url", _("This is not an address of the web."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_tls = parts.scheme == "https"
    return Target(is_tls, host, port or (443 if is_tls else 80), parts.netloc, path)


def numbers_alone(host, port, **options):
    """A resolver that asks nobody: it reads addresses, in every spelling, and knows no names."""
    return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, **options)


def check_url(url, *, resolve=socket.getaddrinfo):
    """Before it is saved: ValidationError ``url`` for what will never be sent to. A name that has no address yet is taken.

    Whoever resolves names here may know fewer than whoever sends; each sending asks again. A name's look-up takes up to
    five seconds: no transaction waits for it. Returns the `Target`.
    """
    target = target_of(url)
    try:
        addresses_of(target, resolve=resolve)
    except Unreachable as unreachable:
        if unreachable.reason == "private_address":
            raise malformed(
                "url",
                _(
                    "This leads to a private, local or reserved address, which is never sent to unless the operator allows it."
                ),
                code="private_address",
            ) from None
    return target


def addresses_of(target, *, resolve=socket.getaddrinfo, seconds=LOOK_UP):
    """The addresses of the target's host, as texts, every one of them open; else Unreachable."""
    if not settings.WEBHOOKS_ALLOW_PRIVATE and _is_local(target.host):
        raise Unreachable("private_address")
    found = []
    for *_socket, place in _looked_up(resolve, target, seconds):
        address = place[0].partition("%")[0]
        if address not in found:
            found.append(address)
    if not found:
        raise Unreachable("host_not_found")
    if not all(may_send_to(address) for address in found):
        raise Unreachable("private_address")
    return found


def may_send_to(address):
    """Whether ``address`` (text) is one that a message may go to, by the operator's word as well."""
    try:
        address = ip_address(address)
    except ValueError:
        return False
    if address.is_multicast or address.is_unspecified or address == IPv4Address("255.255.255.255"):
        return False
    return settings.WEBHOOKS_ALLOW_PRIVATE or _is_open(address)


def _is_open(address):
    if isinstance(address, IPv6Address):
        inside = _carried_by(address)
        if inside is not None:
            return _is_open(inside)
        if address.is_site_local:
            return False
    if any(address in network for network in _NOT_OPEN if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )


def _carried_by(address):
    """The IPv4 address that an IPv6 one leads to: mapped, compatible, 6to4, Teredo, NAT64. None for its own sake."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _is_host(host, *, bracketed):
    if bracketed:
        try:
            return "%" not in host and IPv6Address(host) is not None
        except ValueError:
            return False
    return len(host) <= 253 and bool(_NAME.fullmatch(host))


def _is_local(host):
    host = host.lower().rstrip(".")
    return any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES)


def _looked_up(resolve, target, seconds):
    """What the resolver says, or Unreachable after ``seconds``: the system's own may wait for half a minute."""
    answers = queue.SimpleQueue()

    def ask():
        try:
            answers.put(resolve(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=max(seconds, 0.01))
    except queue.Empty:
        raise Unreachable("host_not_found") from None
