"""What a completed task has made: the `output` of each type."""

import random

from dashboard.sandbox.identity import cid_v0, cid_v1, cid_v1_dag, hex_of, playback_id_of
from dashboard.sandbox.media import asset_spec

Json = dict[str, object]

GATEWAY = "https://ipfs.livepeer.studio/ipfs/"


def write_output(rng: random.Random, task_type: str, flavour: str, key: str, name: str, params: Json) -> Json:
    """The whole `output` object of a completed task. `key` makes hashes and CIDs its own."""
    if task_type in ("upload", "clip", "import"):
        return {task_type: {"assetSpec": asset_spec(rng, key, _spec_name(rng, task_type, name))}}
    if task_type == "export":
        ipfs = {"videoFileCid": ""} if flavour == "custom" else ipfs_files(rng, flavour, key)
        return {"export": {"ipfs": ipfs}}
    if task_type == "export-data":
        return {"exportData": {"ipfs": {"cid": _cid(rng, key, "data")}}}
    if task_type in ("transcode-file", "transcode"):
        return {"transcodeFile": _transcoded(rng, key, params.get(task_type, {}))}
    return {task_type: {"path": f"/sprites/{key}.vtt", "count": rng.randrange(10, 200)}}


def old_guide_output(rng: random.Random, key: str, name: str) -> Json:
    """`output.import` as the guide of 2022 printed it, internal paths included."""
    playback_id = playback_id_of(hex_of(8, key))
    return {
        "import": {
            "assetSpec": asset_spec(rng, key, name),
            "videoFilePath": f"https://storage.googleapis.example.test/bucket/{playback_id}/video",
            "metadataFilePath": f"https://storage.googleapis.example.test/bucket/{playback_id}/video.json",
        }
    }


def _spec_name(rng: random.Random, task_type: str, name: str) -> str:
    """The name inside the output is what the runner knew: often only the file name in the URL."""
    return "source.mp4" if task_type == "clip" or rng.random() < 0.1 else name


def ipfs_files(rng: random.Random, flavour: str, key: str) -> Json:
    """CIDs and the two links that Studio computes for each."""
    video = _cid(rng, key, "video")
    files: Json = {"videoFileCid": video}
    metadata = _cid(rng, key, "metadata") if flavour in ("nft", "player", "pinata jwt") else ""
    if metadata:
        files["nftMetadataCid"] = metadata
    files |= {"videoFileUrl": f"ipfs://{video}", "videoFileGatewayUrl": GATEWAY + video}
    if metadata:
        files |= {"nftMetadataUrl": f"ipfs://{metadata}", "nftMetadataGatewayUrl": GATEWAY + metadata}
    return files


def _cid(rng: random.Random, key: str, what: str) -> str:
    return rng.choices((cid_v1, cid_v1_dag, cid_v0), (5, 3, 2))[0](key, what)


def _transcoded(rng: random.Random, key: str, job: object) -> Json:
    outputs = job.get("outputs", {}) if isinstance(job, dict) else {}
    base = "s3+https://***:***@gateway.storjshare.example.test/out"
    if isinstance(job, dict) and str(job.get("storage", {}).get("url", "")).startswith("w3s"):
        base = GATEWAY + cid_v1_dag(key, "folder")
    made: Json = {"baseUrl": base, "requestId": hex_of(12, "request", key)}
    if "hls" in outputs:
        made["hls"] = {"path": "/hls/index.m3u8"}
    if "mp4" in outputs:
        made["mp4"] = [{"path": f"/mp4/static{height}p0.mp4"} for height in (360, 720, 1080)]
    made["inputVideo"] = {
        "duration": round(rng.lognormvariate(5, 1), 3),
        "sizeBytes": rng.randrange(10**6, 5 * 10**9),
    }
    return made
