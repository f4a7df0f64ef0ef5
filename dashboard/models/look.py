"""What a poll reads beside its session, in one statement: who asks, what they see, and of one task the copies.

Asking for the person alone, through the ORM, would cost a quarter of a whole signed-in view.
"""

from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from dashboard.models.lanes import rows_of
from dashboard.models.seen import SELECT, SeenAccount, Sight
from dashboard.models.user import User
from dashboard.phases import FINAL

_WANTED = {"id", "password", "email", "is_active", "board_columns", "board_sort", "board_size"}
_PERSON = tuple(field.attname for field in User._meta.concrete_fields if field.attname in _WANTED)
"""What a poll needs to know of somebody, in the order of the model's fields, by which Django reads it; the rest is read
if it is asked for."""
_FROM = """
    FROM dashboard_user u
    LEFT JOIN dashboard_membership m ON m.user_id = u.id
    LEFT JOIN dashboard_team t ON t.id = m.team_id
    LEFT JOIN dashboard_account a ON a.team_id = m.team_id AND a.removed_at IS NULL
"""
_OF_USER = "WHERE u.id = %s"


class Glance(NamedTuple):
    """As much of a task as a poll needs. The fields are the columns of the query."""

    id: int
    account_id: int
    version: int
    digest: str
    phase: str
    updated_at: int
    retried_at: int | None
    deleted_at: int | None

    @property
    def pk(self) -> int:
        return self.id

    @property
    def is_final(self) -> bool:
        return self.phase in FINAL or self.deleted_at is not None


_WHO = ", ".join(f"u.{column}" for column in _PERSON)
_TASK = ", ".join(f"x.{column}" for column in Glance._fields)
_QUERY = f"{SELECT}, {_WHO}{_FROM}{_OF_USER}"
_QUERY_WITH_COPIES = (
    f"{SELECT}, {_WHO}, {_TASK}{_FROM}"
    f"LEFT JOIN dashboard_task x ON x.account_id = a.id AND x.upstream_id = %s {_OF_USER}"
)
_SEEN, _KNOWN = len(SeenAccount._fields), len(SeenAccount._fields) + len(_PERSON)


class Look(NamedTuple):
    """`user` may have lost their access since they signed in: whoever looks must still be recognised. None if there is
    no such person. `copies`: of the task that the look is for."""

    user: User | None
    sight: Sight
    copies: list[Glance]

    @classmethod
    def of(cls, user_id: int, now: int, upstream_id: str | None = None) -> "Look":
        if upstream_id is None or "\0" in upstream_id:  # PostgreSQL refuses to look for it
            rows = rows_of(_QUERY, [user_id])
        else:
            rows = rows_of(_QUERY_WITH_COPIES, [upstream_id, user_id])
        user = User.from_db(DEFAULT_DB_ALIAS, _PERSON, rows[0][_SEEN:_KNOWN]) if rows else None
        seen = [row for row in rows if row[0] is not None]  # who sees no account has one row all the same
        copies = [Glance._make(row[_KNOWN:]) for row in seen if row[_KNOWN:] and row[_KNOWN] is not None]
        return cls(user, Sight.read(user_id, now, [row[:_SEEN] for row in seen]), copies)
