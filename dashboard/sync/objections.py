"""What speaks against giving an account a key that Studio takes."""

from dataclasses import dataclass, replace

from django.views.decorators.debug import sensitive_variables

from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey
from dashboard.models.syncing import HOLDING, Health
from dashboard.sync.testing import TRIED_AGAIN, Outcome, Verdict, refused
from dashboard.sync.twins import already_connected, holds_tasks, twin_by_key, twin_of
from dashboard.upstream.network import BadUrl, origin_of

ANOTHER_PROJECT = "This key opens another project; add it as a new account."
UNSEEN_PROJECT = "Another server has to show a task of the same project first, and it showed none."
NOT_PROMOTED = ", so the one that was in use stays in use."
CHANGED = "The account was changed or removed meanwhile. Look at it again first."


@dataclass(frozen=True)
class Objection:
    """Why the key is not kept. `twin`: the account of the team through which the project is connected already."""

    verdict: Verdict
    twin: Account | None = None


@sensitive_variables("key")
def objection(account: Account, was: str, url: str, key: str, verdict: Verdict) -> Objection | None:
    """What speaks against keeping a key that Studio takes: another project, one that is read already, or that an
    unsure key would take the place of one that may be good. `was`: the account's URL before the test."""
    if account.pk is not None:
        sentence = _why_not_here(account, was, url, verdict)
        if sentence:
            return Objection(refused(sentence))
    twin = twin_of(account, url, verdict.own_project) or twin_by_key(account, url, key)
    if twin:
        return Objection(refused(already_connected(twin)), twin)
    if verdict.outcome is Outcome.UNSURE and _is_in_use(account):
        return Objection(replace(verdict, sentence=verdict.sentence.replace(TRIED_AGAIN, NOT_PROMOTED)))
    return None


def is_as_it_was(account: Account, was: str) -> bool:
    """Whether it is still there and asked at the URL that it had before the test; then as it is now. A test has read
    the account anew, so the URL that it had then is not to be told from the account."""
    is_so = Account.objects.filter(pk=account.pk, url=was, removed_at=None).exists()
    if is_so:
        account.refresh_from_db()
    return bool(is_so)


def _why_not_here(account: Account, was: str, url: str, verdict: Verdict) -> str:
    """An account stays one project's."""
    if not is_as_it_was(account, was):
        return CHANGED
    moves, holds = moves_to(account, url), holds_tasks(account)
    may_become_another = not holds and (moves or account.health == Health.DUPLICATE)
    if not may_become_another and not _is_same_project(account, verdict, moves):
        return ANOTHER_PROJECT if verdict.project_id else UNSEEN_PROJECT
    return ""


def _is_in_use(account: Account) -> bool:
    """Whether the account has a key that may be good."""
    if account.pk is None or account.health in HOLDING or account.archived_at is not None:
        return False
    return bool(ApiKey.objects.filter(account=account).exists())


def _is_same_project(account: Account, verdict: Verdict, moves: bool) -> bool:
    """Whether the key opens the project we know. On the same server that is believed until a page of tasks says
    otherwise; another server has to show it."""
    if verdict.project_id and account.project_id:
        return verdict.project_id == account.project_id
    return not moves


def moves_to(account: Account, url: str) -> bool:
    try:
        return origin_of(url) != origin_of(account.url)
    except BadUrl:
        return True
