"""Pages go compressed: a phone in a corridor has a thin line, and not every house has a proxy that does it."""

from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Django's own, with its random padding against BREACH, for pages alone.

    In the API it would make every ETag a weak one, which If-Match may not take (RFC 9110, 13.1.1), and the static files
    are compressed when they are collected.
    """

    def process_response(self, request, response):
        if response.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        return response
