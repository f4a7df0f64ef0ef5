"""What lies in the vault: opened for its own account and server only; anything else is a state, and never a crash."""

import json
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.clock import now_ms
from dashboard.models import Account, ApiKey, PreviousKey
from dashboard.models.api_key import SealedKey, connection_of, key_of, redactor_of
from dashboard.models.rotation import rotate
from dashboard.models.syncing import Health, key_state
from dashboard.vault import Unopenable, is_sealed_by, reseal, seal, unseal

KEY = "0c6e2b1a-7c1e-4d0f-9c55-1f2e3d4c5b6a"
OLD = "9b2f1f64-31d7-4d5c-8f0e-6a7b8c9d0e1f"
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=200)


@pytest.fixture
def both(account: Account) -> Account:
    """It uses KEY and has OLD as the one step back."""
    ApiKey.objects.promote(account, OLD)
    ApiKey.objects.promote(account, KEY)
    return account


def broken_values(account: Account) -> dict[str, str]:
    good = ApiKey.objects.get(account=account).sealed
    keys = django_settings.VAULT_KEYS
    other = Account.objects.create(team=account.team, name="Other", url=account.url)
    mine = {"account": str(account.uuid), "origin": "https://studio.example.test:443"}
    return {
        "empty": "",
        "truncated": good[:-7],
        "cut in half": good[: len(good) // 2],
        "garbage": "not sealed at all é☃",
        "the key itself": KEY,
        "another vault's": seal({**mine, "key": KEY}, [Fernet.generate_key().decode()]),
        "another account's": ApiKey.objects.store(other, KEY).sealed,
        "another server's": seal({**mine, "origin": "https://elsewhere.test:443", "key": KEY}, keys),
        "a list": sealed_json(["key"]),
        "no JSON": Fernet(keys[0]).encrypt(KEY.encode()).decode(),
        "without a key": seal(mine, keys),
        "a key that is a number": sealed_json(mine | {"key": 7}),
        "an empty key": seal({**mine, "key": ""}, keys),
    }


def sealed_json(value: object) -> str:
    return Fernet(django_settings.VAULT_KEYS[0]).encrypt(json.dumps(value).encode()).decode()


NAMES = [
    "empty", "truncated", "cut in half", "garbage", "the key itself", "another vault's", "another account's",
    "another server's", "a list", "no JSON", "without a key", "a key that is a number", "an empty key",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("model", [ApiKey, PreviousKey])
def test_what_cannot_be_opened_is_told_in_words_without_the_value(
    both: Account, model: type[SealedKey], name: str
) -> None:
    value = broken_values(both)[name]
    model._default_manager.filter(account=both).update(sealed=value)
    held = model._default_manager.get(account=both)
    with pytest.raises(Unopenable) as caught:
        held.open()
    assert not value or value not in str(caught.value)
    assert KEY not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert held.opened() is None
    assert KEY not in repr(held)
    redactor_of(Account.objects.get(pk=both.pk)).text("anything")
    rotate()


@given(texts)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_text_is_no_key(value: str) -> None:
    with pytest.raises(Unopenable):
        unseal(value, django_settings.VAULT_KEYS)
    with pytest.raises(Unopenable):
        reseal(value, django_settings.VAULT_KEYS)
    assert not is_sealed_by(value, django_settings.VAULT_KEYS[0])


@given(st.dictionaries(texts, texts, max_size=5))
@settings(deadline=None)
def test_what_is_sealed_anew_says_the_same_and_needs_the_new_key_only(contents: dict[str, str]) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    sealed = reseal(seal(contents, [old]), [new, old])
    assert unseal(sealed, [new]) == contents
    assert is_sealed_by(sealed, new)
    assert not is_sealed_by(sealed, old)


def test_a_broken_key_in_use_stops_the_account_and_a_broken_previous_one_does_not(both: Account) -> None:
    PreviousKey.objects.update(sealed="garbage")
    account = Account.objects.get()
    assert (connection_of(account).key, connection_of(account).old_keys) == (KEY, ())
    ApiKey.objects.update(sealed="garbage")
    with pytest.raises(Unopenable):
        connection_of(Account.objects.get())


def test_a_broken_previous_key_is_no_way_back_and_goes_with_the_next_key(both: Account) -> None:
    PreviousKey.objects.update(sealed="garbage")
    with pytest.raises(Unopenable):
        ApiKey.objects.step_back(both)
    assert key_of(Account.objects.get()) == KEY
    ApiKey.objects.promote(both, KEY)
    assert not PreviousKey.objects.exists()


def test_a_key_swapped_in_for_another_account_s_is_never_used(both: Account) -> None:
    other = Account.objects.create(team=both.team, name="Other", url=both.url)
    ApiKey.objects.store(other, OLD)
    PreviousKey.objects.filter(account=both).update(sealed=ApiKey.objects.get(account=other).sealed)
    with pytest.raises(Unopenable, match="another account"):
        ApiKey.objects.step_back(both)
    assert OLD in redactor_of(both).text(OLD)  # not ours to know


def test_stepping_back_from_a_broken_key_leaves_no_way_forth(both: Account) -> None:
    ApiKey.objects.update(sealed="garbage")
    assert ApiKey.objects.step_back(both)
    assert key_of(Account.objects.get()) == OLD
    assert not PreviousKey.objects.exists()


def test_no_picture_of_a_connection_shows_a_key(both: Account) -> None:
    drawn = repr(connection_of(both)) + repr(both.api_key) + repr(redactor_of(both)) + str(both.api_key)
    assert KEY not in drawn
    assert OLD not in drawn


@pytest.mark.parametrize(
    ("changes", "state"),
    [({"health": health}, "unreachable" if health == Health.FAILING else health.value) for health in Health]
    + [
        ({"health": Health.REJECTED, "paused": True}, "paused"),
        ({"paused": True, "archived_at": 5}, "archived"),
        ({"health": Health.WORKING, "not_before_at": 2**62}, "rate-limited"),
        ({"health": Health.FAILING, "not_before_at": 2**62}, "unreachable"),
        ({"health": Health.WORKING, "not_before_at": 5}, "working"),
    ],
)
def test_each_account_has_one_word_for_its_key(changes: dict[str, Any], state: str) -> None:
    assert key_state(Account(**changes), now_ms()) == state
