"""What a panel says beyond the first answer."""

from ..queries.panels import filled
from ..templatetags.figures import NOT_COMPARED, compared
from .asking import LEADS_TO, rows_behind


def panel_told(selection, name):
    """What `_told.html` says of the panel of this ``name``."""
    found, rows = filled(selection, name), rows_behind(selection)
    return {
        "name": name,
        "figures": [(one, rows.get(LEADS_TO.get(one.name), "")) for one in found.more],
        "before": found.before,
        "then": []
        if not found.before
        else [
            (one, compared(one, found.before.get((one.name, one.currency))))
            for one in found.main
            if one.name not in NOT_COMPARED
        ],
    }
