"""What pages and polls cost beside a signed-in view of two bytes."""

from bench.installation import Installation
from bench.load import Crowd
from bench.processes import Web
from bench.rounds import Cell, changed_poll, measure, page, unchanged_poll, unshared_poll

TASKS = 1000


def ratios(cluster: str | None, is_quick: bool) -> dict[str, float]:
    with Installation("ratios", cluster) as installation:
        told = installation.run("bench.fill", "--tasks", TASKS)
        web, bare = installation.web(), installation.bare()
        crowd, task = Crowd(web.port, told["sessions"][0]), f"/tasks/{told['task']}/"
        middle, heavy = (f"/tasks/{upstream_id}/" for upstream_id in told["heavy"])
        bodies = {"2.5 KB": task, "50 KB": middle, "5 MB": heavy}
        weights = {f"task page, {name}: HTML": float(len(crowd.plain(path))) for name, path in bodies.items()}
        nothing = page("bare view", bare, Crowd(bare.port), "/")
        ok = page("OK", web, crowd, "/bench/ok/")
        cells = [
            unchanged_poll("unchanged poll", web, crowd),
            unchanged_poll("unchanged poll of a task", web, crowd, f"/tasks/{told['moving']}/"),
            changed_poll("changed poll, 50 rows, many watch", web, crowd),
            unshared_poll("changed poll of a search, nobody else's", web, crowd),
            page("board, 50 rows, warm", web, crowd, "/?size=50"),
            page("board, 50 rows, cold", web, crowd, "/bench/cold/?size=50"),
            page("task page, 2.5 KB", web, crowd, task),
            page("task page, 2.5 KB, first look", web, crowd, f"/bench/first{task}"),
            page("task page, 50 KB", web, crowd, middle),
            page("task page, 5 MB", web, crowd, heavy),
            page("task page, 5 MB, first look", web, crowd, f"/bench/first{heavy}"),
        ]
        cells += _api_cells(web, told["api"], told["token"])
        cells.append(page("accounts page, 200 accounts", web, Crowd(web.port, told["crowded"]), "/accounts/"))
        measure([nothing, ok, *cells], *((10, 15) if is_quick else (40, 70)))
    beside = {f"{cell.name} / OK": cell.beside(ok) for cell in cells}
    told_costs = {"bare view": nothing.median, "OK, two bytes signed in": ok.median}
    return {**told_costs, "OK / bare view": ok.beside(nothing), **beside, **weights}


def _api_cells(web: Web, path: str, token: str) -> list[Cell]:
    """A script's list of 50, and the same when nothing has changed. It carries a token instead of a session."""
    script, listed = Crowd(web.port), f"{path}?limit=50"
    headers = {"Authorization": f"Bearer {token}"}
    known = dict(headers)

    def as_it_is_now() -> list[str]:
        """The changed polls of this run move the account on, so each round begins with its present mark."""
        known["If-None-Match"] = script.browsers[0].get(listed, headers).headers["etag"]
        return [listed]

    return [
        Cell("API, list of 50", web, script, lambda: [listed], headers=headers),
        Cell("API, unchanged list", web, script, as_it_is_now, status=304, headers=known),
    ]
