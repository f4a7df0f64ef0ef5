"""Large pages of many equal rows, compressed with the least effort: still a tenth of the size."""

import gzip
import secrets
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

EFFORT = 1
MOST_PADDING = 100  # as Django's own: the length of a page that holds a token betrays nothing about it


def squeezed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response compressed, if the browser takes that; the middleware leaves it as it is then."""
    if "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        return response
    packed = BytesIO()
    padding = "a" * secrets.randbelow(MOST_PADDING)
    with gzip.GzipFile(filename=padding, mode="wb", compresslevel=EFFORT, fileobj=packed, mtime=0) as stream:
        stream.write(response.content)
    response.content = packed.getvalue()
    response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def told_packed(request: HttpRequest, body: bytes) -> HttpResponse:
    """The packed bytes as they are for a browser that takes gzip. They hold no token that compression could betray."""
    if "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        return HttpResponse(gzip.decompress(body))
    response = HttpResponse(body)
    response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
