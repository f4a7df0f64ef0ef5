"""How django-allauth behaves here: people are invited, nobody signs up; second factors are sealed like keys."""

import base64
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from dashboard.vault import Unopenable, seal, unseal


class ClosedDoor(DefaultAccountAdapter):
    """No open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SealedFactors(DefaultMFAAdapter):
    """The secrets of second factors lie in the vault."""

    def encrypt(self, text: str) -> str:
        return seal({"factor": text}, settings.VAULT_KEYS)

    def decrypt(self, encrypted_text: str) -> str:
        """What cannot be opened fits no code: a fresh secret that nobody knows stands in for it."""
        try:
            return unseal(encrypted_text, settings.VAULT_KEYS)["factor"]
        except (Unopenable, KeyError):
            return base64.b32encode(secrets.token_bytes(20)).decode()
