"""Who may do what at which URL: what test_ladder.py asks of every address of the site."""

from dataclasses import dataclass, field

from dashboard.models import Right


@dataclass(frozen=True)
class Rung:
    """`see` is the right that a GET takes, `do` the right that a POST takes; None: the method is not there.
    `stranger`: the status of a stranger's GET; the stranger is an admin of another team. `odd`: what differs for a
    person and a method, for example when an act is the owner's own."""

    path: str
    see: Right | None = Right.SEE
    do: Right | None = None
    stranger: int = 404
    odd: dict[tuple[str, str], int] = field(default_factory=dict)


LADDER = {
    "board": Rung("/", stranger=200),
    "board-list": Rung("/board/list/", stranger=200),
    "board-suggest": Rung("/board/suggest/?q=account:&at=8", stranger=200),
    "export-csv": Rung("/tasks/export.csv", see=Right.EXPORT, stranger=200),
    "export-ndjson": Rung("/tasks/export.ndjson", see=Right.EXPORT, stranger=200),
    "task-raw": Rung("/tasks/{task}.json"),
    "task": Rung("/tasks/{task}/"),
    "task-live": Rung("/tasks/{task}/live/"),
    "task-branch": Rung("/tasks/{task}/branch/?path=params"),
    "task-find": Rung("/tasks/{task}/find/?q=a"),
    "task-compare": Rung("/tasks/{task}/compare/"),
    "task-bundle": Rung("/tasks/{task}/bundle.md", see=Right.EXPORT),
    "task-retry": Rung("/tasks/{task}/retry/", see=None, do=Right.RETRY),
    "task-notes": Rung("/tasks/{task}/notes/", see=None, do=Right.WRITE_NOTES),
    "task-ask": Rung("/tasks/{task}/ask/", see=None, do=Right.ASK_STUDIO),
    "task-probe": Rung("/tasks/{task}/probe/", see=None, do=Right.ASK_STUDIO),
    "task-metadata": Rung("/tasks/{task}/metadata/", see=None, do=Right.ASK_STUDIO),
    "failures": Rung("/failures/", stranger=200),
    "failures-list": Rung("/failures/list/", stranger=200),
    "failure": Rung("/failures/{group}/"),
    "failure-evidence": Rung("/failures/{group}/evidence/"),
    "failure-live": Rung("/failures/{group}/live/"),
    "failure-shared": Rung("/failures/{group}/shared/"),
    "failure-resolve": Rung("/failures/{group}/resolve/", see=None, do=Right.TRIAGE),
    "failure-ignore": Rung("/failures/{group}/ignore/", see=None, do=Right.TRIAGE),
    "failure-reopen": Rung("/failures/{group}/reopen/", see=None, do=Right.TRIAGE),
    "failure-assign": Rung("/failures/{group}/assign/", see=None, do=Right.TRIAGE),
    "failure-merge": Rung("/failures/{group}/merge/", see=None, do=Right.TRIAGE),
    "failure-unmerge": Rung("/failures/{group}/unmerge/", see=None, do=Right.TRIAGE),
    "failure-notes": Rung("/failures/{group}/notes/", see=None, do=Right.TRIAGE),
    "views": Rung("/views/", do=Right.KEEP_PRIVATE_VIEWS, stranger=200),
    "view-rename": Rung("/views/{view}/rename/", see=None, do=Right.KEEP_TEAM_VIEWS),
    "view-delete": Rung("/views/{view}/delete/", see=None, do=Right.KEEP_TEAM_VIEWS),
    "display": Rung("/display/", see=None, do=Right.SEE),
    "retries": Rung("/retries/", do=Right.RETRY, stranger=200),
    "retry-new": Rung("/retries/new/?ids={task}", see=Right.RETRY, stranger=200),
    "retry-batch": Rung("/retries/{batch}/"),
    "retry-live": Rung("/retries/{batch}/live/"),
    "retry-stop": Rung("/retries/{batch}/stop/", see=None, do=Right.RETRY),
    "audit": Rung("/audit/?team={team}", see=Right.READ_AUDIT),
    "audit-csv": Rung("/audit.csv?team={team}", see=Right.READ_AUDIT),
    "gateways": Rung("/teams/{team}/gateways/", do=Right.SET_GATEWAYS),
    "numbers": Rung("/numbers/", stranger=200),
    "team": Rung("/team/?team={team}"),
    "team-new": Rung("/team/new/", do=Right.SEE, stranger=200),
    "team-settings": Rung("/team/settings/", see=None, do=Right.SET_RETENTION),
    "member-role": Rung("/team/members/{member}/role/", see=None, do=Right.MANAGE_MEMBERS),
    "member-remove": Rung(
        "/team/members/{member}/remove/", see=None, do=Right.MANAGE_MEMBERS, odd={("bob", "post"): 200}
    ),
    "member-reset": Rung("/team/members/{member}/reset/", see=None, do=Right.MANAGE_MEMBERS),
    "invitations": Rung("/team/invitations/?team={team}", see=Right.MANAGE_MEMBERS, do=Right.MANAGE_MEMBERS),
    "invitation-revoke": Rung("/team/invitations/{invitation}/revoke/", see=None, do=Right.MANAGE_MEMBERS),
    "accounts": Rung("/accounts/", stranger=200),
    "accounts-list": Rung("/accounts/list/", stranger=200),
    "account-new": Rung("/accounts/new/", see=Right.MANAGE_ACCOUNTS, do=Right.MANAGE_ACCOUNTS, stranger=200),
    "account": Rung("/accounts/{account}/", do=Right.MANAGE_ACCOUNTS),
    "account-live": Rung("/accounts/{account}/live/"),
    "account-test": Rung("/accounts/{account}/test/", see=None, do=Right.MANAGE_KEYS),
    "account-key": Rung("/accounts/{account}/key/", see=Right.MANAGE_KEYS, do=Right.MANAGE_KEYS),
    "account-key-back": Rung("/accounts/{account}/key/back/", see=None, do=Right.MANAGE_KEYS),
    "account-key-forget": Rung("/accounts/{account}/key/forget/", see=None, do=Right.MANAGE_KEYS),
    "account-pause": Rung("/accounts/{account}/pause/", see=None, do=Right.MANAGE_ACCOUNTS),
    "account-delete": Rung("/accounts/{account}/delete/", see=Right.MANAGE_ACCOUNTS, do=Right.MANAGE_ACCOUNTS),
    "tokens": Rung("/tokens/", do=Right.HAVE_TOKENS, stranger=200),
    "token-revoke": Rung(
        "/tokens/{token}/revoke/",
        see=None,
        do=Right.MANAGE_MEMBERS,
        odd={("bob", "post"): 200, ("sam", "post"): 404},  # it is Bob's own, and Sam does not know of it
    ),
}
BY_TOKEN = {"api-tasks", "api-task", "api-nothing"}
"""Opened by a token alone; a session counts for nothing. tests/api walks them."""
OPEN_TO_ALL = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "favicon",
    "join",
    "setup",
    "theme",
    "readyz",
}
PERSONAL = {
    "account_reauthenticate",
    "account_change_password",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "usersessions_list",
    "mfa_index",
    "profile",
}
"""Pages on which a person meets nothing but their own sign-in. test_profile.py and test_second_factor.py walk them."""
WITHIN_FORMS = {Right.INSIST}
"""Rights that a field of a form asks for."""
