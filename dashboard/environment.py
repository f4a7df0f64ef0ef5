"""Everything that the outside decides, read from environment variables, with safe defaults.

`Environment()` reads and checks them; a wrong value is one clear sentence, not a traceback later.
Secrets that are not given are generated once into DATA_DIR (mode 600), but only beside the embedded
SQLite: several machines on one PostgreSQL must share them, so there they have to be given.
"""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

HERE = Path(__file__).resolve().parent.parent
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
Words = Annotated[list[str], NoDecode]


class MissingSecret(Exception):
    """A secret is needed and was neither given nor may be generated."""


class WrongValue(SystemExit):
    """A variable holds what it cannot hold: the program ends with one sentence for each."""


class Environment(BaseSettings):
    """One field per environment variable; the description is what the README's table says."""

    model_config = SettingsConfigDict(case_sensitive=True, extra="ignore", env_ignore_empty=True)

    SECRET_KEY: str | None = Field(None, repr=False, description="Signs sessions and links.")
    VAULT_KEYS: Words = Field(
        [], repr=False, description="Comma-separated Fernet keys that seal API keys; the first seals, all open."
    )
    DATABASE_URL: str | None = Field(
        None, repr=False, description="`postgres://…`; without it an SQLite file in `DATA_DIR`."
    )
    DATA_DIR: Path = Field(HERE / "data", description="The SQLite file and, if not given, the generated secrets.")
    TASK_API_URL: str = Field(
        "https://livepeer.studio/api", description="Studio's API that new accounts use unless told otherwise."
    )
    PLAYER_URL: str = Field(
        "https://lvpr.tv/?v={playback_id}", description="Where a video's playback link leads; `off` for none."
    )
    BASE_URL: str | None = Field(
        None, description="Where people reach this dashboard, for links, cookies and allowed hosts."
    )
    ALLOWED_HOSTS: Words = Field([], description="More host names to answer to; loopback is always included.")
    CSRF_TRUSTED_ORIGINS: Words = Field([], description="More origins that forms may come from.")
    TRUSTED_PROXIES: int = Field(0, ge=0, description="How many reverse proxies stand in front.")
    KEEP_TASKS_DAYS: int = Field(0, ge=0, description="Forget ended tasks after so many days; 0 keeps them.")
    KEEP_AUDIT_DAYS: int = Field(730, ge=0, description="Forget audit entries after so many days; 0 keeps them.")
    EMAIL_HOST: str = Field("", description="The server that sends mail; without one, links are shown on pages only.")
    EMAIL_PORT: int = Field(587, ge=1, le=65535, description="Its port.")
    EMAIL_HOST_USER: str = Field("", description="Who signs in there.")
    EMAIL_HOST_PASSWORD: str = Field("", repr=False, description="And with what.")
    EMAIL_USE_TLS: bool = Field(True, description="Whether to speak STARTTLS with it.")
    EMAIL_FROM: str = Field("studio-tasks@localhost", description="Whom mail comes from.")
    DEBUG: bool = Field(False, description="Django's debug pages. Never in production.")
    ALLOW_PRIVATE_UPSTREAMS: bool = Field(
        False, description="Let an account's URL be http or private. For the sandbox and for tests."
    )

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            wrong = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in error.errors(include_input=False)]
            raise WrongValue("\n".join(wrong)) from None

    @field_validator("VAULT_KEYS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value

    @field_validator("VAULT_KEYS")
    @classmethod
    def are_fernet_keys(cls, keys: list[str]) -> list[str]:
        try:
            for key in keys:
                Fernet(key)
        except ValueError:
            raise ValueError("each must be 32 bytes in URL-safe base64, as Fernet.generate_key() makes them") from None
        return keys

    @field_validator("DATA_DIR")
    @classmethod
    def from_anywhere(cls, folder: Path) -> Path:
        return folder.absolute()

    @field_validator("TASK_API_URL", "BASE_URL")
    @classmethod
    def is_web_address(cls, url: str | None) -> str | None:
        if url and not (url.startswith(("http://", "https://")) and urlsplit(url).hostname):
            raise ValueError("must begin with http:// or https://")
        return url

    @field_validator("PLAYER_URL")
    @classmethod
    def is_player(cls, url: str) -> str:
        if url == "off":
            return ""
        if not url.startswith(("http://", "https://")) or "{playback_id}" not in url:
            raise ValueError("must begin with http:// or https:// and hold {playback_id}, or be off")
        return url

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded SQLite file."""
        return not self.DATABASE_URL or self.DATABASE_URL.startswith("sqlite")

    @property
    def database_url(self) -> str:
        return self.DATABASE_URL or f"sqlite:///{self._file()}"

    @property
    def secret_key(self) -> str:
        return self.SECRET_KEY or self._kept("SECRET_KEY", "secret_key", secrets.token_urlsafe(50))

    @property
    def vault_keys(self) -> list[str]:
        return self.VAULT_KEYS or [self._kept("VAULT_KEYS", "vault_key", Fernet.generate_key().decode())]

    @property
    def hosts(self) -> list[str]:
        named = urlsplit(self.BASE_URL).hostname if self.BASE_URL else None
        return [*LOOPBACK, *([named] if named else []), *self.ALLOWED_HOSTS]

    @property
    def origins(self) -> list[str]:
        named = urlsplit(self.BASE_URL) if self.BASE_URL else None
        return [*([f"{named.scheme}://{named.netloc}"] if named else []), *self.CSRF_TRUSTED_ORIGINS]

    @property
    def is_https(self) -> bool:
        return bool(self.BASE_URL and self.BASE_URL.startswith("https:"))

    def _file(self) -> Path:
        """The embedded database, for our eyes only: it holds sessions and what customers do."""
        path = self._folder() / "studio-tasks.sqlite3"
        path.touch(mode=0o600)
        return path

    def _folder(self) -> Path:
        self.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.DATA_DIR

    def _kept(self, variable: str, file_name: str, fresh: str) -> str:
        """The secret in DATA_DIR, written there first if this is the first start."""
        if not self.embedded:
            raise MissingSecret(f"With PostgreSQL {variable} must be given in the environment.")
        path = self._folder() / file_name
        if not path.exists():
            _write_once(path, fresh)
        return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Write the file whole or not at all: two first starts at once agree on one secret."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
