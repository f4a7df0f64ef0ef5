"""Everything that the tests of this folder share: one installation, simulated Studios, and people with an account."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.clock import DAY, HOUR, MINUTE, now_ms
from dashboard.sandbox import Sandbox
from tests.browser.installation import Installation

VIDEO = "bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q"
METADATA = "bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
IPFS = {"videoFileCid": VIDEO, "videoFileUrl": f"ipfs://{VIDEO}"}
NFT = {"nftMetadataCid": METADATA, "nftMetadataUrl": f"ipfs://{METADATA}"}
KINDS: dict[str, dict[str, Any]] = {
    "pending": {"status": {"phase": "pending"}, "scheduledAt": None},
    "waiting": {"status": {"phase": "waiting", "retries": 0}, "type": "transcode-file"},
    "running": {"status": {"phase": "running", "progress": 0.47, "retries": 1}},
    "retrying": {"status": {"phase": "waiting", "retries": 1, "errorMessage": "Task timed out"}},
    "stalled": {"status": {"phase": "running", "progress": 0.36, "retries": 0}},
    "completed": {"status": {"phase": "completed"}, "type": "export", "output": {"export": {"ipfs": {**IPFS, **NFT}}}},
    "failed": {"status": {"phase": "failed", "retries": 2, "errorMessage": "Error: unsupported codec in the input"}},
    "cancelled": {"status": {"phase": "cancelled"}, "type": "clip"},
    "queued": {"status": {"phase": "queued"}, "type": "thumbnails"},
}


@dataclass(frozen=True)
class Place:
    """A person, signed in, and the project at Studio that the person's team watches."""

    email: str
    password: str
    session: str
    account_id: int
    key: str
    project: int
    studio: Sandbox
    installation: Installation

    def add(self, title: str = "", **fields: object) -> str:
        """A new task at Studio, named in both places, for its asset is read a little later. Its id."""
        return self.studio.add_task(self.project, title, **({"name": title} if title else {}), **fields)

    def sync(self) -> None:
        """Studio is asked now instead of in a few seconds."""
        self.installation.sync(self.account_id)


class Stage:
    """`places` are for tests that change something: each is used once; there are as many as the Studio has projects,
    but for the first. The others are only looked at.

    gallery   60 tasks, a history like a real one
    shelf     one task of each kind, `kinds` tells their ids
    deaf      three tasks at a Studio that hangs
    newcomer  in a team, without an account
    """

    def __init__(self, data_dir: Path, studio: Sandbox, gallery: Sandbox, deaf: Sandbox) -> None:
        self.installation = Installation(data_dir)
        people = [("gallery", gallery, 0), ("deaf", deaf, 0), ("newcomer", None, 0), ("shelf", studio, 0)]
        people += [(f"visitor-{number}", studio, number) for number in range(1, len(studio.keys))]
        told = self.installation.settle([(name, s.url if s else "", s.keys[n] if s else "") for name, s, n in people])
        places = {name: self._place(told[name], s or studio, n) for name, s, n in people}
        self.gallery, self.deaf = places.pop("gallery"), places.pop("deaf")
        self.newcomer, self.shelf = places.pop("newcomer"), places.pop("shelf")
        self.places = list(places.values())
        self.kinds = {word: self._on_the_shelf(word, fields) for word, fields in KINDS.items()}

    def start(self) -> None:
        self.installation.start()
        for place in (self.gallery, self.shelf, self.deaf):
            place.sync()
        self.deaf.studio.switches.change({"hanging": True})
        self.installation.make_due(self.deaf.account_id)

    def keep_running(self) -> None:
        """What has had no news for five minutes counts as stalled, and all tests together take longer."""
        self.shelf.studio.change(self.kinds["running"])
        self.shelf.sync()

    def _place(self, told: dict[str, Any], studio: Sandbox, number: int) -> Place:
        return Place(**told, key=studio.keys[number], project=number, studio=studio, installation=self.installation)

    def _on_the_shelf(self, word: str, fields: dict[str, Any]) -> str:
        at = now_ms() - {"stalled": DAY, "running": MINUTE}.get(word, HOUR)
        fields = {"createdAt": at, "scheduledAt": at + 1000, **fields}
        return self.shelf.add(
            f"The {word} one.mp4", **fields | {"status": {"updatedAt": at + 9000, **fields["status"]}}
        )
