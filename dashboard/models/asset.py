import json
from typing import Any, ClassVar

from django.db import models

from dashboard.models.account import Account


class Asset(models.Model):
    """What we keep of a Studio asset: the name that people gave it, which its tasks do not carry, and its state.

    `updated_at`: when Studio changed it last; `heard_at`: when we read it. `source_id`: the asset (or stream) that it
    was clipped from. `document`: the parts of its redacted document that pages show, see `upstream.assets`.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="assets")
    upstream_id = models.CharField(max_length=200)
    name = models.TextField(default="")
    playback_id = models.CharField(max_length=200, default="", blank=True)
    phase = models.CharField(max_length=100, default="", blank=True)
    size = models.BigIntegerField(null=True)
    source_id = models.CharField(max_length=200, default="", blank=True)
    updated_at = models.BigIntegerField(default=0)
    heard_at = models.BigIntegerField(default=0)
    document = models.TextField(default="{}")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="asset_once_per_account"),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "source_id"], name="asset_source")]

    def __str__(self) -> str:
        return self.name

    def opened(self) -> dict[str, Any]:
        """The kept parts of the redacted document."""
        document: dict[str, Any] = json.loads(self.document)
        return document
