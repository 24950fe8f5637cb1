"""How often one may ask. A limit and no proof: the counts are kept in the cache, and a race may let one more through."""

import time

from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

A_MINUTE = 60
#: Above the 1,000 a minute that every token is promised.
A_TOKENS_REQUESTS = 1_200
#: Requests of one address that name no living token, in a minute.
AN_ADDRESS_FAILURES = 300


class RequestsOfAToken(BaseThrottle):
    """So many requests in a minute for each token, or each person in a browser; then 429 with Retry-After."""

    left = None

    def allow_request(self, request, view):
        who = getattr(request.auth, "pk", None)
        whose = f"token-{who}" if who else f"person-{request.user.pk}" if request.user and request.user.pk else None
        if whose is None:
            return True
        self.left = seconds_to_wait(f"api-{whose}", A_TOKENS_REQUESTS)
        return self.left is None

    def wait(self):
        return self.left


def failures_of_an_address(request):
    """Counts a request that could not say who it is; seconds to wait where its address has had too many, else None."""
    return seconds_to_wait(f"api-failures-{BaseThrottle().get_ident(request)}"[:200], AN_ADDRESS_FAILURES)


def seconds_to_wait(key, most):
    """Counts one under ``key``; None up to ``most`` in this minute, then the seconds until the next begins.

    A whole window, one small row a key: a list of 1,200 moments, read and written with every request, would cost more
    than most answers do.
    """
    now = time.time()
    began, count = cache.get(key) or (now, 0)
    if now - began >= A_MINUTE or now < began:
        began, count = now, 0
    if count >= most:
        return max(1, round(began + A_MINUTE - now))
    cache.set(key, (began, count + 1), timeout=2 * A_MINUTE)
    return None
