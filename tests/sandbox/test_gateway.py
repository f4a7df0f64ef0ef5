"""The sandbox's IPFS gateway: both forms of its addresses, ranges, metadata, and what can go wrong with it."""

import json
from http.client import HTTPConnection, HTTPResponse

import pytest

from dashboard.cids import Cid, check
from dashboard.gateways import gateways_of
from dashboard.sandbox import Sandbox

VIDEO = "bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q"
META = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"


def ask(sandbox: Sandbox, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=5)
    connection.request(method, path, headers=headers)
    return connection.getresponse()


def base32(text: str) -> str:
    cid = check(text)
    assert isinstance(cid, Cid)
    return cid.base32


def test_the_same_bytes_come_by_path_and_by_subdomain_whole_and_in_parts(empty: Sandbox) -> None:
    whole = ask(empty, f"/ipfs/{VIDEO}").read()
    assert ask(empty, "/", Host=f"{VIDEO}.ipfs.localhost:{empty.port}").read() == whole
    part = ask(empty, f"/ipfs/{VIDEO}", Range="bytes=4-7")
    assert (part.status, part.getheader("Content-Range")) == (206, f"bytes 4-7/{len(whole)}")
    assert part.read() == whole[4:8] == b"ftyp"
    assert part.getheader("Content-Type") == "video/mp4"
    assert part.getheader("Access-Control-Allow-Origin") == "*"
    assert ask(empty, f"/ipfs/{VIDEO}", Range="bytes=99999999-").status == 416
    assert ask(empty, f"/ipfs/{VIDEO}", "OPTIONS").getheader("Access-Control-Allow-Headers") == "Range"


def test_metadata_is_json_that_points_at_its_video_in_every_spelling(empty: Sandbox) -> None:
    output = {"export": {"ipfs": {"videoFileCid": VIDEO, "nftMetadataCid": META}}, "odd": None}
    empty.add_task(type="export", name="Drop 17", output=output)
    for path in (f"/ipfs/{META}", f"/ipfs/{base32(META)}"):
        answer = ask(empty, path)
        told = json.loads(answer.read())
        assert (told["name"], told["properties"]["video"]) == ("Drop 17", f"ipfs://{VIDEO}")
        assert answer.getheader("Content-Type") == "application/json"
    assert ask(empty, f"/ipfs/{VIDEO}").getheader("Content-Type") == "video/mp4"


def test_what_is_no_cid_is_refused(empty: Sandbox) -> None:
    assert ask(empty, "/ipfs/nonsense").status == 400
    assert ask(empty, "/ipfs/").status == 404


@pytest.mark.parametrize(("trouble", "status"), [("504", 504), ("html", 200), ("no-ranges", 200)])
def test_trouble_is_the_gateways_alone(trouble: str, status: int, empty: Sandbox) -> None:
    empty.switches.change({"gateway": trouble})
    assert ask(empty, f"/ipfs/{VIDEO}", Range="bytes=0-0").status == status
    assert ask(empty, "/api/task", Authorization=f"Bearer {empty.key}").status == 200


def test_its_addresses_are_gateways_that_a_team_can_set(empty: Sandbox) -> None:
    by_path, by_host = gateways_of(empty.gateways, allow_http=True)
    assert by_path.link(VIDEO, VIDEO) == f"http://127.0.0.1:{empty.port}/ipfs/{VIDEO}"
    assert by_host.link(VIDEO, VIDEO) == f"http://{VIDEO}.ipfs.localhost:{empty.port}"
