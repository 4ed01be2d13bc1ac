"""Which addresses that a person typed may be opened: how they may be written, and where they may lead.

Written: http or https, no user name, a whole host name or a plainly written IP address. Leading: only to what IANA
lists as globally reachable (the special-purpose registries for IPv4 and IPv6), and not by way of an address that
carries another one inside (mapped, NAT64, 6to4, Teredo).
"""

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from yarl import URL

from bot.errors import VoceroError

IPAddress = IPv4Address | IPv6Address

LONGEST = 4096  # characters of an address
_HERE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "test", "invalid", "onion")
_ODD = re.compile(r"[\\\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_USER = re.compile(r"\A[^/?#]*+//[^/?#@]*+@")
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)")

_GLOBAL_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # Teredo, ORCHID, benchmarking and other assignments of the IETF
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_CLOSED_4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own services, under an address that looks public
        "169.254.0.0/16",  # link-local, and where clouds answer who you are
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)


class FetchError(VoceroError):
    """Something behind an address that a person typed can't be had. The text names the host at the most, never the
    rest of the address: it may be a secret."""


class AddressRefused(FetchError):
    """We don't open such an address: nothing was sent."""


class NotPublic(AddressRefused):
    """It leads into a private network, or to this machine."""


def written(text: str) -> URL:
    """The address as it will be opened, its host in ASCII. Raises AddressRefused."""
    text = text.strip()
    if len(text) > LONGEST or _ODD.search(text):
        raise AddressRefused("an address that is too long, or has blanks or backslashes in it")
    try:
        url = URL(text)
        port = url.port
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("no address of the web") from error
    if url.scheme not in {"http", "https"}:
        raise AddressRefused("only http and https are opened")
    if url.user is not None or _USER.match(text):
        raise AddressRefused("an address with a user name")
    if not url.raw_host or not port:
        raise AddressRefused("an address without a host or with port 0")
    host = _host(url.raw_host)
    # What is checked here is what is opened later: no second parser reads the text again.
    return url.with_host(host).with_fragment(None)


def _host(host: str) -> str:
    """A whole name in small letters, or an IP address in its one plain spelling."""
    if ":" in host:
        return str(_address(host))
    host = host.lower().removesuffix(".")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return str(_address(host))
    labels = host.split(".")
    if labels[-1] in _HERE:
        raise NotPublic(f"{host} is a name of this machine or network")
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise AddressRefused("a host that is no whole name")
    return host


def _address(host: str) -> IPAddress:
    """Octal, hexadecimal, short and zoned spellings are how a private address is hidden: nobody types them."""
    try:
        address = ip_address(host)
    except ValueError as error:
        raise AddressRefused("an IP address in an odd spelling") from error
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise NotPublic("an IP address of one network card")
    return address


def literal(url: URL) -> IPAddress | None:
    """The IP address that stands in an address of `written`, None for a name."""
    try:
        return ip_address(url.raw_host or "")
    except ValueError:
        return None


def public(address: IPAddress) -> bool:
    """Whether it is somebody's on the internet, and leads nowhere else."""
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _CLOSED_4)
    return address in _GLOBAL_6 and not any(address in net for net in _CLOSED_6)


def parsed(allow: Collection[str]) -> frozenset[tuple[IPAddress, int]]:
    """`127.0.0.1:8400`, `[::1]:80` as addresses and ports. Raises ValueError."""
    pairs = (each.rpartition(":") for each in allow)
    return frozenset((ip_address(host.strip("[]")), int(port)) for host, _, port in pairs)
