"""Who may do what: the one table that pages, views and tests read."""

from enum import StrEnum

from dashboard.models.team import Role


class Right(StrEnum):
    """Something that a person may do in a team."""

    SEE = "see"
    EXPORT = "export"
    KEEP_PRIVATE_VIEWS = "keep private views"
    HAVE_TOKENS = "have tokens"

    ASK_STUDIO = "ask Studio now"
    RETRY = "retry tasks"
    TRIAGE = "triage failures"
    WRITE_NOTES = "write notes"
    KEEP_TEAM_VIEWS = "keep views for the team"

    INSIST = "retry what a retry cannot help"
    MANAGE_ACCOUNTS = "manage accounts"
    MANAGE_KEYS = "manage keys"
    MANAGE_MEMBERS = "manage members"
    SET_GATEWAYS = "set gateways"
    READ_AUDIT = "read the audit"
    SET_RETENTION = "set how long tasks are kept"


RIGHTS: dict[Right, Role] = {
    Right.SEE: Role.VIEWER,
    Right.EXPORT: Role.VIEWER,
    Right.KEEP_PRIVATE_VIEWS: Role.VIEWER,
    Right.HAVE_TOKENS: Role.VIEWER,
    Right.ASK_STUDIO: Role.SUPPORT,
    Right.RETRY: Role.SUPPORT,
    Right.TRIAGE: Role.SUPPORT,
    Right.WRITE_NOTES: Role.SUPPORT,
    Right.KEEP_TEAM_VIEWS: Role.SUPPORT,
    Right.INSIST: Role.ADMIN,
    Right.MANAGE_ACCOUNTS: Role.ADMIN,
    Right.MANAGE_KEYS: Role.ADMIN,
    Right.MANAGE_MEMBERS: Role.ADMIN,
    Right.SET_GATEWAYS: Role.ADMIN,
    Right.READ_AUDIT: Role.ADMIN,
    Right.SET_RETENTION: Role.ADMIN,
}
"""The smallest role that has each right; greater roles have it too."""


def may(role: str, right: Right) -> bool:
    """Whether a member with this role has the right."""
    return Role(role).covers(RIGHTS[right])


def roles_with(right: Right) -> list[Role]:
    """The roles that have the right."""
    return [role for role in Role if role.covers(RIGHTS[right])]
