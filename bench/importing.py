"""How fast a history comes in, from JSON to committed rows, redaction included."""

from bench.installation import Installation

TASKS = 2000


def importing(cluster: str | None, is_quick: bool) -> dict[str, float]:
    with Installation("importing", cluster) as installation:
        return installation.run("bench.rounds_of_import", "--tasks", TASKS // 2 if is_quick else TASKS)
