"""The one place that opens the vault."""

from django.conf import settings
from django.db import models

from dashboard.models.account import Account
from dashboard.upstream.network import origin_of
from dashboard.upstream.redact import Redactor
from dashboard.vault import Unopenable, seal, unseal

LEAST_FOR_A_HINT = 12


class SealedKey(models.Model):
    """A sealed secret of an Account. People only ever see its hint, the last four characters of a key that
    is long enough to spare them."""

    sealed = models.TextField()
    hint = models.CharField(max_length=4, blank=True)
    stored_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"…{self.hint}"

    def open(self) -> str:
        """The key in clear, for the account and the origin it was sealed for; raises Unopenable."""
        account: Account = self.account  # type: ignore[attr-defined]
        contents = unseal(self.sealed, settings.VAULT_KEYS)
        if contents.get("account") != str(account.uuid):
            raise Unopenable("The stored key belongs to another account.")
        if contents.get("origin") != origin_of(account.url):
            raise Unopenable("The stored key was given for another server.")
        return contents["key"]


class ApiKeyManager(models.Manager["ApiKey"]):
    def store(self, account: Account, key: str) -> "ApiKey":
        """Seal the key for this account and the origin of its present URL, in place of any older one."""
        contents = {"account": str(account.uuid), "origin": origin_of(account.url), "key": key}
        sealed = seal(contents, settings.VAULT_KEYS)
        hint = key[-4:] if len(key) >= LEAST_FOR_A_HINT else ""
        api_key, _ = self.update_or_create(account=account, defaults={"sealed": sealed, "hint": hint})
        return api_key


class ApiKey(SealedKey):
    """The key that the account is asked with."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="api_key", primary_key=True)

    objects = ApiKeyManager()


class PreviousKey(SealedKey):
    """The key that was used before, kept until somebody deletes it: the one step back."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="previous_key", primary_key=True)


def key_of(account: Account) -> str:
    """The account's key in clear; raises Unopenable, also where none is stored."""
    try:
        api_key: ApiKey = account.api_key
    except ApiKey.DoesNotExist:
        raise Unopenable("No key is stored for this account.") from None
    return api_key.open()


def redactor_of(account: Account) -> Redactor:
    """One that knows the account's own key, if that can be opened."""
    try:
        return Redactor(key_of(account))
    except Unopenable:
        return Redactor(None)
