"""IPFS gateways as a team's admin names them: one a line, each a URL with `{cid}` where the CID goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import httpx

MOST = 8
LONGEST = 300
LONGEST_TEXT = 10_000
LONGEST_LABEL = 63
CID = "{cid}"
USUAL = (
    "https://ipfs.livepeer.studio/ipfs/{cid}",
    "https://{cid}.ipfs.dweb.link",
    "https://{cid}.ipfs.w3s.link",
    "https://ipfs.io/ipfs/{cid}",
)
_PORTS = {"https": 443, "http": 80}
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
_PLACE = "cid-goes-here"


@dataclass(frozen=True)
class Gateway:
    """`template`: its URL in normal form, which is also its name in our tables. `base`: scheme, host and port, without
    the CID's own label where it has one."""

    template: str
    base: str
    is_subdomain: bool

    @property
    def host(self) -> str:
        """What people call it: `dweb.link`."""
        return self.base.partition("://")[2].removeprefix("ipfs." if self.is_subdomain else "")

    @property
    def source(self) -> str:
        """What a Content-Security-Policy calls it. Letters, digits, `-.:/*` and nothing else."""
        return self.base.replace("://", "://*.") if self.is_subdomain else self.base

    def link(self, cid_in_path: str, base32: str) -> str:
        """The URL of a CID that was checked. A CID too long for a host name stands in the path."""
        if self.is_subdomain and len(base32) > LONGEST_LABEL:
            return self.path_link(cid_in_path)
        return self.template.replace(CID, base32 if self.is_subdomain else cid_in_path)

    def path_link(self, cid_in_path: str) -> str:
        """The same with the CID in the path; empty for a subdomain gateway that is not known to have this form."""
        if not self.is_subdomain:
            return self.template.replace(CID, cid_in_path)
        scheme, _, host = self.base.partition("://")
        return f"{scheme}://{host.removeprefix('ipfs.')}/ipfs/{cid_in_path}" if host.startswith("ipfs.") else ""


@dataclass(frozen=True)
class Read:
    """What a team's text says: the gateways that are fine, and a sentence for each line that is not."""

    gateways: tuple[Gateway, ...] = ()
    mistakes: tuple[str, ...] = ()


class _Bad(ValueError):
    pass


def gateways_of(text: str, allow_http: bool = False) -> tuple[Gateway, ...]:
    """The gateways of a stored text; the usual ones where it is empty."""
    return read(text if text.strip() else "\n".join(USUAL), allow_http).gateways


def read(text: str, allow_http: bool = False) -> Read:
    """Never raises. `allow_http`: for sandboxes and tests."""
    if len(text) > LONGEST_TEXT:
        return Read(mistakes=("This is too long for a list of gateways.",))
    return _read(text, allow_http)


@lru_cache(maxsize=256)
def _read(text: str, allow_http: bool) -> Read:
    found: dict[str, Gateway] = {}
    mistakes = []
    for number, line in _lines(text):
        try:
            gateway = _gateway(line, allow_http)
            found[gateway.template] = gateway
        except _Bad as bad:
            mistakes.append(f"Line {number}: {bad}")
    if len(found) > MOST:
        mistakes.append(f"These are {len(found)} gateways; {MOST} are the most.")
    return Read(tuple(found.values())[:MOST], tuple(mistakes))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.strip()


def _gateway(line: str, allow_http: bool) -> Gateway:
    if len(line) > LONGEST:
        raise _Bad(f"it is longer than {LONGEST} characters.")
    if line.count(CID) > 1:
        raise _Bad("{cid} stands in it twice.")
    if _PLACE in line:
        raise _Bad("write {cid} where the CID goes.")
    scheme, host, path = _parts(line.replace(CID, _PLACE), allow_http)
    is_subdomain = host.startswith(f"{_PLACE}.")
    if is_subdomain:
        host = host.removeprefix(f"{_PLACE}.")
        if path.strip("/"):
            raise _Bad("a gateway with {cid} in its host name has no path.")
        if not allow_http and "." not in host:
            raise _Bad("{cid} must stand before a whole host name.")
        if host.partition(":")[0].rpartition(".")[2].isdigit():
            raise _Bad("an IP address has no subdomains.")
    if _PLACE in host:
        raise _Bad("{cid} must be the first part of the host name, or stand in the path.")
    base = f"{scheme}://{host}"
    return Gateway(_template(scheme, host, path, is_subdomain), base, is_subdomain)


def _template(scheme: str, host: str, path: str, is_subdomain: bool) -> str:
    if is_subdomain:
        return f"{scheme}://{CID}.{host}"
    path = path.rstrip("/")
    if path in ("", "/ipfs"):
        path = f"/ipfs/{_PLACE}"
    if _PLACE not in path.split("/"):
        raise _Bad("write {cid} where the CID goes, as in https://ipfs.io/ipfs/{cid}.")
    return f"{scheme}://{host}{path.replace(_PLACE, CID)}"


def _parts(line: str, allow_http: bool) -> tuple[str, str, str]:
    """Scheme, host with its port (in punycode), path."""
    if not line.isprintable() or any(sign in line for sign in " \\\"'<>;,*"):
        raise _Bad("it holds a character that no such address has.")
    try:
        url = httpx.URL(line)
    except (httpx.InvalidURL, ValueError):
        raise _Bad("it is not a web address.") from None
    if url.scheme not in _PORTS or not url.raw_host:
        raise _Bad("it must begin with https:// and a host name.")
    if url.scheme == "http" and not allow_http:
        raise _Bad("it must begin with https://.")
    if url.userinfo or "?" in line or "#" in line:
        raise _Bad("it must hold no user name, no ? and no #.")
    host, path = url.raw_host.decode("ascii", "replace").lower(), line.partition("://")[2].partition("/")[2]
    if not _HOST.fullmatch(host) or len(host) > 253 or (url.port is not None and not 0 < url.port < 65536):
        raise _Bad("its host must be a name like ipfs.io.")
    if not _PATH.fullmatch(f"/{path}"):
        raise _Bad("its path may hold letters, digits and - . _ ~ only.")
    is_named = url.port and url.port != _PORTS[url.scheme]
    return url.scheme, f"{host}:{url.port}" if is_named else host, f"/{path}"
