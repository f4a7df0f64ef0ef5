"""One project is read through one account of a team: rows and calls are never doubled."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from dashboard.clock import now_ms
from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, hint_of
from dashboard.models.audit import STUDIO_TASKS, AuditEntry
from dashboard.models.syncing import Health
from dashboard.models.task import Task
from dashboard.models.team import Team
from dashboard.upstream.network import BadUrl, origin_of


class ReadTwice(Exception):
    """Another account of the team reads this project already, so nothing of this one may be stored."""


def already_connected(twin: Account) -> str:
    how = " It is archived; replace its key to bring it back." if twin.archived_at else ""
    return f"Already connected as “{twin.name}”.{how}"


def same_again(twin: Account) -> str:
    how = " That one is archived; replace its key to bring it back." if twin.archived_at else ""
    return f"The same project as “{twin.name}”; it is not read a second time.{how}"


def lock_team(team_id: int) -> None:
    """Whoever connects an account or learns its project waits here, so that two cannot miss each other. Inside a
    transaction. New rows of the team, such as a membership, need not wait."""
    Team.objects.select_for_update(no_key=True).filter(pk=team_id).values_list("pk").first()


def twin_of(account: Account, url: str, project: str) -> Account | None:
    """The oldest other account of the team that is of this project on this server, archived ones too."""
    return next(_of_project(account, url, project), None) if project else None


@sensitive_variables()
def twin_by_key(account: Account, url: str, key: str) -> Account | None:
    """Another account of the team with this very key: its project is the same, whichever it is."""
    others = ApiKey.objects.filter(account__in=_others(account, url), hint=hint_of(key)).select_related("account")
    for held in others.order_by("account_id"):  # no generator: its frame does not know that it is called from here
        if held.opened() == key:
            return held.account
    return None


def learn_project(account: Account, name: str, project: str) -> bool:
    """Note which project the account is of, unless another one of the team is of it already: then this one is a
    duplicate from now on. Of two that learn it at once, the one that was connected first stays. `name`: who holds the
    claim. Raises ReadTwice; False if the claim was lost."""
    with transaction.atomic():
        lock_team(account.team_id)
        mine = Account.objects.filter(pk=account.pk, claimed_by=name)
        if not mine.exists():
            return False
        twin = _rival(account, project)
        if twin is None:
            return bool(mine.update(project_id=project))
        mark_duplicate(account, twin, project)
    raise ReadTwice


def stand_aside(account: Account, name: str) -> None:
    """As `learn_project`, for an account whose key may not list: its project is only supposed, and not noted."""
    project = account.project_id or account.studio_default_project
    with transaction.atomic():
        lock_team(account.team_id)
        if not project or not Account.objects.filter(pk=account.pk, claimed_by=name).exists():
            return
        twin = _rival(account, project)
        if twin is None:
            return
        mark_duplicate(account, twin, account.project_id)
    raise ReadTwice


def mark_duplicate(account: Account, twin: Account, project: str) -> None:
    """Not read from now on; its key stays as it is, and whoever is asking just now loses the claim."""
    mine = Account.objects.filter(pk=account.pk)
    if mine.exclude(health=Health.DUPLICATE).exists():
        told: dict[str, object] = {"same as": twin.name}
        AuditEntry.note(STUDIO_TASKS, "account.duplicate_found", account.team_id, account.name, after=told)
    mine.update(
        health=Health.DUPLICATE,
        error=same_again(twin),
        error_since_at=now_ms(),
        project_id=project,
        next_sync_at=None,
        failures=0,
        claimed_by="",
        claimed_until=0,
        revision=F("revision") + 1,
    )


def tell_duplicates(account: Account) -> None:
    """What those that stand aside for this account say of it, after it was archived or came back."""
    project = account.own_project
    standing = [other for other in _others(account, account.url) if other.health == Health.DUPLICATE]
    same = [other.pk for other in standing if project == (other.project_id or other.studio_default_project)]
    if project:
        Account.objects.filter(pk__in=same).update(error=same_again(account), revision=F("revision") + 1)


def release_duplicates(account: Account) -> None:
    """This account reads its project no longer: those that stood aside look again which one is to."""
    waiting = [other.pk for other in _others(account, account.url) if other.health == Health.DUPLICATE]
    Account.objects.filter(pk__in=waiting).update(
        health=Health.NEW,
        error="",
        error_since_at=None,
        project_id="",
        next_sync_at=now_ms(),
        revision=F("revision") + 1,
    )


def _rival(account: Account, project: str) -> Account | None:
    """The account that reads the project instead of this one. One that was connected later and holds nothing yet
    makes way."""
    for twin in _of_project(account, account.url, project):
        if twin.pk < account.pk or _holds_tasks(twin):
            return twin
        mark_duplicate(twin, account, project)
    return None


def _of_project(account: Account, url: str, project: str) -> Iterator[Account]:
    others = _others(account, url)
    return (other for other in others if other.own_project == project and other.health != Health.DUPLICATE)


def _others(account: Account, url: str) -> list[Account]:
    """The team's other accounts on this server, the oldest first."""
    origin = _origin(url)
    team = Account.objects.filter(team=account.team_id, removed_at=None).exclude(pk=account.pk).order_by("pk")
    return [other for other in team if origin and _origin(other.url) == origin]


def _origin(url: str) -> str:
    try:
        return origin_of(url)
    except BadUrl:
        return ""


def _holds_tasks(account: Account) -> bool:
    """Its row first, because whoever stores tasks just now has it."""
    Account.objects.select_for_update().filter(pk=account.pk).values_list("pk").first()
    return holds_tasks(account)


def holds_tasks(account: Account) -> bool:
    return bool(Task.objects.filter(account=account).exists())


def is_settled(account: Account) -> bool:
    """Whether it reads its project, and stays that one's, because it holds tasks of it."""
    return bool(account.project_id) and holds_tasks(account)
