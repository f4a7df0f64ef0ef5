"""How ids of Studio stand in our URLs. Studio checks no id (observed on the real server), so anything may be in one."""

from urllib.parse import quote, unquote


class UpstreamId:
    """Escaped once more than usual, so that a slash or a percent sign in an id survives the web server."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return unquote(value)

    def to_url(self, value: str) -> str:
        return quote(value, safe="")
