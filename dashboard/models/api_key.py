"""The one place that opens the vault for Studio's keys."""

from django.conf import settings
from django.db import models
from django.views.decorators.debug import sensitive_variables

from dashboard.models.account import Account
from dashboard.upstream.network import BadUrl, origin_of
from dashboard.upstream.redact import Redactor
from dashboard.upstream.requests import Connection
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

    @sensitive_variables()
    def open(self) -> str:
        """The key in clear, for the account and the origin it was sealed for; raises Unopenable."""
        account: Account = self.account  # type: ignore[attr-defined]
        contents = unseal(self.sealed, settings.VAULT_KEYS)
        if contents.get("account") != str(account.uuid):
            raise Unopenable("The stored key belongs to another account.")
        if contents.get("origin") != _origin(account):
            raise Unopenable("The stored key was given for another server.")
        key = contents.get("key")
        if not isinstance(key, str) or not key:
            raise Unopenable("The stored key is not in a known form.")
        return key

    @sensitive_variables()
    def opened(self) -> str | None:
        """As `open`, or None for what cannot be opened."""
        try:
            return self.open()
        except Unopenable:
            return None


class ApiKeyManager(models.Manager["ApiKey"]):
    @sensitive_variables()
    def store(self, account: Account, key: str) -> "ApiKey":
        """Seal the key for this account and the origin of its present URL, in place of any older one."""
        contents = {"account": str(account.uuid), "origin": origin_of(account.url), "key": key}
        sealed = seal(contents, settings.VAULT_KEYS)
        return self._put(account, sealed, hint_of(key))

    @sensitive_variables()
    def opened(self, account: Account) -> str | None:
        """The key that the account uses, if there is one that can be opened."""
        held = self.filter(account_id=account.pk).select_related("account").first() if account.pk else None
        return held.opened() if held else None

    @sensitive_variables()
    def promote(self, account: Account, key: str) -> "ApiKey":
        """Use this key from now on. The one used until now becomes the previous one; what cannot be opened any more,
        or was given for another server, does not stay. Call it inside a transaction."""
        used = self.filter(account=account).first()
        used_key = used.opened() if used else None
        if used and used_key and used_key != key:
            told = {"sealed": used.sealed, "hint": used.hint}
            PreviousKey.objects.update_or_create(account=account, defaults=told)
        previous = PreviousKey.objects.filter(account=account).first()
        if previous and not previous.opened():
            previous.delete()
        return self.store(account, key)

    def step_back(self, account: Account) -> bool:
        """Swap the key in use with the previous one, both sealed as they are. Raises Unopenable if that one cannot be
        opened; False without one. Call it inside a transaction."""
        previous = PreviousKey.objects.filter(account=account).first()
        if previous is None:
            return False
        previous.open()
        used = self.filter(account=account).first()
        if used and used.opened():
            told = {"sealed": used.sealed, "hint": used.hint}
            PreviousKey.objects.update_or_create(account=account, defaults=told)
        else:
            previous.delete()
        self._put(account, previous.sealed, previous.hint)
        return True

    def _put(self, account: Account, sealed: str, hint: str) -> "ApiKey":
        api_key, _ = self.update_or_create(account=account, defaults={"sealed": sealed, "hint": hint})
        account.api_key = api_key  # in place of one that the object may remember
        return api_key


class ApiKey(SealedKey):
    """The key that the account is asked with."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="api_key", primary_key=True)

    objects = ApiKeyManager()


class PreviousKey(SealedKey):
    """The key that was used before, kept until somebody deletes it: the one step back."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="previous_key", primary_key=True)


def hint_of(key: str) -> str:
    """What people may see of a key."""
    return key[-4:] if len(key) >= LEAST_FOR_A_HINT else ""


def key_of(account: Account) -> str:
    """The account's key in clear; raises Unopenable, also where none is stored."""
    try:
        api_key: ApiKey = account.api_key
    except ApiKey.DoesNotExist:
        raise Unopenable("No key is stored for this account.") from None
    return api_key.open()


def connection_of(account: Account) -> Connection:
    """Where and with which key the account is asked; raises Unopenable. What comes is redacted of both its keys."""
    return Connection(account.url, key_of(account), previous_keys_of(account))


def previous_keys_of(account: Account) -> tuple[str, ...]:
    """The previous key in clear, if there is one that can be opened."""
    previous = PreviousKey.objects.filter(account_id=account.pk).select_related("account").first()
    key = previous.opened() if previous else None
    return (key,) if key else ()


def redactor_of(account: Account) -> Redactor:
    """One that knows the account's own key and the previous one, if they can be opened."""
    try:
        key = key_of(account)
    except Unopenable:
        key = ""
    return Redactor(key, *previous_keys_of(account))


def _origin(account: Account) -> str | None:
    try:
        return origin_of(account.url)
    except BadUrl:
        return None
