"""Whether a page of the board costs more when there are a hundred times as many tasks."""

from bench.installation import Installation
from bench.load import Crowd
from bench.rounds import Cell, measure, page

FEW, MANY = 1000, 100_000


def growth(cluster: str | None, is_quick: bool) -> dict[str, float]:
    with Installation("few", cluster) as few, Installation("many", cluster) as many:
        cells = {FEW: _cells(few, FEW), MANY: _cells(many, MANY)}
        measure(cells[FEW] + cells[MANY], *((10, 10) if is_quick else (30, 30)))
    return {
        f"{later.name} page, 100,000 / 1,000 tasks": later.beside(earlier)
        for earlier, later in zip(cells[FEW], cells[MANY], strict=True)
    }


def _cells(installation: Installation, tasks: int) -> list[Cell]:
    told = installation.run("bench.fill", "--tasks", tasks)
    web = installation.web()
    crowd = Crowd(web.port, told["sessions"][0])
    deep = [f"/?size=50&older={key}" for key in told["deep"]]
    return [page("first", web, crowd, "/?size=50"), page("deep", web, crowd, *deep)]
