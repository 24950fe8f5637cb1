"""How the house says no, in words that name the field and what would be right.

Three kinds, and each door translates them the same way:

* malformed input is Django's own ``ValidationError`` with a dict of fields: 400, not recorded;
* ``NotPermitted``: this person may not: 403, recorded as a refused event;
* ``NotPossible``: not in this state, or not within this limit: 409, recorded as a refused event.
"""


class Refused(Exception):
    """A command that was understood and turned down. Rolls its transaction back and is recorded.

    ``code`` is stable and machine-readable (``own_spend``), ``message`` is a sentence for the person,
    ``field`` the input it speaks of or None, ``state`` a JSON-able dict of how things stand now (ids and integers).
    """

    status = 409

    def __init__(self, code, message, *, field=None, state=None):
        super().__init__(message)
        self.code, self.message, self.field, self.state = code, message, field, state or {}


class NotPermitted(Refused):
    """This person may not do this, whatever the state."""

    status = 403


class NotPossible(Refused):
    """It can't be done as things stand: wrong state, a stale version, or above what is left."""
