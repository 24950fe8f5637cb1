"""What a token may be used for: each door says its area, reading it takes ``<area>:read``, writing ``<area>:write``.

A person in the browser has all that their role allows; a token has no more than the scopes it was given. Scopes only
narrow: what a person may do is asked again by each service.
"""

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission

from empower.problems import Problem

#: For a door that any token opens.
ANY = "any"


class HasScope(BasePermission):
    """Asks the view for its ``area``. A view that forgot to say one lets no token in."""

    def has_permission(self, request, view):
        scopes = getattr(request.auth, "scopes", None)
        area = getattr(view, "area", None)
        if scopes is None or area == ANY:
            return True
        if request.method not in SAFE_METHODS and getattr(view, "action", "") is None:
            return True  # the method is not there at all: 405 says so
        wanted = f"{area}:{'read' if request.method in SAFE_METHODS else 'write'}"
        if wanted not in scopes:
            raise Problem(
                403,
                "scope_missing",
                _("This token may not: it needs the scope %(scope)s.") % {"scope": wanted},
                state={"scope": wanted},
                # RFC 6750, section 3.1: which scope would do.
                headers={"WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{wanted}"'},
            )
        return True
