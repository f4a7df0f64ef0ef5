"""`python -m bench.failed`: one task in ten of those held has failed, for one of so many causes, in the installation
that the environment names. All by the database itself, as copies.py does it. Writes how many there are as JSON."""

import argparse
import json
import sys

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from dashboard.clock import DAY, HOUR, now_ms  # noqa: E402
from dashboard.fingerprint import VERSION, fingerprint_of  # noqa: E402
from dashboard.models import Account, Bucket, Day, Failure, Group, State  # noqa: E402

SPAN = 60 * DAY
STATES = (State.OPEN, State.OPEN, State.OWNED, State.REGRESSED, State.IGNORED, State.RESOLVED, State.RECOVERED)
_FAILURES = """
    INSERT INTO dashboard_failure (task_id, group_id, account_id, type, first_at, at, times, is_final, retried, worked,
        recovered_by, is_open, message)
    SELECT t.id, {first} + ((t.id / 10) * 7919) % {groups}, t.account_id, t.type, at, at, 1, {yes}, t.id % 2,
        (t.id / 2) % 2 * (t.id % 2), '', {yes}, 'internal error processing file'
    FROM (SELECT id, account_id, type, {now} - ((id / 10) * 104729 * 997) % {span} AS at
          FROM dashboard_task WHERE id % 10 = 0 AND account_id = {account}) t
"""
_BUCKETS = """
    INSERT INTO dashboard_bucket (group_id, account_id, type, hours, at, tasks, retried, worked, recovered)
    SELECT group_id, account_id, type, {hours}, at - at % {length}, COUNT(*), SUM(retried), SUM(worked), 0
    FROM dashboard_failure WHERE at >= {since} GROUP BY 1, 2, 3, 5
"""
_TIMES = """
    UPDATE dashboard_group SET
        first_at = (SELECT MIN(f.first_at) FROM dashboard_failure f WHERE f.group_id = dashboard_group.id),
        last_at = (SELECT MAX(f.at) FROM dashboard_failure f WHERE f.group_id = dashboard_group.id),
        open_tasks = (SELECT COUNT(*) FROM dashboard_failure f WHERE f.group_id = dashboard_group.id)
    WHERE id >= {first}
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--groups", type=int, default=2000)
    groups = parser.parse_args().groups
    account, now = Account.objects.get(name="Production"), now_ms()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (Bucket, Failure, Group):
            model.objects.all().delete()  # those of the tasks that were remembered
        first = _groups(account, groups)
        yes = "TRUE" if connection.vendor == "postgresql" else "1"
        words = {"first": first, "groups": groups, "yes": yes, "now": now, "span": SPAN, "account": account.pk}
        cursor.execute(_FAILURES.format(**words))
        cursor.execute(_BUCKETS.format(hours=24, length=DAY, since=0))
        cursor.execute(_BUCKETS.format(hours=1, length=HOUR, since=now - 2 * DAY))
        cursor.execute(_TIMES.format(first=first))
        _days(account, now)
        cursor.execute("ANALYZE")
    told = {"failures": Failure.objects.count(), "buckets": Bucket.objects.count(), "groups": Group.objects.count()}
    sys.stdout.write(json.dumps(told) + "\n")


def _groups(account: Account, number: int) -> int:
    """The key of the first one."""
    family = fingerprint_of("internal error processing file").family.name
    rows = [
        Group(
            team_id=account.team_id,
            fingerprint=f"{place:032x}",
            version=VERSION,
            title=f"internal error processing file ⟨path⟩ in step {place}",
            family=family,
            state=STATES[place % len(STATES)],
            owner_name="alice@example.com" if STATES[place % len(STATES)] is State.OWNED else "",
        )
        for place in range(number)
    ]
    Group.objects.bulk_create(rows, batch_size=500)
    return int(Group.objects.order_by("-pk").values_list("pk", flat=True)[0]) - number + 1


def _days(account: Account, now: int) -> None:
    types = ("upload", "export", "transcode-file", "clip", "import")
    days = [
        Day(account=account, at=now - now % DAY - ago * DAY, type=name, ended=900, completed=800, failed=100, saved=50)
        for ago in range(90)
        for name in types
    ]
    Day.objects.filter(account=account).delete()
    Day.objects.bulk_create(days, batch_size=100)


if __name__ == "__main__":
    main()
