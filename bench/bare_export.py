"""`python -m bench.bare_export`: the same columns of all tasks in one SELECT, through csv; tasks a second as JSON."""

import csv
import json
import os
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402

from dashboard.models.taking import Taken  # noqa: E402


def main() -> None:
    started, rows = time.monotonic(), 0
    query = f"SELECT {', '.join(Taken._fields)} FROM dashboard_task ORDER BY updated_at DESC, id DESC"  # noqa: S608
    connection.ensure_connection()
    with open(os.devnull, "w", newline="") as nowhere, connection.chunked_cursor() as cursor:
        writer = csv.writer(nowhere)
        cursor.execute(query)
        while some := cursor.fetchmany(1000):
            writer.writerows(some)
            rows += len(some)
    sys.stdout.write(json.dumps({"rows_a_second": rows / (time.monotonic() - started)}) + "\n")


if __name__ == "__main__":
    main()
