"""The recordings themselves: whole, with the tags that Express would give, and with made-up data only."""

import base64
import hashlib
import json

from tests.upstream_behaviour.recordings import read_all


def test_every_recording_is_whole_and_its_question_its_own() -> None:
    recordings = read_all()
    assert len(recordings) > 40
    assert len({recording.question for recording in recordings}) == len(recordings)


def test_every_body_is_json_and_has_its_tag() -> None:
    for recording in read_all():
        head, _, body = recording.answer.partition(b"\r\n\r\n")
        if b" 304 " in head.split(b"\r\n")[0]:
            continue
        json.loads(body)
        mark = base64.b64encode(hashlib.sha1(body).digest()).decode()[:27]
        assert f'ETag: W/"{len(body):x}-{mark}"' in head.decode(), recording.name


def test_no_host_but_reserved_ones_and_the_gateway_occurs() -> None:
    for recording in read_all():
        for part in recording.answer.decode().split("://")[1:]:
            host = part.split("/")[0].split("?")[0].split("@")[-1]
            scheme_only = host[:3] in ("baf", "Qm")
            known = host.endswith(".test") or host in ("ipfs.livepeer.studio", "") or scheme_only
            assert known, (recording.name, host)
