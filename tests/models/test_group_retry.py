"""What of a group of failures would be retried, read some at a time."""

from types import SimpleNamespace

import pytest

from dashboard.clock import MINUTE, now_ms
from dashboard.models import Account, group_retry
from dashboard.models.group_retry import open_tasks, why_hopeless
from dashboard.models.uniting import merge
from tests.models.failures import CODEC, TIMEOUT, again, by, fail, tell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("at_once", [1, 2, 3, 50])
def test_each_task_once_the_newest_failure_first_with_what_its_last_one_says(
    account: Account, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(group_retry, "READ_AT_ONCE", at_once)
    at = now_ms() - 10 * MINUTE
    ids = []
    for number in range(6):  # all failed for both causes; which was the last takes turns
        causes = (CODEC, TIMEOUT) if number % 2 else (TIMEOUT, CODEC)
        tell(account, f"task-{number}", "waiting", at + number, retries=1, errorMessage=causes[0])
        task = tell(account, f"task-{number}", "failed", at + MINUTE - number, retries=1, errorMessage=causes[1])
        ids.append(task.pk)
    saved = fail(account, "saved", CODEC, at=at)
    tell(account, "saved", "completed", at + MINUTE)
    timeouts = fail(account, "late", TIMEOUT, at=at + 2 * MINUTE)
    root = merge(by(people.sam, timeouts), saved.pk)
    hopeless = why_hopeless(saved.family), why_hopeless(timeouts.family)
    assert len(set(hopeless)) == 2
    late, *others = open_tasks(root, [account.pk], 99).items()
    assert late[1] == hopeless[1]
    assert others == [(pk, hopeless[place % 2]) for place, pk in enumerate(ids)]
    assert list(open_tasks(again(root), [account.pk], 4)) == [late[0], *ids[:3]]
    assert open_tasks(root, [], 4) == {}
