import pytest

from dashboard.upstream.addresses import as_literal, is_public
from dashboard.upstream.errors import PrivateAddress
from dashboard.upstream.network import BadUrl, check_url, origin_of

PRIVATE = (
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1", "3fff::1", "100::1", "not an address", ""),
)
PUBLIC = ("8.8.8.8", "93.184.216.34", "2606:4700::6810:84e5", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1")


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_on_the_public_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        *(
            ("2130706433", "127.0.0.1"),
            ("0x7f000001", "127.0.0.1"),
            ("0177.0.0.1", "127.0.0.1"),
            ("127.1", "127.0.0.1"),
        ),
        *(("0", "0.0.0.0"), ("[::1]", "::1"), ("8.8.8.8", "8.8.8.8"), ("example.test", None), ("1.example.test", None)),
        *(("0xg", None), ("", None), ("face", None)),
    ],
)
def test_every_spelling_of_an_address_is_seen_through(host: str, address: str | None) -> None:
    assert as_literal(host) == address


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://livepeer.studio/api", "https://livepeer.studio/api"),
        (" https://livepeer.studio/api/ \n", "https://livepeer.studio/api"),
        ("HTTPS://Livepeer.Studio:443/api//", "https://livepeer.studio/api"),
        ("https://studio.example.test", "https://studio.example.test"),
        ("https://studio.example.test:8443/", "https://studio.example.test:8443"),
        ("https://8.8.8.8/a%20b", "https://8.8.8.8/a%20b"),
        ("https://münchen.example/api", "https://xn--mnchen-3ya.example/api"),
    ],
)
def test_a_base_url_is_brought_into_its_normal_form(given: str, normal: str) -> None:
    assert check_url(given) == normal
    assert check_url(normal) == normal


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "   ",
            "livepeer.studio/api",
            "ftp://h.test/x",
            "javascript://x",
            "https://",
            "https:///x",
            "https://h:x/",
        ),
        *("https://u:p@h.test/", "https://u@h.test/", "https://h.test/?a=1", "https://h.test/?", "https://h.test/#a"),
        *("https://h.test/a b", "https://h.test/\x01", "https://h.test\\@x", "https://h.test:99999/", "https://[::1/"),
        *("https://" + "x" * 600 + ".test", "https://h.test:0/", "https://0177.0.0.1.x y/"),
    ],
)
def test_what_is_no_base_url_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(BadUrl) as caught:
        check_url(url)
    assert caught.value.sentence.endswith(".")
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["https://0177.0.0.1/", "https://①②⑦.0.0.1/", "https://0251.0376.0251.0376/latest"])
def test_a_private_address_in_a_spelling_that_no_url_has_is_told_from_a_slip(url: str) -> None:
    with pytest.raises(PrivateAddress):
        check_url(url)
    with pytest.raises(BadUrl):
        check_url(url, allow_private=True)


@pytest.mark.parametrize(
    "url", ["https://metadata.google.internal/", "https://printer.local/api", "https://a.home.arpa"]
)
def test_a_name_that_only_private_networks_have_is_refused_by_itself(url: str) -> None:
    with pytest.raises(PrivateAddress):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("http://livepeer.studio/api", "https://localhost/api", "https://LOCALHOST./", "https://a.localhost/"),
        *("https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/"),
        *("https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest", "https://10.0.0.1:8443/", "https://0/"),
    ],
)
def test_private_and_unencrypted_addresses_are_refused_unless_allowed(url: str) -> None:
    with pytest.raises(PrivateAddress) as caught:
        check_url(url)
    assert caught.value.sentence.endswith(".")
    assert check_url(url, allow_private=True)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://livepeer.studio/api", "https://livepeer.studio:443"),
        ("https://Livepeer.Studio:8443/x/y", "https://livepeer.studio:8443"),
        ("http://127.0.0.1:13004/api", "http://127.0.0.1:13004"),
        ("http://[::1]/api", "http://[::1]:80"),
    ],
)
def test_an_origin_always_names_its_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["", "nonsense", "mailto://x", "https://"])
def test_what_is_no_url_has_no_origin(url: str) -> None:
    with pytest.raises(BadUrl):
        origin_of(url)
