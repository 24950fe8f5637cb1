"""Who is asking: a bearer token, or the browser's session with its CSRF token."""

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header

from empower.throttling import failures_of_an_address, unsigned_of_an_address

from .services import find_token


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer <token>``: the token's person, and the token as ``request.auth``. One query.

    Asked first, so that a 401 says which way in there is. A header that names no living token is refused even beside
    a good session; an address that guesses too often gets 429 instead, and never one whose token is good. What carries
    no header is counted for its address, whether a session signs it or nobody.
    """

    def authenticate(self, request):
        header = get_authorization_header(request)
        if not header:
            self._refuse_too_many(unsigned_of_an_address(request))
            return None
        kind, _space, secret = header.partition(b" ")
        if kind.lower() != b"bearer":
            raise self._failure(request, _("Sign the request as Authorization: Bearer <token>."))
        try:
            token = find_token(secret=secret.strip().decode("ascii"))
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise self._failure(request, _("This token is not known, or it has ended."))
        return token.employee, token

    def authenticate_header(self, request):
        """RFC 6750, section 3: why a token was refused; no reason where there was none to refuse."""
        said = get_authorization_header(request).partition(b" ")[0].lower()
        if said != b"bearer":
            return 'Bearer realm="api"'
        return 'Bearer realm="api", error="invalid_token", error_description="It is not known, or it has ended."'

    def _failure(self, request, message):
        self._refuse_too_many(failures_of_an_address(request))
        return exceptions.AuthenticationFailed(message)

    @staticmethod
    def _refuse_too_many(wait):
        if wait is not None:
            raise exceptions.Throttled(wait=wait)


class BrowserSession(SessionAuthentication):
    """Who is signed in on the pages. A write needs the CSRF token, as a form does."""
