"""Django's settings. What the outside may decide is in environment.py."""

from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from dashboard.environment import HERE, Environment, MissingSecret
from dashboard.static_headers import guard

environment = Environment()
try:
    SECRET_KEY = environment.secret_key
    VAULT_KEYS = environment.vault_keys
except MissingSecret as missing:
    raise SystemExit(str(missing)) from None  # one sentence instead of a traceback

DEBUG = environment.DEBUG
ALLOWED_HOSTS = environment.hosts
CSRF_TRUSTED_ORIGINS = environment.origins
TASK_API_URL = environment.TASK_API_URL
PLAYER_URL = environment.PLAYER_URL
BASE_URL = environment.BASE_URL
ALLOW_PRIVATE_UPSTREAMS = environment.ALLOW_PRIVATE_UPSTREAMS
KEEP_TASKS_DAYS = environment.KEEP_TASKS_DAYS
KEEP_AUDIT_DAYS = environment.KEEP_AUDIT_DAYS
EMAIL_HOST, EMAIL_PORT = environment.EMAIL_HOST, environment.EMAIL_PORT
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = environment.EMAIL_HOST_USER, environment.EMAIL_HOST_PASSWORD
EMAIL_USE_TLS, EMAIL_TIMEOUT = environment.EMAIL_USE_TLS, 10
DEFAULT_FROM_EMAIL = environment.EMAIL_FROM
DATA_DIR = environment.DATA_DIR
API_CALLS_A_MINUTE = 300  # of one token, in each process

INSTALLED_APPS = [
    "dashboard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "dashboard.middleware.answer_health",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # before what protects pages, see static_headers
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dashboard.middleware.KnownPolicy",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.middleware.store_nothing",
    "dashboard.middleware.explain_refused_link",
    "dashboard.middleware.RetryLocked",
]

ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "dashboard.views.shell.shell",
            ],
        },
    }
]

# SQLite: one connection per thread for as long as it lives, writers queue instead of failing half-way.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
}
_database: Any = dj_database_url.parse(environment.database_url, conn_max_age=None, conn_health_checks=True)
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), **SQLITE}
    _database["CONN_HEALTH_CHECKS"] = False
DATABASES = {"default": _database}

# The limits on sign-in attempts are counted here, so all workers must see one count.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so that many addresses do not push each other's limits out
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.is_https
SECURE_HSTS_SECONDS = 31_536_000 if environment.is_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.TRUSTED_PROXIES else None
CSRF_FAILURE_VIEW = "dashboard.views.errors.csrf_failed"
DEFAULT_EXCEPTION_REPORTER_FILTER = "dashboard.debug_page.Discreet"
X_FRAME_OPTIONS = "DENY"

AUTH_USER_MODEL = "dashboard.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "board"
ACCOUNT_ADAPTER = "dashboard.adapter.ClosedDoor"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "change_password": "5/m/user,20/h/user",
    "invite": "20/10m/user,40/10m/ip,5/10m/key",  # where invitations are mailed; the key is the e-mail
}
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "dashboard.adapter.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Studio Tasks"
MFA_TOTP_TOLERANCE = 1  # one step of 30 s on either side: telephones are never quite on time
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no e-mail is verified here: people are invited
USERSESSIONS_ADAPTER = "dashboard.adapter.NotedSessions"
ALLAUTH_TRUSTED_PROXY_COUNT = environment.TRUSTED_PROXIES

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = HERE / "staticfiles"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "dashboard.static_files.KeptStaticFiles"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = guard

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},  # without one, Python prints warnings itself
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},  # anybody can fill it
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
