from typing import ClassVar

from django.db import models

from dashboard.models.account import Account


class Probe(models.Model):
    """How one gateway answered when somebody asked it, from this server, for one CID of an account's tasks.

    `gateway`: its template, see `gateways.py`. `ms`: until its headers were there. `sentence`: why there was no usable
    answer. `text`: what it sent, redacted, when it was asked for the content itself at `read_at`.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="probes", db_index=False)
    cid = models.CharField(max_length=200)
    gateway = models.CharField(max_length=300)
    asked_at = models.BigIntegerField()
    ms = models.IntegerField(null=True)
    status = models.IntegerField(null=True)
    content_type = models.CharField(max_length=200, default="", blank=True)
    length = models.BigIntegerField(null=True)
    ranges = models.BooleanField(default=False)
    sentence = models.TextField(default="", blank=True)
    text = models.TextField(default="", blank=True)
    read_at = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "cid", "gateway"], name="probe_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}: {self.status or self.sentence}"
