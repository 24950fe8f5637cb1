"""How often one may ask. A limit and no proof: the counts are kept in the cache, and a race may let one more through.

============================== ======== =========================================================================
whose requests                 a minute why this many
============================== ======== =========================================================================
a token's                      1,200    every token is promised 1,000
a person's, in the browser     1,200    the same: a page asks a few times a tap
an address's, unsigned         6,000    a whole house behind one address: 300 people at work, a request every 3 s each
an address's, with a bad token 300      nobody mistypes five secrets a second; a scanner does
============================== ======== =========================================================================

What a living token signs is counted for the token alone, never for its address: a dozen systems behind one address
each have what they were promised, and an address that guesses turns none of them away.
"""

from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from empower import clock

A_MINUTE = 60
#: Above the 1,000 a minute that every token is promised.
A_TOKENS_REQUESTS = 1_200
#: Requests of one address that no token signs: the browser's, and strangers'.
AN_ADDRESS_UNSIGNED = 6_000
#: Requests of one address that name no living token.
AN_ADDRESS_FAILURES = 300


class RequestsOfAToken(BaseThrottle):
    """So many requests in a minute for each token, or each person in a browser; then 429 with Retry-After.

    Every answer says how many are left, in the fields of the IETF's draft (draft-ietf-httpapi-ratelimit-headers):
    ``RateLimit-Policy: "token";q=1200;w=60`` and ``RateLimit: "token";r=1199;t=60``.
    """

    seconds = None

    def allow_request(self, request, view):
        token = getattr(request.auth, "pk", None)
        if not token and not (request.user and request.user.pk):
            return True
        kind, whose = ("token", token) if token else ("person", request.user.pk)
        left, ends_in = count(f"api-{kind}-{whose}", A_TOKENS_REQUESTS)
        self.seconds = ends_in if left is None else None
        # The view's own headers go with whatever it answers, a refusal too.
        view.headers["RateLimit-Policy"] = f'"{kind}";q={A_TOKENS_REQUESTS};w={A_MINUTE}'
        view.headers["RateLimit"] = f'"{kind}";r={left or 0};t={ends_in}'
        return left is not None

    def wait(self):
        return self.seconds


def failures_of_an_address(request):
    """Counts a request that could not say who it is; seconds to wait where its address has had too many, else None."""
    return _seconds_to_wait(f"api-failures-{address_of(request)}", AN_ADDRESS_FAILURES)


def unsigned_of_an_address(request):
    """Counts a request that no token signs; seconds to wait where its address has had too many, else None."""
    return _seconds_to_wait(f"api-unsigned-{address_of(request)}", AN_ADDRESS_UNSIGNED)


def address_of(request):
    """Whose address a request is counted for: an IPv6 one by its /64, of which one line has all.

    The caller's own, unless BEHIND_PROXY says how many proxies stand before us: then what the outermost of them wrote
    into X-Forwarded-For. What a caller writes there is never believed.
    """
    said = BaseThrottle().get_ident(request) or "nowhere"
    try:
        address = ip_address(said.strip().split("%")[0])
    except ValueError:
        return said[:100]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)


def count(key, most):
    """Counts one under ``key``: (how many are left, seconds until the minute ends); left is None where it is too many.

    A whole window, one small row a key: a list of 1,200 moments, read and written with every request, would cost more
    than most answers do. A read and a write; a read alone of what is refused.
    """
    now = clock.now().timestamp()
    began, counted = cache.get(key) or (now, 0)
    if now - began >= A_MINUTE or now < began:
        began, counted = now, 0
    ends_in = max(1, ceil(began + A_MINUTE - now))
    if counted >= most:
        return None, ends_in
    cache.set(key, (began, counted + 1), timeout=2 * A_MINUTE)
    return most - counted - 1, ends_in


def _seconds_to_wait(key, most):
    left, ends_in = count(key, most)
    return ends_in if left is None else None
