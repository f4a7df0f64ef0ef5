"""The page of numbers: true, of one's own teams alone, and honest about what is not known."""

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from math import ceil
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms, short
from dashboard.histogram import ERROR, Histogram
from dashboard.models import Account, Bucket, Day, Gap, Group, Task
from dashboard.models.day import mark_stale, start_of_day
from dashboard.models.numbers import Numbers
from dashboard.views.numbers_charts import bars, dots, line
from dashboard.views.numbers_query import DAYS
from dashboard.views.numbers_week import last_week, week_of
from dashboard.views.numbers_words import roughly
from tests.views.conftest import Connect

SignIn = Callable[[str], Client]
TYPES = ("upload", "export", "transcode-file")


def fared(
    account: Account, at: int, task_type: str = "upload", ended: int = 100, failed: int = 4, **told: object
) -> Day:
    """A day as the syncer counts it."""
    lengths = {name: str(Histogram(told.pop(name, ()))) for name in ("waits", "runs")}  # type: ignore[arg-type]
    return Day.objects.create(
        account=account,
        at=start_of_day(at),
        type=task_type,
        ended=ended,
        failed=failed,
        completed=ended - failed,
        counted_at=now_ms(),
        **lengths,
        **told,
    )


def read(client: Client, path: str = "/numbers/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return words_of(response.content.decode())


def words_of(html: str) -> str:
    """Without its tags, and with plain spaces."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def test_what_stands_at_the_top_is_the_sum_of_the_days(quiet: Account, sign_in: SignIn) -> None:
    now = now_ms()
    fared(quiet, now, ended=100, failed=4, saved=3, runs=[60_000] * 50)
    fared(quiet, now - 3 * DAY, "export", ended=900, failed=16, saved=2, runs=[120_000] * 10)
    fared(quiet, now - 20 * DAY, ended=200, failed=100)
    told = read(sign_in("bob"))
    assert "Failed tasks 20 of 1,000 that ended" in told
    assert "Failure rate 2.0 % before 50.0 %" in told
    assert "Saved by a retry 5 of 25 that failed at first" in told
    assert "Processing time 1 min 95 % within 2 min" in told
    assert "Queue wait – not known" in told


def test_percentiles_of_few_tasks_are_not_told(quiet: Account, sign_in: SignIn) -> None:
    fared(quiet, now_ms(), ended=19, failed=0, runs=[60_000] * 19)
    told = read(sign_in("bob"))
    assert "Processing time – 19 tasks, too few" in told
    assert "On no day are 20 of these tasks known." in told


def test_each_chart_has_its_table_with_every_day(quiet: Account, sign_in: SignIn) -> None:
    fared(quiet, now_ms(), failed=7, runs=[1000] * 30, waits=[2000] * 20)
    page = sign_in("bob").get("/numbers/?days=7").content.decode()
    assert page.count('role="img"') == 4, "two for the failures"
    tables = re.findall(r'<div class="wide".*?</table>', page, re.S)
    assert [len(re.findall("<tr>", table)) for table in tables] == [8, 8, 8]
    rows = [re.findall(r"<tr>.*?</tr>", table, re.S)[1] for table in tables]
    assert [words_of(row).split(" ", 2)[2] for row in rows] == [
        "100 93 0 7 7.0 % 0",
        "30 1.0 s 1.0 s –",
        "20 1.9 s 1.9 s –",  # within 4 %
    ]


def test_filters_stand_in_the_url(connect_quiet: Connect, sign_in: SignIn) -> None:
    live, staging = connect_quiet("Live"), connect_quiet("Staging")
    for account, failed in ((live, 1), (staging, 2)):
        fared(account, now_ms(), failed=failed)
        fared(account, now_ms(), "export", failed=10 * failed)
        fared(account, now_ms() - 40 * DAY, failed=100)
    bob = sign_in("bob")
    for query, failed in {
        "": 33,
        "days=90": 233,
        f"account={live.pk}": 11,
        "type=upload": 3,
        f"account={staging.pk}&type=export&days=7": 20,
        f"team={live.team_id}": 33,
        "days=3": 33,
        "days=nonsense": 33,
        "type=nothing": 0,
    }.items():
        told = read(bob, f"/numbers/?{query}")
        assert (f"Failed tasks {failed} of" in told) is (failed > 0), query
        assert ("Nothing ended" in told) is (failed == 0), query
    page = bob.get(f"/numbers/?account={staging.pk}&type=export&days=7").content.decode()
    assert '<option value="7" selected>' in page
    assert f'<option value="{staging.pk}" selected>' in page
    assert "<option selected>export</option>" in page


def test_a_failed_number_leads_to_those_tasks(quiet: Account, sign_in: SignIn) -> None:
    at = start_of_day(now_ms()) - 2 * DAY
    fared(quiet, at, ended=30, failed=1)
    task = Task.objects.create(
        account=quiet, upstream_id="lost", type="upload", phase="failed", title="Lost.mp4", error="execution timeout",
        created_at=at + HOUR, updated_at=at + HOUR, first_seen_at=at + HOUR, heard_at=at + HOUR,
    )  # fmt: skip
    bob = sign_in("bob")
    page = bob.get(f"/numbers/?account={quiet.pk}").content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/\?q=[^"]*)"', page)]
    assert len(links) == 3, "of the day, of the type, of the account"
    for link in links:
        assert task.upstream_id in bob.get(link).content.decode(), link


def test_nothing_of_another_team_is_told(connect_quiet: Connect, people: SimpleNamespace, sign_in: SignIn) -> None:
    theirs = connect_quiet("Secret account", team=people.other)
    fared(theirs, now_ms(), "secret-type", ended=987, failed=654)
    mark_stale(theirs.pk, [now_ms() - DAY])
    bob = sign_in("bob")
    fared(connect_quiet("Live"), now_ms(), failed=1)
    page = bob.get("/numbers/?days=90").content.decode()
    assert not any(secret in page for secret in ("Secret", "secret", "987", "654", "still to be counted"))
    assert bob.get(f"/numbers/?account={theirs.pk}").status_code == 404
    assert bob.get(f"/numbers/?team={people.other.pk}").status_code == 404
    assert bob.get("/numbers/?team=x").status_code == 404
    assert "654 of 987" in read(sign_in("charlie"))


def test_who_is_of_two_teams_may_look_at_one(connect_quiet: Connect, people: SimpleNamespace, sign_in: SignIn) -> None:
    people.other.add(people.bob, "viewer")
    fared(connect_quiet("Live"), now_ms(), failed=1)
    fared(connect_quiet("Theirs", team=people.other), now_ms(), failed=2)
    bob = sign_in("bob")
    assert "Failed tasks 3 of" in read(bob)
    assert "Failed tasks 2 of" in read(bob, f"/numbers/?team={people.other.pk}")
    assert "Theirs, Elsewhere" in read(bob)


def test_a_day_that_was_not_watched_is_hatched_and_told(quiet: Account, sign_in: SignIn) -> None:
    day = start_of_day(now_ms()) - 2 * DAY
    fared(quiet, day, waits=[1000] * 30, runs=[1000] * 30)
    Gap.objects.create(account=quiet, from_at=day + HOUR, until_at=day + 4 * HOUR)
    Gap.objects.create(account=quiet, from_at=day - DAY, until_at=day - DAY + 5 * MINUTE)
    page = sign_in("bob").get("/numbers/?days=7").content.decode()
    assert page.count('<path class="hatch" d="M4 ') == 2
    assert page.count("; 3\u00a0h not watched") == 2
    assert "5\u00a0min" not in page


def test_an_account_that_is_not_read_now_leaves_a_gap_that_lasts(connect_quiet: Connect, sign_in: SignIn) -> None:
    account = connect_quiet("Live", paused=True, last_success_at=start_of_day(now_ms()) - DAY)
    fared(account, now_ms() - DAY, waits=[1000] * 30)
    assert "; 1\u00a0d not watched" in sign_in("bob").get("/numbers/?days=7").content.decode()


def test_days_that_wait_to_be_counted_are_told_but_not_today(quiet: Account, sign_in: SignIn) -> None:
    fared(quiet, now_ms())
    mark_stale(quiet.pk, [now_ms()])
    assert "still to be counted" not in read(sign_in("bob"))
    mark_stale(quiet.pk, [now_ms() - DAY, now_ms() - 2 * DAY, now_ms() - 50 * DAY])
    assert "2 days still to be counted." in read(sign_in("bob"))


def test_an_account_that_still_reads_its_history_is_named(connect_quiet: Connect, sign_in: SignIn) -> None:
    connect_quiet("Live", import_done_at=None)
    assert "The history of Live is still being read." in read(sign_in("bob"))


def test_without_an_account_the_page_says_what_it_is_for(people: SimpleNamespace, sign_in: SignIn) -> None:
    told = read(sign_in("charlie"))
    assert "No account yet" in told
    assert "Last week" not in told


def test_one_day_with_one_task_is_drawn(quiet: Account, sign_in: SignIn) -> None:
    fared(quiet, now_ms(), ended=1, failed=1)
    told = read(sign_in("bob"))
    assert "Failure rate 100 %" in told
    assert "of fewer than 20 tasks" in told


@pytest.mark.parametrize("days", DAYS)
def test_huge_numbers_are_written_in_full(quiet: Account, sign_in: SignIn, days: int) -> None:
    for back in range(days):
        fared(quiet, now_ms() - back * DAY, "x" * 100, ended=1_000_000, failed=999_999, runs=[10**12] * 20)
    told = read(sign_in("bob"), f"/numbers/?days={days}")
    assert f"Failed tasks {days * 999_999:,} of {days}" in told


def test_names_of_strangers_are_shown_and_not_believed(connect_quiet: Connect, sign_in: SignIn) -> None:
    account = connect_quiet("<b>`Live`</b> | x")
    for back in range(14):
        fared(account, now_ms() - back * DAY, "`<script>`")
    page = sign_in("bob").get(f"/numbers/?account={account.pk}&type=`<script>`").content.decode()
    assert "<script>`" not in page
    assert "<b>" not in page
    assert r"## \&lt\;b\&gt\;\`Live\`" in page or r"\&lt;b\&gt;" in page


def test_the_page_costs_the_same_few_queries_however_many_tasks_there_are(quiet: Account, sign_in: SignIn) -> None:
    bob = sign_in("bob")

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            bob.get("/numbers/?days=90")
        return [query["sql"] for query in captured]

    fared(quiet, now_ms())
    few = queries()
    for back in range(1, 90):
        for task_type in TYPES:
            fared(quiet, now_ms() - back * DAY, task_type)
    many = queries()
    assert len(few) == len(many)
    assert not any("dashboard_task" in query for query in many)


def test_the_numbers_are_those_of_a_reader_of_all_tasks(quiet: Account) -> None:
    chance, today = random.Random(11), start_of_day(now_ms())
    tasks = [_random_task(quiet, number, today, chance) for number in range(600)]
    Task.objects.bulk_create(tasks)
    for back in range(8):
        Day.count(quiet.pk, today - back * DAY, now_ms())
    numbers = Numbers.of([quiet.pk], today - 6 * DAY, today + DAY)
    mine = [task for task in tasks if task.updated_at >= today - 6 * DAY and task.phase != "running"]
    phases = Counter(task.phase for task in mine)
    whole = numbers.whole
    assert (whole.ended, whole.failed, whole.cancelled) == (len(mine), phases["failed"], phases["cancelled"])
    assert {name: part.ended for name, part in numbers.by_type.items()} == Counter(task.type for task in mine)
    assert {at: day.ended for at, day in numbers.by_day.items()} == Counter(start_of_day(t.updated_at) for t in mine)
    for name, part in numbers.by_type.items():
        runs = sorted(
            t.updated_at - t.scheduled_at for t in mine if t.type == name and t.phase == "completed" and t.scheduled_at
        )
        for share in (0.5, 0.95):
            exact = runs[ceil(share * len(runs)) - 1]
            assert part.runs.percentile(share) == pytest.approx(exact, rel=ERROR + 1e-9)


def _random_task(account: Account, number: int, today: int, chance: random.Random) -> Task:
    at = today - chance.randrange(-DAY, 7 * DAY)
    return Task(
        account=account, upstream_id=f"task-{number}", type=chance.choice(TYPES),
        phase=chance.choice(("completed", "completed", "failed", "cancelled", "running")),
        created_at=at, scheduled_at=at - chance.randrange(HOUR), updated_at=at, first_seen_at=at, heard_at=at,
    )  # fmt: skip


def test_the_week_is_told_against_the_one_before(quiet: Account) -> None:
    now = now_ms()
    monday, over = last_week(now)
    fared(quiet, monday, ended=2100, failed=100, saved=40, runs=[60 * SECOND] * 500, waits=[5 * SECOND] * 30)
    fared(quiet, over - 1, "trans|code", ended=40, failed=4, runs=[3 * HOUR] * 36)
    fared(quiet, monday - 1, ended=1000, failed=10)
    fared(quiet, over, ended=7777, failed=7777)
    for title, tasks in (("execution timeout", 80), ("no `codec`", 1)):
        group = Group.objects.create(
            team=quiet.team, fingerprint=title, version=1, title=title, family="retry", first_at=monday, last_at=monday
        )
        Bucket.objects.create(group=group, account=quiet, type="upload", hours=24, at=monday, tasks=tasks)
    text = week_of("Acme", {quiet.pk: "Acme Live"}, now)
    assert text.startswith(f"## Acme: {_day(monday)} to {_day(over - DAY)}")
    for line_ in (
        "- Ended: 2,140 tasks (the week before: 1,000)",
        "- Failed: 104, 4.9\u00a0% (the week before: 10, 1.0\u00a0%)",
        "- Saved by a retry: 40 (the week before: 0)",
        "- Queue wait: median 5.0\u00a0s, 95\u00a0% within 5.0\u00a0s (of 30 tasks)",
        "- Slowest type: `trans|code`, 95\u00a0% within 3\u00a0h",
        "- 80 tasks: `execution timeout`",
        "- 1 task: `` no `codec` ``",
        f"As counted on {short(week_counted(quiet))} (UTC). A task that is retried later leaves the week.",
    ):
        assert line_ in text, line_
    assert "7,777" not in text
    uploads = week_of("Acme", {quiet.pk: "Acme Live"}, now, "upload")
    assert "execution timeout" not in uploads, "causes are not told by type"
    assert "By account" not in text, "it is one"


def test_the_week_tells_of_each_account(quiet: Account, connect_quiet: Connect) -> None:
    now = now_ms()
    monday, _ = last_week(now)
    other, calm = connect_quiet("Harbour *Films*"), connect_quiet("Calm")
    fared(quiet, monday, ended=200, failed=10)
    fared(quiet, monday, "export", ended=100, failed=5)
    fared(other, monday, ended=1000, failed=4)
    fared(other, monday - 1, ended=50, failed=5)
    text = week_of("Acme", {account.pk: account.name for account in (quiet, other, calm)}, now)
    told = text.partition("### By account\n\n")[2].partition("\n\n")[0]
    assert told.split("\n") == [
        "- Harbour \\*Films\\*: 4 of 1,000 failed, 0.4\u00a0% (the week before: 5, 10.0\u00a0%)",
        "- Acme Live: 15 of 300 failed, 5.0\u00a0% (the week before: nothing ended)",
    ]


def week_counted(account: Account) -> int:
    monday, over = last_week(now_ms())
    return max(Day.objects.filter(account=account, at__gte=monday, at__lt=over).values_list("counted_at", flat=True))


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at // 1000, UTC):%-d %b}"


def test_a_week_without_tasks_says_so(quiet: Account) -> None:
    text = week_of("Acme", {quiet.pk: "Acme Live"}, now_ms())
    assert "- Ended: 0 tasks (the week before: 0)" in text
    assert "As counted" not in text
    assert "Failed" not in text


@pytest.mark.parametrize("weekday", range(7))
def test_a_week_begins_on_monday_and_is_over(weekday: int) -> None:
    thursday = start_of_day(1_790_000_000_000)
    thursday -= (thursday // DAY) % 7 * DAY  # as the first day of 1970 was one
    now = thursday + weekday * DAY + 5 * HOUR
    begin, end = last_week(now)
    assert end - begin == 7 * DAY
    assert (begin // DAY + 3) % 7 == 0
    assert end <= now < end + 7 * DAY


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (None, "–"),
        (0, "0 s"),
        (40, "< 0.1 s"),
        (940, "0.9 s"),
        (3_410, "3.4 s"),
        (34_400, "34 s"),
        (59_900, "1 min"),
        (141_000, "2 min 20 s"),
        (34.4 * MINUTE, "34 min"),
        (200 * MINUTE, "3 h 20 min"),
        (34.4 * HOUR, "1 d 10 h"),
        (3.2 * DAY, "3 d 5 h"),
    ],
)
def test_lengths_are_told_as_roughly_as_they_are_known(length: float | None, told: str) -> None:
    assert roughly(length).replace("\u00a0", " ") == told


def test_what_is_not_known_is_not_drawn() -> None:
    assert dots([1.0, None, 2.0, 2.0], 2.0) == "M0.5 50h0M2.5 0h0M3.5 0h0"
    assert dots([1.0, None, *[2.0] * 60], 2.0) == "M0.5 50h0", "a line tells of the others"
    assert line([1.0, None, 2.0, 2.0], 2.0) == "M0.5 50M2.5 0L3.5 0"
    assert bars([None, 0.0, 0.5, 9.0, 0.0001], 1.0) == "M2.5 100v-50M3.5 100v-100M4.5 100v-1"
