from django.db import models


class Syncer(models.Model):
    """A running syncer process; its heartbeat tells the pages that somebody is asking Studio."""

    name = models.CharField(max_length=100, primary_key=True)
    beat_at = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str, now: int) -> None:
        """Say "alive" and forget processes that have been silent for a day."""
        cls.objects.update_or_create(name=name, defaults={"beat_at": now})
        cls.objects.filter(beat_at__lt=now - 24 * 3600 * 1000).delete()
