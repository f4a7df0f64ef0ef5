"""What a running task is doing, read from its progress.

Studio hides the step from users, but its ratio has plateaus: 0.36 after preparing, 0.81 after transcoding,
from 0.9 on it writes the results (read in the source of the task runner).
"""

PREPARED, TRANSCODED = 0.36, 0.81
STAGES = (("Preparing", PREPARED), ("Transcoding", TRANSCODED), ("Finalising", 1.0))
STAGED = frozenset({"upload", "import", "transcode-file", "transcode", "clip"})


def stage_of(task_type: str, progress: float) -> str:
    """`Preparing`, `Transcoding` or `Finalising`; `Exporting` for exports; empty when unknown."""
    if task_type in ("export", "export-data"):
        return "Exporting"
    if task_type not in STAGED:
        return ""
    return next((name for name, end in STAGES if progress < end), "Finalising")
