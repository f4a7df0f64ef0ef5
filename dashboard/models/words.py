"""What a search looks into: one folded text for each task, and the words by which people know it exactly."""

from typing import ClassVar

from django.db import models

from dashboard.models.task import Task


class Haystack(models.Model):
    """Everything in a task that free text finds, folded, the title as its first line. Trigrams of it stand in
    `dashboard_trigrams` on SQLite, kept true by triggers, and in an index of pg_trgm on PostgreSQL."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="haystack")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]


class Name(models.Model):
    """A word that leads straight to a task, folded: its id, the first 8 characters of that, its assets, playback id,
    CIDs and file names."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["value", "kind", "task"], name="name_leads_to_task")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
