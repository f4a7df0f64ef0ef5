"""How fast the whole list is exported, beside the least that could be done, and how much memory that takes."""

import http.client
import time

from bench.installation import Installation
from bench.processes import Web

FEW, MANY, FEWER = 10_000, 1_000_000, 100_000
FORMS = {"CSV": "/tasks/export.csv", "NDJSON": "/tasks/export.ndjson"}


def exporting(cluster: str | None, is_quick: bool) -> dict[str, float]:
    with Installation("exported", cluster) as few, Installation("all_exported", cluster) as many:
        tasks = FEWER if is_quick else MANY
        small, large = _measure(few, FEW), _measure(many, tasks)
        bare = many.run("bench.bare_export")["rows_a_second"]
    figures = {f"{form} export": large[form][0] for form in FORMS}
    peaks = {f"{form} export: peak memory, all / 10,000 tasks": large[form][1] / small[form][1] for form in FORMS}
    return figures | peaks | {"bare SELECT through csv": bare, "bare SELECT / CSV export": bare / large["CSV"][0]}


def _measure(installation: Installation, tasks: int) -> dict[str, tuple[float, float]]:
    """Rows a second and the peak of a worker's memory by form. Each form has a server of its own."""
    session = installation.run("bench.fill", "--tasks", tasks)["sessions"][0]
    return {form: _export(installation.web(), session, path, tasks) for form, path in FORMS.items()}


def _export(web: Web, session: str, path: str, tasks: int) -> tuple[float, float]:
    started = time.monotonic()
    lines = _read(web.port, session, path)
    took = time.monotonic() - started
    peak = web.peak_bytes()
    web.__exit__(None, None, None)
    if lines < tasks * 0.9:
        raise ValueError(f"{path}: {lines} lines of {tasks} tasks")
    return lines / took, peak


def _read(port: int, session: str, path: str) -> int:
    """All of it, bit by bit; the number of lines."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
    response = connection.getresponse()
    if response.status != 200:
        raise ValueError(f"{path}: {response.status}")
    lines = 0
    while part := response.read(1 << 20):
        lines += part.count(b"\n")
    return lines
