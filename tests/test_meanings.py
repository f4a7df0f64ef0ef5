"""What numbers mean: told where Studio put them, silent where a stranger did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.meanings import meaning_of

AT = 1_790_000_000_000


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("createdAt", AT, "2026-09-21T14:13:20Z"),
        ("scheduledAt", AT, "2026-09-21T14:13:20Z"),
        ("status.updatedAt", AT, "2026-09-21T14:13:20Z"),
        ("output.upload.assetSpec.storage.ipfs.updatedAt", AT, "2026-09-21T14:13:20Z"),
        ("status.progress", 0.456, "46 %"),
        ("status.progress", 0.999, "99 %"),
        ("status.progress", 1, "100 %"),
        ("output.upload.assetSpec.size", 84_934_509, "84.9 MB"),
        ("output.transcodeFile.inputVideo.sizeBytes", 1_500, "1.50 kB"),
        ("output.transcodeFile.inputVideo.duration", 187.3644, "3 min 7 s"),
        ("output.clip.assetSpec.videoSpec.duration", 23.8328, "23.8 s"),
        ("output.upload.assetSpec.videoSpec.bitrate", 6_000_000, "6.00 Mbps"),
        ("output.upload.assetSpec.videoSpec.tracks[1].bitrate", 128_000, "128 kbps"),
        ("output.upload.assetSpec.videoSpec.tracks[0].startTime", 1.5, "1.5 s"),
        ("output.upload.assetSpec.videoSpec.tracks[1].sampleRate", 44_100, "44.1 kHz"),
        ("params.transcode-file.profiles[3].bitrate", 2_500_000, "2.50 Mbps"),
        ("params.upload.targetSegmentSizeSecs", 6, "6 s"),
        ("params.clip.clipStrategy.startTime", 4_360_000, "01:12:40"),
        ("params.clip.clipStrategy.endTime", AT, "2026-09-21T14:13:20Z"),
    ],
)
def test_a_number_at_a_path_of_studios_has_a_meaning(path: str, value: float, told: str) -> None:
    meaning = meaning_of(path.rpartition(".")[2], path, value)
    assert meaning is not None
    assert meaning.text.replace("\u00a0", " ") == told
    assert bool(meaning.at) == told.endswith("Z")


@pytest.mark.parametrize(
    "path",
    [
        "params.exportData.content.createdAt",
        "params.exportData.content.profiles[0].bitrate",
        "params.export.ipfs.nftMetadata.duration",
        "params.export.custom.headers.size",
        "output.upload.assetSpec.playbackPolicy.webhookContext.updatedAt",
        "output.upload.assetSpec.videoSpec.tracks[0].width",
        'odd["status"].progress',
        "size",
        "params.upload.profiles[0].gop",
    ],
)
def test_elsewhere_a_number_is_only_a_number(path: str) -> None:
    assert meaning_of(path.rpartition(".")[2], path, AT) is None


@pytest.mark.parametrize("value", [0, -1, 12, 1e30, float("nan"), float("inf"), 9_000_000_000_000_000])
def test_what_can_be_no_time_is_told_as_none(value: float) -> None:
    assert meaning_of("createdAt", "createdAt", value) is None


@given(
    st.sampled_from(["status.progress", "output.upload.assetSpec.size", "params.clip.clipStrategy.startTime"]),
    st.one_of(st.integers(), st.floats()),
)
def test_no_number_breaks_it(path: str, value: float) -> None:
    meaning_of(path.rpartition(".")[2], path, value)
