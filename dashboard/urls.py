"""The table of contents: every URL of the site."""

from allauth.account import views as door
from django.urls import path, register_converter

from dashboard.converters import UpstreamId
from dashboard.views import accounts, board, health, setup, shell, task

register_converter(UpstreamId, "upstream_id")

urlpatterns = [
    # Tasks
    path("", board.page, name="board"),
    path("board/list/", board.list_region, name="board-list"),
    path("tasks/<upstream_id:upstream_id>.json", task.raw, name="task-raw"),
    path("tasks/<upstream_id:upstream_id>/", task.page, name="task"),
    path("tasks/<upstream_id:upstream_id>/live/", task.live_region, name="task-live"),
    path("tasks/<upstream_id:upstream_id>/branch/", task.branch, name="task-branch"),
    path("tasks/<upstream_id:upstream_id>/ask/", task.ask, name="task-ask"),
    # Accounts
    path("accounts/", accounts.page, name="accounts"),
    path("accounts/list/", accounts.list_region, name="accounts-list"),
    path("accounts/new/", accounts.new, name="account-new"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/test/", accounts.test, name="account-test"),
    # People
    path("auth/login/", door.login, name="account_login"),
    path("auth/logout/", door.logout, name="account_logout"),
    path("auth/signup/", door.signup, name="account_signup"),
    path("auth/inactive/", door.account_inactive, name="account_inactive"),
    path("setup/<str:token>/", setup.page, name="setup"),
    path("theme/", shell.theme, name="theme"),
    path("favicon.ico", shell.favicon, name="favicon"),
    # Machines (`/healthz` is answered in middleware.py, before all else)
    path("readyz", health.ready, name="readyz"),
]
