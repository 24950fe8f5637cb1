"""gunicorn's worker: what the server turns down before Django sees it is told as every other error, and logged without
what was sent, since an address can hold a guest's name.

``gunicorn ledger.wsgi --worker-class ledger.serving.Worker``
"""

import gc
import json

from django.urls import get_resolver
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

#: (what can't be read, its status, reason, the kind and the code of the problem, a sentence); the first that fits.
_UNREADABLE = (
    (errors.LimitRequestLine, 414, "URI Too Long", "uri-too-long", "The address is too long: 8190 bytes at most."),
    (
        errors.LimitRequestHeaders, 431, "Request Header Fields Too Large", "headers-too-large",
        "The headers are too many, or one is too long: 8190 bytes at most.",
    ),
    (errors.ExpectationFailed, 417, "Expectation Failed", "invalid-input", "Expect takes 100-continue alone."),
    (errors.UnsupportedTransferCoding, 501, "Not Implemented", "invalid-input", "Send the body as it is, or in chunks."),
    (errors.ParseException, 400, "Bad Request", "invalid-input", "This is no HTTP request: see RFC 9112."),
)  # fmt: skip


def settle_in():
    """Loads what requests need, and has the collector of garbage leave it alone and come less often.

    Else it goes through some hundred thousand objects time and again, to find that none of them is garbage.
    """
    get_resolver().url_patterns  # noqa: B018  # imports every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class Worker(ThreadWorker):
    """Threads, and problem documents (RFC 9457) for requests that can't be read."""

    def load_wsgi(self):
        super().load_wsgi()
        settle_in()

    def handle_error(self, req, client, addr, exc):
        ours = isinstance(
            exc, (errors.ConfigurationProblem, errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)
        )
        found = None if ours else next((row for row in _UNREADABLE if isinstance(exc, row[0])), None)
        if found is None:
            super().handle_error(req, client, addr, exc)
            return
        _kind, status, reason, kind, detail = found
        self.log.warning("A request that can't be read: %s", type(exc).__name__)
        body = json.dumps(
            {
                "type": f"/problems/{kind}",
                "title": reason,
                "status": status,
                "detail": detail,
                "code": kind.replace("-", "_"),
                "errors": [],
            }
        ).encode()
        head = (
            f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
            f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode() + body)
        except OSError:
            self.log.debug("Whoever sent it did not wait for the answer.")
