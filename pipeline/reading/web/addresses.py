"""Web addresses and network addresses: which may be asked for."""

from __future__ import annotations

import ipaddress
from typing import Final

import httpx

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.sites import without_user

LONGEST: Final = 8 << 10  # characters
_PORTS: Final = {"http": 80, "https": 443}
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_ALSO_SPECIAL: Final = (  # in the registries of the IANA, not in every Python
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("3fff::/20"),
)


def web_address(text: str, base: httpx.URL | None = None) -> httpx.URL:
    """`text` as an address to ask for, relative to `base` if given; NotAnArticle `bad_url` otherwise."""
    try:
        url = (base.join(text.strip()) if base else httpx.URL(text.strip())).copy_with(fragment=None)
        fault = _fault(url)
    except (httpx.InvalidURL, ValueError) as error:
        fault = f"it cannot be parsed ({without_user(str(error))})"
    if fault:
        raise NotAnArticle("bad_url", f"{without_user(text)[:200]!r} is no address to read from: {fault}.")
    return url


def _fault(url: httpx.URL) -> str | None:
    if url.scheme not in _PORTS:
        return "it begins with neither http nor https"
    if len(str(url)) > LONGEST:
        return f"it is longer than {LONGEST >> 10} KB"
    if not url.host:
        return "it names no host"
    if url.userinfo:
        return "it has a user name or password in it"
    return None if 0 < port(url) < 1 << 16 else "there is no such port"


def port(url: httpx.URL) -> int:
    """The port that is dialled for `url`."""
    return url.port if url.port is not None else _PORTS[url.scheme]


def authority(url: httpx.URL) -> str:
    """Host and port, the unit of politeness: `example.org:443`."""
    return f"{url.raw_host.decode('ascii')}:{port(url)}"


def is_public(address: str) -> bool:
    """Whether a numeric network address belongs to a host of the public internet."""
    ip = ipaddress.ip_address(address)
    if any(ip in special for special in _ALSO_SPECIAL):
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not (ip.is_multicast or ip.is_reserved)
    if ip.ipv4_mapped:
        return is_public(str(ip.ipv4_mapped))
    if ip in _NAT64:  # how networks without IPv4 spell an IPv4 address
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    tunnelled = ip.sixtofour or ip.teredo  # they carry an IPv4 address to who knows where
    return ip in _GLOBAL_UNICAST and ip.is_global and not tunnelled
