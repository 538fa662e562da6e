"""Absolute addresses of our own pages."""

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest

SAFE = "/:%?=&+@,;~!$'()*"


def base_url(request: HttpRequest) -> str:
    """Where this server is: as the operator says, or as the caller reached it when nobody has said."""
    if settings.PASSERBY.has_base_url:
        return str(settings.PASSERBY.base_url)
    return f"{request.scheme}://{request.get_host()}"


def absolute(request: HttpRequest, path: str) -> str:
    """`path` as a whole address."""
    return base_url(request) + quote(path, safe=SAFE)
