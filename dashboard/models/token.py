import hashlib
import secrets
from typing import ClassVar

from django.db import models

from dashboard.models.account import Account
from dashboard.models.team import Role
from dashboard.models.user import User

PREFIX = "ltd_"


class Token(models.Model):
    """A person's key to the dashboard's own API, for scripts: shown once, kept as a hash. It opens the accounts that it
    names, as long as its owner may see them, and never with a greater role than the owner's present one."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    role = models.CharField(max_length=10, choices=Role.choices)
    accounts = models.ManyToManyField(Account, related_name="tokens")
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    last_used_at = models.BigIntegerField(null=True)
    last_used_from = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


def fresh_token() -> str:
    """A new token: 256 bits of chance, with a prefix that secret scanners can know."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of it. A token is all chance, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
