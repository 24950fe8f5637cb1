"""drf-spectacular's settings: what the schema says of itself, and which of our modules make it."""

_ABOUT = """
What every employee may give a guest, at once, without asking; what had to be asked; what it cost and what it resolved.

Send `Authorization: Bearer <token>`. Bodies are JSON. An `id` is a string; an amount is a decimal string with all
decimals of its currency; a time is RFC 3339, in UTC on the way out. Every error is a problem document (RFC 9457) that
names the field. A write takes an `Idempotency-Key`, and one that moves money or decides needs it: the same request sent
again has one effect and the same answer. A list has pages (`next`, `previous`, `results`), and an unknown filter is an
error.
"""

SPECTACULAR_SETTINGS = {
    "TITLE": "Empower",
    "DESCRIPTION": _ABOUT.strip(),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    # As a person would come by them.
    "TAGS": [
        {"name": name}
        for name in (
            "You",
            "Incidents",
            "Guests",
            "Spends",
            "Approvals",
            "Reports",
            "Policy trials",
            "Recognition",
            "Books",
            "Rules and budgets",
            "Catalogue",
            "Places and people",
            "Audit",
            "Webhooks",
        )
    ],
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "CONTACT": {},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "list", "persistAuthorization": False},
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["ledger.schema.finishing.finish"],
    "EXTENSIONS_INFO": {},
}
