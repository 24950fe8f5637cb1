"""Where a library's own pages need a looser content security policy; everywhere else the strict one of the settings
holds.
"""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

ADMIN = "/admin/"

# django-unfold drives its pages with Alpine.js (eval) and writes its theme colours into a style element.
ADMIN_DIRECTIVES = {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
}

API_DOCS = "/api/docs/"

# Swagger's page writes styles and draws small pictures inline; its scripts are files of ours.
API_DOCS_DIRECTIVES = {"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}


def looser_where_needed(get_response):
    """Middleware, to be placed after (inside) django-csp's, which writes the header."""

    def middleware(request):
        response = get_response(request)
        if request.path_info.startswith(ADMIN):
            response._csp_replace = ADMIN_DIRECTIVES
        elif request.path_info == API_DOCS:
            response._csp_replace = API_DOCS_DIRECTIVES
        return response

    return middleware
