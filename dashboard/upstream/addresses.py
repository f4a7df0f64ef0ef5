"""Which addresses we connect to, and what the base URL of a Task API may look like."""

from __future__ import annotations

import ipaddress
import socket
from unicodedata import normalize
from urllib.parse import urlsplit

import httpx

from .errors import PrivateAddress

LONGEST_URL = 500
_PORTS = {"http": 80, "https": 443}
_NOT_HTTPS = "The address must begin with https://, so that the key never travels in clear text."
_NOT_PUBLIC = "The address is private or local, and this server only asks public ones."

_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fec0::/10",
    )
)
"""Beside what the standard library calls private: carrier NAT, benchmarks, Azure's metadata, tunnels, ..."""
_LOCAL_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".home.arpa")
"""Names that never lead to the public internet; clouds answer for their secrets at some of them."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class BadUrl(ValueError):
    """This is no base URL of a Task API. `sentence` says why, for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_public(address: str) -> bool:
    """Whether an IP address (v4 or v6, as text) belongs to the public internet, looked at through tunnels."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(ip)
    if inner is not None:
        return is_public(str(inner))
    if ip.is_multicast or not ip.is_global:
        return False
    return not any(ip in network for network in _REFUSED if network.version == ip.version)


def _inner(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, NAT64."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def check_url(url: str, allow_private: bool = False) -> str:
    """The base URL in its normal form: no slash at the end, no login, no query, no fragment.

    Raises BadUrl for what is no such URL, PrivateAddress for http or a private host that the text alone
    gives away (a name that resolves to one is refused when connecting), unless `allow_private`.
    """
    try:
        parsed = _parsed(url.strip())
    except BadUrl:
        if not allow_private:
            _refuse_odd_spelling(url)
        raise
    host = parsed.raw_host.decode("ascii", "replace")
    if parsed.scheme not in _PORTS:
        raise BadUrl("The address must begin with https://, like https://livepeer.studio/api.")
    if not host:
        raise BadUrl("The address names no host.")
    if parsed.userinfo:
        raise BadUrl("The address must not hold a user name or a password.")
    if parsed.query or "?" in url or "#" in url:
        raise BadUrl("The address must end with its path, without ? or #.")
    if not allow_private:
        _refuse_private(parsed.scheme, host)
    return str(parsed.copy_with(raw_path=parsed.raw_path.rstrip(b"/") or b"/")).rstrip("/")


def _parsed(url: str) -> httpx.URL:
    if not url:
        raise BadUrl("The address is empty.")
    if len(url) > LONGEST_URL:
        raise BadUrl(f"The address is longer than {LONGEST_URL} characters.")
    if "://" not in url:
        raise BadUrl("The address must begin with https://, like https://livepeer.studio/api.")
    if any(sign.isspace() or sign in '\\"<>' for sign in url):
        raise BadUrl("The address holds a blank or another character that no address has.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise BadUrl("This is not a web address.") from None
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise BadUrl("This is not a web address.")
    return parsed


def _refuse_private(scheme: str, host: str) -> None:
    if scheme != "https":
        raise PrivateAddress(_NOT_HTTPS)
    name = host.rstrip(".").lower()
    literal = as_literal(name)
    if name.endswith(_LOCAL_NAMES) or f".{name}" in _LOCAL_NAMES or (literal and not is_public(literal)):
        raise PrivateAddress(_NOT_PUBLIC)


def _refuse_odd_spelling(url: str) -> None:
    """What is no URL to us, as with an octal number or with ① for 1, may still lead others somewhere."""
    try:
        literal = as_literal(normalize("NFKC", urlsplit(url.strip()).hostname or ""))
    except ValueError:
        return
    if literal and not is_public(literal):
        raise PrivateAddress(_NOT_PUBLIC)


def as_literal(host: str) -> str | None:
    """The IP address that a host is a spelling of: dotted, IPv6, decimal, octal, hexadecimal; else None."""
    bare = host.strip("[]")
    try:
        return str(ipaddress.ip_address(bare.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(bare)) if bare[:1].isdigit() else None
    except (OSError, UnicodeError):
        return None


def origin_of(url: str) -> str:
    """`https://host:port`, the port always named: what a key is sealed with. BadUrl for no URL."""
    parsed = _parsed(url.strip())
    if parsed.scheme not in _PORTS or not parsed.raw_host:
        raise BadUrl("This is not a web address.")
    host = parsed.raw_host.decode("ascii", "replace").lower()
    host = f"[{host}]" if ":" in host else host
    return f"{parsed.scheme}://{host}:{parsed.port or _PORTS[parsed.scheme]}"
