"""Static files with a hash in their name, which never changes while a process lives: it is looked up once."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptStaticFiles(CompressedManifestStaticFilesStorage):
    @lru_cache(maxsize=1000)  # noqa: B019  there is one storage, and it lives as long as the process
    def url(self, name: str, force: bool = False) -> str:
        return str(super().url(name, force))
