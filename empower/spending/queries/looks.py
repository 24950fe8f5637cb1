"""What somebody looked at, in words: the log keeps a code."""

import json

from django.utils.translation import gettext_lazy as _

#: By the code behind "filtered:", whichever door wrote it: a page, the desk or the API.
_FILTERED = {
    "spend": _("what you gave"),
    "approval": _("your requests"),
    "incident": _("incidents by your name"),
    "event": _("your lines of the log"),
    "audit-event": _("your lines of the log"),
    "employee": _("people, by your name"),
    "token": _("your tokens"),
    "journal-entry": _("the journal, by your name"),
    "balance": _("the journal's balances, by your name"),
    "guest": _("guests, by your name"),
    "thanks": _("your thanks"),
    "story": _("stories, by your name"),
    "improvement": _("improvements, by your name"),
}


def how_it_was(body):
    """``body`` of an ``employee.viewed``: "opened your record", or which list was filtered by the person."""
    how = (json.loads(body).get("facts") or {}).get("how", "")
    if not how.startswith("filtered:"):
        return _("opened your record")
    where = how.removeprefix("filtered:").removesuffix("-list").removesuffix("-export")
    # A list's name, or that of what is in it.
    for name in (where, where.removesuffix("s"), where.removesuffix("ies") + "y"):
        if name in _FILTERED:
            return _FILTERED[name]
    return _("a list, by your name")
