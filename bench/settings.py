"""The product's settings, with the bench's few URLs beside its own and static files in the throw-away folder."""

from dashboard.settings import *  # noqa: F403
from dashboard.settings import DATA_DIR

ROOT_URLCONF = "bench.urls"
STATIC_ROOT = DATA_DIR / "static"
API_CALLS_A_MINUTE = 10_000_000
