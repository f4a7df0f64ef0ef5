"""A moment as people read it where no script tells how long ago it was."""

from datetime import datetime

from django import template

from dashboard.clock import SECOND, short

register = template.Library()


@register.filter
def in_short(iso: str) -> str:
    """`23 Nov, 02:02` for `2026-11-23T02:02:09Z`, in UTC. What is no moment, as the place for one, stays as it is."""
    try:
        return short(round(datetime.fromisoformat(iso).timestamp() * SECOND))
    except ValueError:
        return iso
