"""`python -m tests`: those that judge by the clock alone, then all others on SQLite, then those that use the database
on PostgreSQL, in a throw-away cluster.

Three processes share each half, for many tests wait; `-n 0` makes it one. Arguments are handed to pytest.
Without PostgreSQL on the machine the second half is skipped loudly; with REQUIRE_ALL set that is a failure.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser

from tests.postgres import Cluster, find_postgres

# Nothing has to outlive a crash. And tests take back all that they wrote: joins with a table that was analysed while it
# looked empty walk over all of it.
QUICK = ("synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
NOTHING_CHOSEN = 5  # pytest's


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-m", dest="marks", default="")
    told, rest = parser.parse_known_args(arguments)
    among = f" and ({told.marks})" if told.marks else ""
    codes = [run(f"alone{among}", [*rest, "-n", "0"], {}), run(f"not alone{among}", rest, {})]
    where = find_postgres()
    if where is None:
        print("\nPOSTGRESQL IS MISSING: its half of the tests was skipped.", flush=True)
        codes.append(int(bool(os.environ.get("REQUIRE_ALL"))))
    else:
        with Cluster(where, *QUICK) as url:
            print("\nThe same on PostgreSQL", flush=True)
            codes.append(run(f"database and not browser{among}", rest, {"DATABASE_URL": url}))
    return max((code for code in codes if code != NOTHING_CHOSEN), default=NOTHING_CHOSEN)


def run(marks: str, arguments: list[str], environment: dict[str, str]) -> int:
    secrets = {"SECRET_KEY": "only for tests", "VAULT_KEYS": "bm90IGEgc2VjcmV0LCBvbmx5IGZvciB0aGUgdGVzdHM="}
    command = [sys.executable, "-m", "pytest", "-m", marks, "-n", "3", *arguments]
    return subprocess.run(command, env={**os.environ, **secrets, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
