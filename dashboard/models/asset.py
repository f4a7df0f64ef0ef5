from typing import ClassVar

from django.db import models

from dashboard.models.account import Account


class Asset(models.Model):
    """What we keep of a Studio asset: the name that people gave it, which its tasks do not carry."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="assets")
    upstream_id = models.CharField(max_length=200)
    name = models.TextField(default="")
    playback_id = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="asset_once_per_account"),
        ]

    def __str__(self) -> str:
        return self.name
