"""`rotate_vault`: everything sealed anew while the product runs, again and again, and afterwards the old key can go."""

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet
from django.core.management import call_command
from pytest_django import Settings

from dashboard.models import Account, ApiKey, AuditEntry, PreviousKey, Team, User, rotation
from dashboard.models.api_key import key_of
from dashboard.vault import Unopenable, is_sealed_by, seal

KEY = "0c6e2b1a-7c1e-4d0f-9c55-1f2e3d4c5b6a"
OLD_KEY = "9b2f1f64-31d7-4d5c-8f0e-6a7b8c9d0e1f"
FACTOR = "JBSWY3DPEHPK3PXP"
OLD, NEW, FOREIGN = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture(autouse=True)
def accounts(db: None, settings: Settings) -> list[Account]:
    """Three accounts with a previous key each, sealed by the old vault key; then a new one comes first."""
    settings.VAULT_KEYS = [OLD]
    team = Team.objects.create(name="Acme")
    made = [Account.objects.create(team=team, name=f"Account {n}", url="https://studio.test/api") for n in range(3)]
    for account in made:
        ApiKey.objects.promote(account, OLD_KEY)
        ApiKey.objects.promote(account, KEY)
    settings.VAULT_KEYS = [NEW, OLD]
    return made


def rotate() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with suppress(SystemExit):  # by which a script is told not to drop the old key yet
        call_command("rotate_vault", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def all_sealed() -> list[str]:
    return [row.sealed for model in (ApiKey, PreviousKey) for row in model._default_manager.all()]


def test_afterwards_the_old_vault_key_can_be_dropped(settings: Settings) -> None:
    assert "Sealed anew: 6. Sealed with the first key already: 0." in rotate()[0]
    settings.VAULT_KEYS = [NEW]
    assert {key_of(account) for account in Account.objects.all()} == {KEY}
    assert {held.open() for held in PreviousKey.objects.all()} == {OLD_KEY}


def test_a_second_run_has_nothing_to_do_and_changes_nothing() -> None:
    rotate()
    before = all_sealed()
    out, err = rotate()
    assert "Sealed anew: 0. Sealed with the first key already: 6." in out
    assert (all_sealed(), err) == (before, "")


def test_it_goes_on_where_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    rotate_key, turns = rotation._rotate_key, iter(range(100))

    def interrupted(*args: Any) -> None:
        if next(turns) == 4:
            raise KeyboardInterrupt
        rotate_key(*args)

    monkeypatch.setattr(rotation, "_rotate_key", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    assert sum(is_sealed_by(sealed, NEW) for sealed in all_sealed()) == 4
    monkeypatch.undo()
    assert "Sealed anew: 2. Sealed with the first key already: 4." in rotate()[0]


def test_when_the_hints_and_the_times_are_read_nothing_moved() -> None:
    before = list(ApiKey.objects.order_by("pk").values_list("hint", "stored_at"))
    rotate()
    assert list(ApiKey.objects.order_by("pk").values_list("hint", "stored_at")) == before


def test_a_key_that_is_replaced_meanwhile_stays_the_new_one(
    accounts: list[Account], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """By a process that still runs with the old settings, between our look and our write."""
    reseal, replaced = rotation.reseal, "11111111-7c1e-4d0f-9c55-1f2e3d4c5b6a"

    def slow(sealed: str, keys: list[str]) -> str:
        monkeypatch.setattr(rotation, "reseal", reseal)
        settings.VAULT_KEYS = [OLD]
        ApiKey.objects.store(accounts[0], replaced)
        settings.VAULT_KEYS = [NEW, OLD]
        return reseal(sealed, keys)

    monkeypatch.setattr(rotation, "reseal", slow)
    rotate()
    settings.VAULT_KEYS = [NEW]
    assert ApiKey.objects.get(account=accounts[0]).open() == replaced


def test_second_factors_are_sealed_anew_too_and_used_codes_stay_used(settings: Settings) -> None:
    settings.VAULT_KEYS = [OLD]
    user = User.objects.create_user("alice@example.com", "correct horse battery")
    encrypt: Callable[[str], str] = get_adapter().encrypt
    Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt(FACTOR)})
    codes = RecoveryCodes.activate(user)
    first, *others = codes.get_unused_codes()
    assert codes.validate_code(first)
    settings.VAULT_KEYS = [NEW, OLD]
    assert "Sealed anew: 8. " in rotate()[0]
    settings.VAULT_KEYS = [NEW]
    assert get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == FACTOR
    held = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert held.get_unused_codes() == others


def test_what_cannot_be_opened_is_named_left_alone_and_stops_nothing(accounts: list[Account]) -> None:
    foreign = seal({"account": str(accounts[0].uuid), "origin": "https://studio.test:443", "key": KEY}, [FOREIGN])
    ApiKey.objects.filter(account=accounts[0]).update(sealed=foreign)
    PreviousKey.objects.filter(account=accounts[1]).update(sealed="garbage")
    out, err = rotate()
    assert "Sealed anew: 4. " in out
    assert "can be dropped" not in out
    assert "the key of Account 0 (Acme)" in err
    assert "the previous key of Account 1 (Acme)" in err
    assert ApiKey.objects.get(account=accounts[0]).sealed == foreign


def test_a_value_of_another_row_is_named_and_still_opens_for_nobody(
    accounts: list[Account], settings: Settings
) -> None:
    ApiKey.objects.filter(account=accounts[0]).update(sealed=ApiKey.objects.get(account=accounts[1]).sealed)
    assert "the key of Account 0 (Acme)" in rotate()[1]
    settings.VAULT_KEYS = [NEW]
    with pytest.raises(Unopenable, match="another account"):
        key_of(Account.objects.get(pk=accounts[0].pk))


def test_a_script_that_would_drop_the_old_key_is_told_by_the_status_that_it_must_not(accounts: list[Account]) -> None:
    ApiKey.objects.filter(account=accounts[0]).update(sealed="garbage")
    with pytest.raises(SystemExit) as ended:
        call_command("rotate_vault", stdout=io.StringIO(), stderr=io.StringIO())
    assert ended.value.code == 1


def test_neither_the_words_nor_the_audit_hold_a_secret() -> None:
    told = "".join(rotate())
    entry = AuditEntry.objects.get(what="vault.rotated")
    told += entry.after + entry.before + entry.subject
    assert (entry.who, entry.team_id, entry.via) == ("the server's operator", Team.objects.get().pk, "command")
    for secret in (KEY, OLD_KEY, OLD, NEW, *all_sealed()):
        assert secret not in told


def test_two_rotations_at_once_do_no_harm(at_once: Callable[..., list[Any]], settings: Settings) -> None:
    came = at_once(rotation.rotate, rotation.rotate)
    assert all(isinstance(one, rotation.Rotation) for one in came)
    settings.VAULT_KEYS = [NEW]
    [opened] = at_once(lambda: {key_of(account) for account in Account.objects.all()})
    assert opened == {KEY}
