"""`python -m bench`: measure everything, draw the table, write bench.json; exit code 1 when a limit is missed."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.exporting import exporting
from bench.failing import failing
from bench.figures import figures_of
from bench.fingerprints import fingerprints
from bench.growth import growth
from bench.importing import importing
from bench.machine import describe
from bench.ratios import ratios
from bench.table import draw, write
from bench.watching import watching
from bench.weight import weight
from tests.postgres import Cluster, find_postgres

Part = Callable[[str | None, bool], dict[str, float]]
PARTS: dict[str, Part] = {
    "ratios": ratios,
    "growth": growth,
    "import": importing,
    "export": exporting,
    "failures": failing,
    "fingerprints": fingerprints,
    "watchers": watching,
    "weight": weight,
}


def main() -> int:
    asked = _arguments()
    machine = describe("PostgreSQL" if asked.postgres else "SQLite") | {"quick": asked.quick}
    values: dict[str, float] = {}
    with ExitStack() as ends:
        cluster = ends.enter_context(_cluster()) if asked.postgres else None
        for name in asked.only or PARTS:
            started = time.monotonic()
            values |= PARTS[name](cluster, asked.quick)
            sys.stderr.write(f"{name}: {time.monotonic() - started:.0f} s\n")
    figures = figures_of(values)
    draw(figures, machine)
    write(asked.json, figures, machine)
    return int(any(figure.ok is False for figure in figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Studio Tasks on this machine.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, about a minute")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone; may be repeated")
    parser.add_argument("--postgres", action="store_true", help="on a throw-away PostgreSQL")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where to write the figures")
    return parser.parse_args()


def _cluster() -> Cluster:
    where = find_postgres()
    if where is None:
        sys.exit("PostgreSQL is not installed.")
    return Cluster(where)


if __name__ == "__main__":
    sys.exit(main())
