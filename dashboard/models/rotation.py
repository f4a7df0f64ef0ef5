"""Sealing everything in the database anew, with the first of the vault's keys, while the product runs.

Each row is one small step of its own: whoever is interrupted begins again and goes on where it was, and two at once do
no harm. What is sealed anew says the same as before.
"""

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, PreviousKey, SealedKey
from dashboard.models.audit import COMMAND, AuditEntry
from dashboard.models.team import Team
from dashboard.vault import Unopenable, is_sealed_by, reseal

SECRETS = ("secret", "seed", "migrated_codes")
"""What of a second factor django-allauth has sealed."""
PASSES = 5
"""Processes that still run with the old settings may seal with the old key meanwhile."""


@dataclass
class Rotation:
    """How it went. `unopenable`: what no key opens, or what opens but does not belong where it lies, by name."""

    sealed_anew: int = 0
    sealed_already: int = 0
    unopenable: list[str] = field(default_factory=list)


def rotate() -> Rotation:
    """Seal every key of an account, previous ones too, and every second factor with the first vault key."""
    total = Rotation()
    for turn in range(PASSES):
        rotation = Rotation()
        for model in (ApiKey, PreviousKey):
            for pk in list(model._default_manager.order_by("pk").values_list("pk", flat=True)):
                _rotate_key(model, pk, rotation)
        for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
            _rotate_factor(pk, rotation)
        total.sealed_anew += rotation.sealed_anew
        total.sealed_already = total.sealed_already if turn else rotation.sealed_already
        total.unopenable = rotation.unopenable
        if not rotation.sealed_anew:
            break
    _tell_every_team(total)
    return total


def _tell_every_team(total: Rotation) -> None:
    """How many rows of the whole installation, no names: each team's admins read it in their own audit."""
    told: dict[str, object] = {"sealed anew": total.sealed_anew, "not opened": len(total.unopenable)}
    with transaction.atomic():
        for team_id, name in Team.objects.values_list("pk", "name"):
            AuditEntry.note(COMMAND, "vault.rotated", team_id, name, after=told)


def _rotate_key(model: type[SealedKey], pk: int, rotation: Rotation) -> None:
    """By a conditional UPDATE: a key that was replaced meanwhile is left alone."""
    held = model._default_manager.filter(pk=pk).first()
    if held is None:
        return
    account: Account = held.account  # type: ignore[attr-defined]
    if held.opened() is None:
        previous = "previous " if model is PreviousKey else ""
        rotation.unopenable.append(f"the {previous}key of {account.name} ({account.team.name})")
    sealed = _anew(held.sealed)
    if sealed is not None and sealed != held.sealed:
        rotation.sealed_anew += model._default_manager.filter(pk=pk, sealed=held.sealed).update(sealed=sealed)
    rotation.sealed_already += sealed == held.sealed


def _rotate_factor(pk: int, rotation: Rotation) -> None:
    """Under a lock, because its row also counts the recovery codes that were used."""
    with transaction.atomic():
        factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if factor is None or not isinstance(factor.data, dict):
            return
        held = {name: factor.data[name] for name in SECRETS if name in factor.data}
        anew = {name: _all_anew(value) for name, value in held.items()}
        if None in anew.values():
            rotation.unopenable.append(f"a second factor of {factor.user}")
        changes = {name: value for name, value in anew.items() if value not in (None, held[name])}
        if changes:
            Authenticator.objects.filter(pk=pk).update(data={**factor.data, **changes})
        rotation.sealed_anew += len(changes)
        rotation.sealed_already += sum(anew[name] == held[name] for name in held)


def _all_anew(value: Any) -> Any:
    """As `_anew`, also for a list of sealed texts."""
    if isinstance(value, list):
        anew = [_all_anew(one) for one in value]
        return None if None in anew else anew
    return _anew(value) if isinstance(value, str) else None


def _anew(sealed: str) -> str | None:
    """The text sealed with the first key, itself if it is so already, None if it cannot be opened."""
    if is_sealed_by(sealed, settings.VAULT_KEYS[0]):
        return sealed
    try:
        return reseal(sealed, settings.VAULT_KEYS)
    except Unopenable:
        return None
