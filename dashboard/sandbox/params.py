"""What a task was asked to do: the `params` of each type, in the flavours that the real Studio shows."""

import random

from dashboard.sandbox.identity import cid_v1_dag, hex_of, playback_id_of, uuid_of
from dashboard.sandbox.leaks import Leaks
from dashboard.sandbox.media import profiles
from dashboard.sandbox.names import file_in_url

Json = dict[str, object]

_HOSTS = (
    "media.example.test",
    "cdn.acme.example.test",
    "acme-ingest.s3.eu-west-1.example.test",
    "files.example.test",
)
_FLAVOURS = {
    "upload": (("presigned", 30), ("plain", 30), ("direct", 25), ("token", 8), ("password", 4),
               ("recording", 6), ("encrypted", 4), ("c2pa", 4), ("ladder", 12), ("ipfs source", 3)),
    "export": (("ipfs", 30), ("nft", 14), ("player", 6), ("pinata jwt", 16), ("pinata pair", 14),
               ("custom", 20)),
    "export-data": (("plain", 30), ("pinata jwt", 20), ("attestation", 12), ("big", 4)),
    "transcode-file": (("s3", 40), ("w3s", 20), ("password", 20), ("presigned", 20)),
    "clip": (("plain", 50), ("session", 30), ("requester", 20)),
}  # fmt: skip


def pick_flavour(rng: random.Random, task_type: str) -> str:
    choices = _FLAVOURS.get(task_type, (("plain", 1),))
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


class ParamsWriter:
    """Writes the `params` of one task. `account_key` is its project's key, which people paste anywhere;
    `cut_from` the asset that a clip is made of, "" for a stream."""

    def __init__(
        self, rng: random.Random, leaks: Leaks, flavour: str, name: str, asset_id: str, account_key: str,
        cut_from: str = "",
    ):  # fmt: skip
        self.rng, self.leaks, self.flavour = rng, leaks, flavour
        self.name, self.asset_id, self.account_key = name, asset_id, account_key
        self.cut_from = cut_from

    def write(self, task_type: str) -> Json:
        """The whole `params` object; unknown types get a shape of their own."""
        if task_type == "upload":
            return {"upload": self._upload()}
        if task_type == "export":
            return {"export": self._export()}
        if task_type == "export-data":
            return {"exportData": self._export_data()}
        if task_type in ("transcode-file", "transcode"):
            return {task_type: self._transcode()}
        if task_type == "clip":
            return {"clip": self._clip()}
        return {task_type: {"url": self._source()}}

    def _source(self) -> str:
        url = f"https://{self.rng.choice(_HOSTS)}/in/{file_in_url(self.name)}"
        if self.flavour in ("presigned", "encrypted"):
            return self.leaks.presigned(self.rng, url)
        if self.flavour == "token":
            return self.leaks.with_token(self.rng, url)
        if self.flavour == "password":
            return self.leaks.with_token(self.rng, self.leaks.with_password(self.rng, url))
        return url

    def _upload(self) -> Json:
        if self.flavour == "no url":
            return {"thumbnails": True}
        upload: Json = {"url": self._source(), "thumbnails": True}
        if self.flavour == "direct":
            playback_id = playback_id_of(self.asset_id)
            upload["url"] = f"https://vod-uploads.example.test/directUpload/{playback_id}"
            upload["uploadedObjectKey"] = f"directUpload/{playback_id}"
        elif self.flavour == "recording":
            upload["url"] = f"https://recordings.example.test/hls/{uuid_of('session', self.asset_id)}/index.m3u8"
            upload["recordedSessionId"] = uuid_of("session", self.asset_id)
        elif self.flavour == "encrypted":
            upload["encryption"] = {"key": "***"}
        elif self.flavour == "c2pa":
            upload["c2pa"] = True
        elif self.flavour == "ladder":
            upload |= {
                "profiles": profiles(self.rng),
                "targetSegmentSizeSecs": self.rng.choice((2, 4, 6, 10)),
            }
        elif self.flavour == "ipfs source":
            upload["url"] = f"ipfs://{cid_v1_dag('source', self.asset_id)}/{file_in_url(self.name)}"
        if self.rng.random() < 0.1:
            upload["catalystPipelineStrategy"] = self.rng.choice(("catalyst_ffmpeg", "fallback_external", "external"))
        return upload

    def _export(self) -> Json:
        if self.flavour == "custom":
            url = f"https://acme-archive.s3.example.test/out/{file_in_url(self.name)}"
            method = self.rng.choice(("PUT", "PUT", "POST"))
            headers = self.leaks.headers(self.rng)
            return {"custom": {"url": self.leaks.presigned(self.rng, url), "method": method, "headers": headers}}
        ipfs: Json = {}
        if self.flavour.startswith("pinata"):
            ipfs["pinata"] = self._pinata()
        if self.flavour in ("nft", "player", "pinata jwt"):
            ipfs["nftMetadata"] = self._nft_metadata()
            ipfs["nftMetadataTemplate"] = "player" if self.flavour == "player" else "file"
        return {"ipfs": ipfs}

    def _pinata(self) -> Json:
        if self.flavour == "pinata jwt":
            return dict(self.leaks.pinata_jwt(self.rng))
        return dict(self.leaks.pinata_pair(self.rng))

    def _nft_metadata(self) -> Json:
        number = self.rng.randrange(1, 10_000)
        return {
            "name": f"{self.name} #{number}",
            "tokenId": str(number),
            "attributes": [
                {"value": self.rng.choice(("Gold", "Silver", "Bronze")), "trait_type": "Edition"},
                {"value": self.rng.randrange(1, 100), "trait_type": "Rarity", "display_type": "number"},
            ],
            "description": "One of a kind, minted from a livestream.",
            "external_url": f"https://drops.example.test/{number}",
        }

    def _export_data(self) -> Json:
        content: Json = {
            "title": self.name,
            "sequence": self.rng.randrange(1, 500),
            "tags": ["archive", "batch"],
        }
        data: Json = {"content": content, "ipfs": {}}
        if self.flavour == "pinata jwt":
            data["ipfs"] = {"pinata": self._pinata()}
        elif self.flavour == "attestation":
            content |= {
                "domain": {"name": "Verifiable Video", "version": "1"},
                "signature": "0x" + hex_of(130, self.name),
            }
            data |= {"type": "attestation", "id": uuid_of("attestation", self.asset_id, self.name)}
        elif self.flavour == "big":
            content["rows"] = [{"n": n, "hash": hex_of(40, self.name, n), "ok": n % 7 != 0} for n in range(400)]
        elif self.flavour == "own key":
            content["note"] = f"curl -H 'Authorization: Bearer {self.account_key}' https://livepeer.studio/api/asset"
            content["settings"] = {
                "studio": self.account_key.upper(),
                "apiKey": self.leaks.token(self.rng),
                "deep": [[{}]],
            }
        return data

    def _transcode(self) -> Json:
        job: Json = {"input": {"url": self._transcode_input()}, "storage": {"url": self._transcode_storage()}}
        outputs: Json = {"hls": {"path": "/hls"}}
        if self.rng.random() < 0.6:
            outputs["mp4"] = {"path": "/mp4"}
        if self.rng.random() < 0.15:
            outputs["fmp4"] = {"path": "/fmp4"}
        job |= {
            "outputs": outputs,
            "profiles": profiles(self.rng),
            "targetSegmentSizeSecs": self.rng.choice((6, 10)),
        }
        if self.rng.random() < 0.4:
            job["creatorId"] = {"type": "unverified", "value": f"user-{self.rng.randrange(1, 900)}"}
        if self.rng.random() < 0.2:
            job["c2pa"] = True
        return job

    def _transcode_input(self) -> str:
        if self.flavour == "s3":
            return f"s3+https://***:***@gateway.storjshare.example.test/in/{file_in_url(self.name)}"
        return self._source()

    def _transcode_storage(self) -> str:
        if self.flavour == "w3s":
            return f"w3s://{self.leaks.proof(self.rng)}@/"
        return "s3+https://***:***@gateway.storjshare.example.test/out"

    def _clip(self) -> Json:
        source_id = self.cut_from or uuid_of("stream", self.asset_id)
        playback_id = playback_id_of(source_id)
        start = 1_790_000_000_000 + self.rng.randrange(10_000_000)
        strategy = {
            "endTime": start + self.rng.randrange(5_000, 60_000),
            "startTime": start,
            "playbackId": playback_id,
        }
        clip: Json = {
            "url": f"https://playback.example.test/hls/{playback_id}/index.m3u8",
            "inputId": source_id,
            "clipStrategy": strategy,
            "sourceObjectStoreId": uuid_of("object store"),
            "catalystPipelineStrategy": "catalyst_ffmpeg",
        }
        if self.flavour == "session":
            clip["sessionId"] = uuid_of("session", self.asset_id)
        return clip
