"""A team's gateways: what may stand on a line, the links that come of it, and what a browser is allowed to ask."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.cids import Cid, check
from dashboard.gateways import LONGEST_TEXT, MOST, Gateway, gateways_of, read

V0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"
BASE32 = "bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34"
SOURCE = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?")


def one(line: str, allow_http: bool = False) -> Gateway:
    told = read(line, allow_http)
    assert not told.mistakes, told.mistakes
    return told.gateways[0]


def mistake(line: str) -> str:
    told = read(line)
    assert not told.gateways
    return told.mistakes[0]


def test_the_usual_ones_are_used_where_nothing_is_set() -> None:
    for text in ("", " \n\t\n"):
        links = [gateway.link(V0, BASE32) for gateway in gateways_of(text)]
        assert links == [
            f"https://ipfs.livepeer.studio/ipfs/{V0}",
            f"https://{BASE32}.ipfs.dweb.link",
            f"https://{BASE32}.ipfs.w3s.link",
            f"https://ipfs.io/ipfs/{V0}",
        ]


@pytest.mark.parametrize(
    ("line", "template", "host", "source"),
    [
        ("https://ipfs.io/ipfs/{cid}", "https://ipfs.io/ipfs/{cid}", "ipfs.io", "https://ipfs.io"),
        ("  https://ipfs.io  ", "https://ipfs.io/ipfs/{cid}", "ipfs.io", "https://ipfs.io"),
        ("https://ipfs.io/ipfs/", "https://ipfs.io/ipfs/{cid}", "ipfs.io", "https://ipfs.io"),
        ("HTTPS://IPFS.io:443", "https://ipfs.io/ipfs/{cid}", "ipfs.io", "https://ipfs.io"),
        ("https://a.test:8443/x/{cid}/y", "https://a.test:8443/x/{cid}/y", "a.test:8443", "https://a.test:8443"),
        ("https://{cid}.ipfs.dweb.link", "https://{cid}.ipfs.dweb.link", "dweb.link", "https://*.ipfs.dweb.link"),
        ("https://{cid}.gate.test:1/", "https://{cid}.gate.test:1", "gate.test:1", "https://*.gate.test:1"),
        ("https://münchen.test", "https://xn--mnchen-3ya.test/ipfs/{cid}", "xn--mnchen-3ya.test", None),
    ],
)
def test_a_gateway_is_read_in_each_of_its_spellings(line: str, template: str, host: str, source: str | None) -> None:
    gateway = one(line)
    assert (gateway.template, gateway.host) == (template, host)
    assert gateway.source == source or source is None
    assert one(template) == gateway


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ipfs.io", "begin with https://"),
        ("//ipfs.io/ipfs/{cid}", "begin with https://"),
        ("http://ipfs.io", "begin with https://"),
        ("ftp://ipfs.io/{cid}", "begin with https://"),
        ("javascript:alert('{cid}')", "character"),
        ("javascript:alert(1)", "begin with https://"),
        ("data:text/html,{cid}", "character"),
        ("https://", "begin with https://"),
        ("https://ipfs.io/{cid}?x=1", "no ?"),
        ("https://ipfs.io/{cid}#x", "no #"),
        ("https://user:pass@ipfs.io/{cid}", "no user name"),
        ("https://ipfs.io/some/path", "write {cid}"),
        ("https://ipfs.io/x{cid}", "write {cid}"),
        ("https://{cid}.ipfs.io/{cid}", "twice"),
        ("https://a.{cid}.ipfs.io", "first part"),
        ("https://x{cid}.ipfs.io", "first part"),
        ("https://{cid}", "first part"),
        ("https://{cid}.ipfs.io/path", "has no path"),
        ("https://{cid}.127.0.0.1", "no subdomains"),
        ("https://[::1]/ipfs/{cid}", "name like"),
        ("https://ipfs.io:99999", "name like"),
        ("https://-ipfs.io", "name like"),
        ("https://ipfs.io/../{cid}", "letters, digits"),
        ("https://ipfs.io/%2e%2e/{cid}", "letters, digits"),
        ("https://ipfs.io; script-src *", "character"),
        ("https://ipfs.io,https://evil.test", "character"),
        ("https://*.ipfs.io", "character"),
        ("https://ipfs.io 'unsafe-inline'", "character"),
        ("https://ipfs\u202e.io", "character"),
        (f"https://{'a' * 300}.test", "longer than"),
    ],
)
def test_what_is_no_gateway_is_refused_in_words(line: str, why: str) -> None:
    assert why in mistake(line)


def test_http_is_for_sandboxes_and_tests_only() -> None:
    assert one("http://{cid}.ipfs.localhost:8080", allow_http=True).source == "http://*.ipfs.localhost:8080"
    assert gateways_of("http://127.0.0.1:8080\nhttps://ipfs.io", allow_http=False) == gateways_of("https://ipfs.io")


def test_each_bad_line_is_named_and_good_ones_are_kept() -> None:
    told = read("https://ipfs.io\n\nnonsense\nhttps://ipfs.io/ipfs/{cid}\nhttp://x.test")
    assert [gateway.host for gateway in told.gateways] == ["ipfs.io"]
    assert [sentence.split(":")[0] for sentence in told.mistakes] == ["Line 3", "Line 5"]


def test_there_are_at_most_eight() -> None:
    many = "\n".join(f"https://g{number}.test" for number in range(MOST + 1))
    assert read(many).mistakes == ("These are 9 gateways; 8 are the most.",)
    assert len(gateways_of(many)) == MOST
    assert read("x" * (LONGEST_TEXT + 1)).mistakes


def test_a_cid_too_long_for_a_host_name_stands_in_the_path_or_nowhere() -> None:
    text = f"f01551340{'ab' * 64}"
    cid = check(text)
    assert isinstance(cid, Cid)
    assert len(cid.base32) > 63
    assert one("https://{cid}.ipfs.dweb.link").link(cid.in_path, cid.base32) == f"https://dweb.link/ipfs/{text}"
    assert one("https://{cid}.gate.test").link(cid.in_path, cid.base32) == ""


@settings(deadline=None)
@given(st.text(max_size=120) | st.from_regex(r"https://[ -~\u0080-\u00ff]{0,60}", fullmatch=True))
def test_nothing_that_is_typed_can_break_out_of_a_header_or_a_link(text: str) -> None:
    for gateway in read(text, allow_http=True).gateways:
        assert SOURCE.fullmatch(gateway.source)
        link = gateway.link(V0, BASE32)
        assert link.isascii()
        assert not set(link) & set(" \"'<>;,\\*")
        assert link.startswith(("https://", "http://"))
