"""What the list of causes costs beside a signed-in view of two bytes, and whether it costs more among more tasks."""

from bench.installation import Installation
from bench.load import Crowd
from bench.rounds import measure, page

FEW, MANY, QUICK = 10_000, 1_000_000, 100_000
GROUPS = 2000
FAILURES_A_GROUP = 5  # at least, so that few tasks have fewer groups
COLD = "/bench/cold/failures/"
"""As the first one after a change sees it: the list is made anew."""


def failing(cluster: str | None, is_quick: bool) -> dict[str, float]:
    with Installation("few_failed", cluster) as few, Installation("many_failed", cluster) as many:
        sessions = _fill(few, FEW), _fill(many, QUICK if is_quick else MANY)
        quiet, web = few.web(), many.web()
        early, late = Crowd(quiet.port, sessions[0]), Crowd(web.port, sessions[1])
        ok = page("OK", web, late, "/bench/ok/")
        cells = [page("failures page", web, late, "/failures/"), page("failures page, after a change", web, late, COLD)]
        before = page("failures page, few", quiet, early, COLD)
        measure([ok, *cells, before], *((10, 20) if is_quick else (30, 60)))
    told = {f"{cell.name}, 2,000 groups / OK": cell.beside(ok) for cell in cells}
    return {**told, "failures page, many / 10,000 tasks": cells[1].beside(before)}


def _fill(installation: Installation, tasks: int) -> str:
    """A session."""
    session: str = installation.run("bench.fill", "--tasks", tasks)["sessions"][0]
    installation.run("bench.failed", "--groups", min(GROUPS, tasks // 10 // FAILURES_A_GROUP))
    return session
