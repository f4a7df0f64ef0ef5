"""The IPFS card: the CIDs that a task and its asset name, their links over gateways, and how these answered."""

import re
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from dashboard import units
from dashboard.cids import Cid, NoCid, check
from dashboard.clock import iso
from dashboard.gateways import Gateway, gateways_of
from dashboard.models.asset import Asset
from dashboard.models.probe import Probe
from dashboard.models.rights import Right
from dashboard.models.seen import SeenAccount
from dashboard.upstream.json_values import part
from dashboard.views.held import Held
from dashboard.visible import visible

MOST_CIDS = 12
LONGEST_URL = 500
_PLAIN_URL = re.compile(r"https://[!#-;=?-\[\]_a-z~]+")  # printable ASCII without quotes, angles, backslash, braces
_PLAYS = ("video/", "audio/", "application/octet-stream", "application/vnd.apple.mpegurl")
_REFUSALS = {
    403: "refuses to serve it",
    404: "does not have it",
    410: "refuses to serve it",
    429: "too many requests from this server",
    451: "refuses to serve it",
}


class Named(NamedTuple):
    """One CID where Studio names it. `told_url`: the gateway link beside it. `is_text`: JSON lies behind it."""

    label: str
    text: str
    told_url: str
    is_text: bool


def ipfs_of(
    document: dict[str, Any], asset: Asset | None, account: SeenAccount, probes: Iterable[Probe]
) -> list[SimpleNamespace]:
    """One item for each CID. What is no CID has a `reason` and no links."""
    gateways = team_gateways(account)
    by_cid: dict[str, dict[str, Probe]] = {}
    for probe in probes:
        by_cid.setdefault(probe.cid, {})[probe.gateway] = probe
    items = []
    for named, cid in _checked(document, asset):
        if isinstance(cid, NoCid):
            items.append(SimpleNamespace(label=named.label, text=visible(cid.text), reason=cid.reason))
        else:
            items.append(_item(named, cid, gateways, by_cid.get(cid.text, {}), bool(account.gateways.strip())))
    return items


def acts_of_ipfs(held: Held) -> SimpleNamespace:
    """Where the card's buttons go; empty for what the role does not allow."""
    can_ask, can_set = held.allows(Right.ASK_STUDIO), held.allows(Right.SET_GATEWAYS)
    return SimpleNamespace(
        probe_url=held.path("task-probe") if can_ask else "",
        metadata_url=held.path("task-metadata") if can_ask else "",
        gateways_url=reverse("gateways", args=[held.account.team_id]) if can_set else "",
    )


def team_gateways(account: SeenAccount) -> tuple[Gateway, ...]:
    return gateways_of(account.gateways, settings.ALLOW_PRIVATE_UPSTREAMS)


def cids_named(document: dict[str, Any], asset: Asset | None) -> dict[str, Cid]:
    """The CIDs that the card shows with links, by their texts."""
    return {cid.text: cid for _, cid in _checked(document, asset) if isinstance(cid, Cid)}


def _checked(document: dict[str, Any], asset: Asset | None) -> list[tuple[Named, Cid | NoCid]]:
    """Each CID once, whatever its spelling."""
    found: dict[str, tuple[Named, Cid | NoCid]] = {}
    for named in _named(document, asset):
        cid = check(named.text)
        found.setdefault(cid.base32 if isinstance(cid, Cid) else cid.text, (named, cid))
        if len(found) == MOST_CIDS:
            break
    return list(found.values())


def _named(document: dict[str, Any], asset: Asset | None) -> Iterator[Named]:
    for value in part(document, "output").values():
        output = value if isinstance(value, dict) else {}
        ipfs = part(output, "ipfs")
        yield from _cid(ipfs, "videoFileCid", "videoFileGatewayUrl", "Video")
        yield from _cid(ipfs, "nftMetadataCid", "nftMetadataGatewayUrl", "NFT metadata", is_text=True)
        yield from _cid(ipfs, "cid", "gatewayUrl", "Data", is_text=True)
        yield from _stored(part(output, "assetSpec"))
    if asset is not None:
        yield from _stored(asset.opened())


def _stored(asset: dict[str, Any]) -> Iterator[Named]:
    ipfs = part(part(asset, "storage"), "ipfs")
    yield from _cid(ipfs, "cid", "gatewayUrl", "Asset")
    yield from _cid(part(ipfs, "nftMetadata"), "cid", "gatewayUrl", "NFT metadata of the asset", is_text=True)


def _cid(ipfs: dict[str, Any], name: str, url_name: str, label: str, is_text: bool = False) -> Iterator[Named]:
    text, told = ipfs.get(name), ipfs.get(url_name)
    if isinstance(text, str) and text:
        yield Named(label, text, told if isinstance(told, str) else "", is_text)


def _item(
    named: Named, cid: Cid, gateways: tuple[Gateway, ...], probes: dict[str, Probe], is_own_list: bool
) -> SimpleNamespace:
    rows = [_row(gateway, cid, probes.get(gateway.template), named.is_text) for gateway in gateways]
    rows = [row for row in rows if row.url]
    told_url = named.told_url if _is_link(named.told_url) else ""
    first = rows[0].url if rows else ""
    read = next((probe for probe in probes.values() if probe.read_at), None)
    return SimpleNamespace(
        label=named.label,
        text=cid.text,
        reason="",
        base32=cid.base32 if cid.base32 != cid.text else "",
        format_line=cid.format_line,
        ipfs_url=f"ipfs://{cid.in_path}",
        open_url=first or told_url if is_own_list else told_url or first,
        links=list(_links(gateways, cid, told_url)),
        rows=rows,
        is_tested=any(row.verdict for row in rows),
        is_text=named.is_text,
        noun="metadata" if "metadata" in named.label else "data",
        read=read and _read(read, gateways),
    )


def _is_link(url: str) -> bool:
    """Studio's own link, taken only as a plain https address."""
    if len(url) > LONGEST_URL or not _PLAIN_URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _links(gateways: tuple[Gateway, ...], cid: Cid, told_url: str) -> Iterator[SimpleNamespace]:
    """Path and subdomain links of all gateways, and Studio's own where it is none of them."""
    links: dict[str, str] = {}
    for gateway in gateways:
        links.setdefault(gateway.link(cid.in_path, cid.base32), gateway.host)
        links.setdefault(gateway.path_link(cid.in_path), gateway.host)
    if told_url:
        links.setdefault(told_url, urlsplit(told_url).netloc)
    for url, host in links.items():
        if url:
            in_host = urlsplit(url).netloc.startswith(f"{cid.base32}.")
            yield SimpleNamespace(url=url, host=host, kind="subdomain" if in_host else "path")


def _row(gateway: Gateway, cid: Cid, probe: Probe | None, is_text: bool) -> SimpleNamespace:
    lamp, verdict = verdict_of(probe, is_text) if probe else ("", "")
    return SimpleNamespace(
        host=gateway.host,
        url=gateway.link(cid.in_path, cid.base32),
        lamp=lamp,
        icon="alert" if lamp == "limited" else lamp,
        took=_took(probe.ms) if probe else "",
        verdict=verdict,
        asked_iso=iso(probe.asked_at) if probe else "",
    )


def _took(ms: int | None) -> str:
    if ms is None:
        return "–"
    return f"{ms}{units.NBSP}ms" if ms < 1000 else f"{ms / 1000:.1f}{units.NBSP}s"


def verdict_of(probe: Probe, is_text: bool = False) -> tuple[str, str]:
    """Lamp and words for how a gateway answered."""
    status = probe.status
    if status is None:
        return "failed", probe.sentence
    if status not in (200, 206):
        return "failed", f"{status}, {_REFUSALS.get(status, 'gave up' if status >= 500 else 'did not serve it')}"
    kind = probe.content_type.partition(";")[0].strip().lower()
    if kind == "text/html":
        return "limited", "answers with a web page"
    told = _what_it_does(kind, probe.ranges, is_text)
    return "completed", f"{told}, {units.size(probe.length)}" if probe.length is not None else told


def _what_it_does(kind: str, ranges: bool, is_text: bool) -> str:
    if kind.startswith(_PLAYS) and not is_text:
        return "plays, seeks" if ranges else "answers, does not seek"
    return f"answers, {kind or 'type not told'}"


def _read(probe: Probe, gateways: tuple[Gateway, ...]) -> SimpleNamespace:
    host = next((gateway.host for gateway in gateways if gateway.template == probe.gateway), "a former gateway")
    return SimpleNamespace(text=visible(probe.text), host=host, iso=iso(probe.read_at))
