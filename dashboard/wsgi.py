"""What the web server loads."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
OF_A_REQUEST = {"CONTENT_LENGTH", "CONTENT_TYPE", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "SCRIPT_NAME"}
OF_A_REQUEST |= {"REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"}

OUR_API = "/api/"
LOGINS = ("HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION")
"""Only our API reads them. Elsewhere they are a login for a proxy before us."""


def without_environment(application: Application) -> Application:
    """Servers put the environment of the process, with our secrets, among what a request tells. A form that waits
    until somebody has said that it is them is kept in the database with all of that."""
    ours = frozenset(os.environ) - OF_A_REQUEST

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        of_no_use = () if environ.get("PATH_INFO", "").startswith(OUR_API) else LOGINS
        for name in (*ours, *of_no_use):
            environ.pop(name, None)
        return application(environ, start_response)

    return answer


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

application = without_environment(get_wsgi_application())
