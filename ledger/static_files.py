"""Static files where nobody collects them (`make run`, the tests): kept by browsers as well as in production.

`collectstatic` names a file by what is in it and lays a compressed one beside it, so that a phone fetches it once, small,
and never asks again. This does the same on the fly, from the files as they lie: a phone that asks for eight files anew with
every page loses half a second each time, and whoever tries the product would measure that.
"""

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.middleware.gzip import GZipMiddleware

_PLACES = {}
_NAMED = re.compile(r"(?P<stem>.+)\.(?P<hash>[0-9a-f]{12})(?P<end>\.[^./]+)")
_WORDS = ("text/", "application/javascript", "application/json", "image/svg+xml")


class NamedByContent(StaticFilesStorage):
    """Addresses as the collected ones are: ``look.css`` is ``/static/look.0f1e2d3c4b5a.css``, until it changes."""

    def url(self, name):
        path = _PLACES.get(name)
        if not path or not path.is_file():
            found = finders.find(name) if name else None
            if not found or not (path := Path(found)).is_file():
                return super().url(name)
            _PLACES[name] = path  # a page names dozens, and each is looked for in every app
        end = path.suffix
        return super().url(f"{name.removesuffix(end)}.{_hash_of(path)}{end}")


class FindByContent(finders.BaseFinder):
    """The way back; an address of a file that has changed since leads nowhere. Lists nothing: there is nothing to collect."""

    def find(self, path, find_all=False, **kwargs):
        named = _NAMED.fullmatch(path)
        found = named and finders.find(named["stem"] + named["end"])
        is_it = found and Path(found).is_file() and _hash_of(Path(found)) == named["hash"]
        return ([found] if find_all else found) if is_it else []

    def list(self, ignore_patterns):
        return []

    def check(self, **kwargs):
        return []


class CompressedFiles(GZipMiddleware):
    """Outside WhiteNoise, which compresses nothing itself; what was compressed when it was collected goes as it is."""

    def process_response(self, request, response):
        is_ours = (
            request.method == "GET"
            and request.path_info.startswith(settings.STATIC_URL)
            and response.status_code == 200
        )
        if is_ours and response.get("Content-Type", "").startswith(_WORDS):
            return super().process_response(request, response)
        return response


def _hash_of(path):
    now = path.stat()
    return _hash_as_of(path, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=2000)
def _hash_as_of(path, _changed_at, _size):
    return sha256(path.read_bytes()).hexdigest()[:12]
