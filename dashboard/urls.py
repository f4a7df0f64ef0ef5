"""The table of contents: every URL of the site."""

from allauth.account import views as door
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path, re_path, register_converter

from dashboard.converters import UpstreamId
from dashboard.views import (
    account,
    account_acts,
    account_deleting,
    accounts,
    api,
    audit,
    board,
    display,
    export,
    gateways,
    health,
    invitations,
    join,
    profile,
    retries,
    saved_views,
    setup,
    shell,
    suggest,
    task,
    task_acts,
    task_bundle,
    task_compare,
    task_documents,
    task_find,
    task_ipfs,
    team,
    team_members,
    tokens,
)

register_converter(UpstreamId, "upstream_id")

urlpatterns = [
    # Tasks
    path("", board.page, name="board"),
    path("board/list/", board.list_region, name="board-list"),
    path("board/suggest/", suggest.options, name="board-suggest"),
    path("tasks/export.csv", export.as_csv, name="export-csv"),
    path("tasks/export.ndjson", export.as_ndjson, name="export-ndjson"),
    path("tasks/<upstream_id:upstream_id>.json", task_documents.raw, name="task-raw"),
    path("tasks/<upstream_id:upstream_id>/", task.page, name="task"),
    path("tasks/<upstream_id:upstream_id>/live/", task.live_region, name="task-live"),
    path("tasks/<upstream_id:upstream_id>/branch/", task_documents.branch, name="task-branch"),
    path("tasks/<upstream_id:upstream_id>/find/", task_find.page, name="task-find"),
    path("tasks/<upstream_id:upstream_id>/compare/", task_compare.page, name="task-compare"),
    path("tasks/<upstream_id:upstream_id>/bundle.md", task_bundle.page, name="task-bundle"),
    path("tasks/<upstream_id:upstream_id>/ask/", task_acts.ask, name="task-ask"),
    path("tasks/<upstream_id:upstream_id>/retry/", task_acts.retry, name="task-retry"),
    path("tasks/<upstream_id:upstream_id>/notes/", task_acts.notes, name="task-notes"),
    path("tasks/<upstream_id:upstream_id>/probe/", task_ipfs.probe, name="task-probe"),
    path("tasks/<upstream_id:upstream_id>/metadata/", task_ipfs.metadata, name="task-metadata"),
    # Views
    path("views/", saved_views.page, name="views"),
    path("views/<int:pk>/rename/", saved_views.rename, name="view-rename"),
    path("views/<int:pk>/delete/", saved_views.delete, name="view-delete"),
    path("display/", display.change, name="display"),
    # Retrying many tasks
    path("retries/", retries.page, name="retries"),
    path("retries/new/", retries.new, name="retry-new"),
    path("retries/<int:pk>/", retries.batch, name="retry-batch"),
    path("retries/<int:pk>/live/", retries.live_region, name="retry-live"),
    path("retries/<int:pk>/stop/", retries.stop, name="retry-stop"),
    # Accounts
    path("accounts/", accounts.page, name="accounts"),
    path("accounts/list/", accounts.list_region, name="accounts-list"),
    path("accounts/new/", accounts.new, name="account-new"),
    path("accounts/<int:pk>/", account.page, name="account"),
    path("accounts/<int:pk>/live/", account.live_region, name="account-live"),
    path("accounts/<int:pk>/test/", account_acts.test, name="account-test"),
    path("accounts/<int:pk>/key/", account_acts.key, name="account-key"),
    path("accounts/<int:pk>/key/back/", account_acts.key_back, name="account-key-back"),
    path("accounts/<int:pk>/key/forget/", account_acts.key_forget, name="account-key-forget"),
    path("accounts/<int:pk>/pause/", account_acts.rest, name="account-pause"),
    path("accounts/<int:pk>/delete/", account_deleting.page, name="account-delete"),
    path("teams/<int:pk>/gateways/", gateways.page, name="gateways"),
    # Teams
    path("team/", team.page, name="team"),
    path("team/new/", team.new, name="team-new"),
    path("team/settings/", team.change, name="team-settings"),
    path("team/members/<int:pk>/role/", team_members.role, name="member-role"),
    path("team/members/<int:pk>/remove/", team_members.remove, name="member-remove"),
    path("team/members/<int:pk>/reset/", team_members.reset, name="member-reset"),
    path("team/invitations/", invitations.page, name="invitations"),
    path("team/invitations/<int:pk>/revoke/", invitations.revoke, name="invitation-revoke"),
    path("join/<str:signed>/", join.page, name="join"),
    # Audit
    path("audit/", audit.page, name="audit"),
    path("audit.csv", audit.as_csv, name="audit-csv"),
    # People
    path("auth/login/", door.login, name="account_login"),
    path("auth/logout/", door.logout, name="account_logout"),
    path("auth/signup/", door.signup, name="account_signup"),
    path("auth/inactive/", door.account_inactive, name="account_inactive"),
    path("auth/confirm/", door.reauthenticate, name="account_reauthenticate"),
    path("auth/password/", door.password_change, name="account_change_password"),
    path("auth/password/reset/", profile.password_reset, name="account_reset_password"),
    path("auth/password/reset/done/", door.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^auth/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",  # the key has a hyphen too
        door.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("auth/password/new/", door.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("auth/", profile.index, name="mfa_index"),
    path("auth/factor/", factors.authenticate, name="mfa_authenticate"),
    path("auth/factor/confirm/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("auth/totp/", totp.activate_totp, name="mfa_activate_totp"),
    path("auth/totp/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("auth/recovery/", profile.unless_lost(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("auth/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "auth/recovery/codes.txt",
        profile.unless_lost(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("auth/sessions/", profile.sessions, name="usersessions_list"),
    path("profile/", profile.page, name="profile"),
    path("setup/<str:token>/", setup.page, name="setup"),
    path("theme/", shell.theme, name="theme"),
    path("favicon.ico", shell.favicon, name="favicon"),
    # Tokens, and scripts with one
    path("tokens/", tokens.page, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    re_path("^api/(?P<account_id>[0-9]{1,19})/task/?$", api.tasks, name="api-tasks"),
    re_path("^api/(?P<account_id>[0-9]{1,19})/task/(?P<upstream_id>[^/]+)/?$", api.task, name="api-task"),
    path("api/<path:rest>", api.nothing, name="api-nothing"),
    # Machines (`/healthz` is answered in middleware.py, before all else)
    path("readyz", health.ready, name="readyz"),
]
