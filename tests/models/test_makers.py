"""When another task made the asset of a failed one: that decides which failures it made good."""

import pytest

from dashboard.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from dashboard.models import Account, Failure
from tests.models.failures import TIMEOUT, tell

pytestmark = pytest.mark.django_db


def is_open(upstream_id: str) -> bool:
    return Failure.objects.filter(task__upstream_id=upstream_id, is_open=True).exists()


def test_a_task_that_makes_its_asset_once_more_makes_good_what_failed_in_between(account: Account) -> None:
    at = now_ms() - HOUR
    tell(account, "maker", "completed", at, outputAssetId="x")
    tell(account, "after", "failed", at + 10 * SECOND, errorMessage=TIMEOUT, outputAssetId="x")
    tell(account, "maker", "running", at + 20 * SECOND, outputAssetId="x", scheduledAt=at + 19 * SECOND)
    assert is_open("after")
    tell(account, "maker", "completed", at + 30 * SECOND, outputAssetId="x", scheduledAt=at + 19 * SECOND)
    assert not is_open("after")


def test_deleting_a_task_that_completed_long_ago_makes_nothing_good(account: Account) -> None:
    now = now_ms()
    told = {"outputAssetId": "x", "createdAt": now - 40 * DAY}
    tell(account, "maker", "completed", now - 40 * DAY, **told)
    tell(account, "after", "failed", now - DAY, errorMessage=TIMEOUT, outputAssetId="x")
    tell(account, "maker", "completed", now, **told, deleted=True)
    assert is_open("after")


def test_a_time_that_is_held_is_no_second_making_of_a_task_that_is_known(account: Account) -> None:
    at = now_ms() - HOUR
    tell(account, "one", "failed", at, errorMessage=TIMEOUT, outputAssetId="x")
    tell(account, "maker", "completed", at + MINUTE, outputAssetId="x")
    Failure.objects.update(recovered_at=at + 10 * MINUTE)
    tell(account, "one", "failed", at + 5 * MINUTE, errorMessage="gamma", outputAssetId="x", scheduledAt=at + MINUTE)
    assert Failure.objects.get(group__title="gamma").is_open
