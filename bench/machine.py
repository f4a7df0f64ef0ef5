"""Where and with what the figures were measured: a figure without its machine says little."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PARTS = ("django", "granian", "httpx", "pydantic", "django-allauth", "whitenoise", "psycopg")


def describe(database: str) -> dict[str, object]:
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": f"{os.cpu_count()} × {_processor()}, {_gibibytes():.0f} GiB, {platform.system()}",
        "load average at the start": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "database": database,
        "python": platform.python_version(),
        "versions": {"sqlite": sqlite3.sqlite_version, **{part: version(part) for part in PARTS}},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _gibibytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
