"""What was measured, as a table for people and as bench.json for machines."""

import json
import sys
from pathlib import Path

from bench.figures import Figure

MARKS = {True: "ok", False: "MISSED", None: ""}


def draw(figures: list[Figure], machine: dict[str, object]) -> None:
    width = max(len(figure.promise.name) for figure in figures)
    lines = [f"{'':{width}}  {'measured':>10}  {'limit':>10}"]
    for figure in figures:
        promise = figure.promise
        limit = "" if promise.limit is None else f"{'≥' if promise.at_least else '≤'} {promise.limit:,g}"
        measured = number(figure.value)
        lines.append(
            f"{promise.name:{width}}  {measured:>10}  {limit:>10}  {promise.unit:<10}  {MARKS[figure.ok]}".rstrip()
        )
    facts = "\n".join(f"{name}: {value}" for name, value in machine.items() if not isinstance(value, dict))
    sys.stdout.write("\n" + "\n".join(lines) + f"\n\n{facts}\n")


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def write(path: Path, figures: list[Figure], machine: dict[str, object]) -> None:
    """bench.json: the machine, and for each figure its value, its limit and whether that was kept."""
    told = [
        {
            "figure": figure.promise.name,
            "value": round(figure.value, 3),
            "unit": figure.promise.unit,
            "limit": figure.promise.limit,
            "at_least": figure.promise.at_least,
            "ok": figure.ok,
        }
        for figure in figures
    ]
    path.write_text(json.dumps({**machine, "figures": told}, indent=2, ensure_ascii=False) + "\n")
