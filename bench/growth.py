"""Whether the board costs more when there are a thousand times as many tasks."""

from typing import Any
from urllib.parse import quote

from bench.installation import Installation
from bench.load import Crowd
from bench.processes import Web
from bench.rounds import Cell, measure, page

FEW, MANY, QUICK = 1_000, 1_000_000, 100_000
TEAMS = 50  # others, among whose tasks a small team's stand
MIDDLE = 20_000  # whose numbers those of the strip are compared with
BOARD = "/bench/cold/?size=50"
"""As the first one after a start sees it: nothing is kept."""
Told = dict[str, Any]


def growth(cluster: str | None, is_quick: bool) -> dict[str, float]:
    with (
        Installation("few", cluster) as few,
        Installation("middle", cluster) as middle,
        Installation("many", cluster) as many,
        Installation("among", cluster) as among,
    ):
        told_few = few.run("bench.fill", "--tasks", FEW)
        told_many = many.run("bench.fill", "--tasks", QUICK if is_quick else MANY)
        told_among = among.run("bench.fill", "--tasks", QUICK if is_quick else MANY, "--teams", TEAMS)
        middle.run("bench.fill", "--tasks", MIDDLE)
        bare, fewer = many.run("bench.finding"), middle.run("bench.finding")
        early, late = _cells(few.web(), told_few), _cells(many.web(), told_many)
        small = _small_cells(among.web(), told_among)
        measure([*early, *late, *small], *((10, 30) if is_quick else (20, 90)))
    ratios = {f"{now.name}, many / 1,000 tasks": now.beside(then) for then, now in zip(early, late, strict=True)}
    ratios |= {f"{cell.name}, many / 1,000 tasks": cell.beside(early[0]) for cell in small}
    return {
        **ratios,
        "the strip's numbers, many / 20,000 tasks": bare["counts"] / fewer["counts"],
        "the strip's numbers, many tasks": bare["counts"],
        "free text among many": bare["text"],
        "LIKE / free text among many": bare["like"] / bare["text"],
        "a search without an end is stopped after": bare["stopped"],
        "bytes of database per task": told_many["bytes a task"],
    }


def _cells(web: Web, told: Told) -> list[Cell]:
    crowd = Crowd(web.port, told["sessions"][0])
    boards = {
        "first page": "",
        "of a phase": "&phase=failed",
        "of a type": "&type=upload",
        "of an account": f"&account={told['account']}",
    } | {f"by {kind}": f"&q={quote(query)}" for kind, query in told["searches"].items()}
    cells = [page(name, web, crowd, BOARD + asked) for name, asked in boards.items()]
    return [*cells, page("deep page", web, crowd, *(f"{BOARD}&older={key}" for key in told["deep"]))]


def _small_cells(web: Web, told: Told) -> list[Cell]:
    """A team that owns few tasks beside the many of fifty others."""
    crowd = Crowd(web.port, told["small"])
    return [
        page("first page of a small team", web, crowd, BOARD),
        page("of a phase, small team", web, crowd, f"{BOARD}&phase=failed"),
    ]
