"""Furnishes an installation before it is served: people who are signed in, each with a team and perhaps an account.

`python -m tests.browser.settle '[["alice", "http://127.0.0.1:13004/api", "the key"], ["bob", "", ""]]'` prints what
a test needs to know of them. A process of its own: it must not meet the settings and the database of the tests.
"""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.test import Client  # noqa: E402

from dashboard.management.preparing import prepare  # noqa: E402
from dashboard.models import Account, ApiKey, Role, Team, User  # noqa: E402
from tests.confirm import confirm  # noqa: E402

PASSWORD = "correct horse battery"
HOURS_OF_TESTS = 2 * 3600


def main(people: list[tuple[str, str, str]]) -> None:
    prepare()
    hashed = make_password(PASSWORD)  # once: it is slow on purpose
    print(json.dumps({name: _person(name, hashed, url, key) for name, url, key in people}))


def _person(name: str, hashed: str, url: str, key: str) -> dict[str, object]:
    user = User.objects.create(email=f"{name}@example.com", password=hashed)
    team = Team.objects.create(name=f"Team of {name}")
    team.add(user, Role.ADMIN)
    browser = Client()
    browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    confirm(browser, seconds_ago=-HOURS_OF_TESTS)
    account = Account.objects.create(team=team, name="Production", url=url) if url else None
    if account:
        ApiKey.objects.store(account, key)
    return {
        "email": user.email,
        "password": PASSWORD,
        "session": browser.cookies["sessionid"].value,
        "account_id": account.pk if account else 0,
    }


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
