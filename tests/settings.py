"""Settings for tests: the product's own, without what would slow or leak."""

import os
import tempfile

if "PYTEST_XDIST_WORKER" in os.environ or "DATA_DIR" not in os.environ:  # workers share nothing
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="studio-tasks-")
os.environ["ALLOW_PRIVATE_UPSTREAMS"] = "1"

from dashboard.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
