"""The one clock: UTC now, and the property's local day. No door can set it; only the demo and tests stand elsewhere.

Here too is what makes a moment or a day that somebody tells us one that can be stored and reckoned with.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from .texts import malformed

# Python's calendar ends a year before and after what it can convert; nobody's stay or rule comes near these.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

_standing_at = ContextVar("standing_at", default=None)


def now():
    """The present moment, aware, in UTC: by default the server's."""
    return _standing_at.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment):
    """Inside the block the present is ``moment`` (aware). For `demo` and tests: history is made by living it."""
    token = _standing_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing_at.reset(token)


def local_day(moment, timezone):
    """The calendar day of ``moment`` in the IANA zone named ``timezone``."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def day_bounds(day, timezone):
    """The UTC moments at which the local ``day`` begins and the next one begins: 23, 24 or 25 hours apart."""
    zone = ZoneInfo(timezone)
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    return begins, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def as_utc(value, field):
    """``value`` in UTC. ValidationError ({field: ...}, ``invalid``) unless it is an aware datetime from 1900 to 2200."""
    if not isinstance(value, datetime):
        raise malformed(field, _("A date and time, such as 2026-11-21T07:30:00Z."))
    if value.utcoffset() is None:
        raise malformed(field, _("Say the time zone too, as in 2026-11-21T07:30:00Z."))
    _refuse_far_years(value, field)
    return value.astimezone(UTC)


def as_day(value, field):
    """``value``. ValidationError ({field: ...}, ``invalid``) unless it is a date, not a datetime, from 1900 to 2200."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise malformed(field, _("A date, such as 2026-11-21."))
    _refuse_far_years(value, field)
    return value


def _refuse_far_years(value, field):
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise malformed(field, _("A year from %(first)s to %(last)s."), first=str(_FIRST_YEAR), last=str(_LAST_YEAR))
