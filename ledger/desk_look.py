"""How the review desk looks in django-unfold: its scale of shades in the colours of the house (static/look.css)."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

#: Green to act with, ledger paper round it; in the dark the greens are the light ones.
UNFOLD = {
    "SITE_TITLE": _("Empower"),
    "SITE_HEADER": _("Empower"),
    "SITE_ICON": lambda request: static("mark.svg"),
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "7px",
    "COLORS": {
        "base": {
            "50": "#f3f6f1", "100": "#e5ebe3", "200": "#d0d9d0", "300": "#b4c0b7", "400": "#8b9a91", "500": "#5f6e66",
            "600": "#49574f", "700": "#36423b", "800": "#2a3630", "900": "#161d1a", "950": "#0e1412",
        },
        "primary": {
            "50": "#edf5f0", "100": "#dbeae0", "200": "#b9d8c6", "300": "#8bd3b1", "400": "#79c4a1", "500": "#6cbb97",
            "600": "#12543d", "700": "#0e4632", "800": "#0b3827", "900": "#082b1e", "950": "#051c13",
        },
        "font": {
            "subtle-light": "#49574f", "subtle-dark": "#a9b7af",
            "default-light": "#36423b", "default-dark": "#d3dcd6",
            "important-light": "#17211c", "important-dark": "#e8eee9",
        },
    },
}  # fmt: skip
