"""The one clock: UTC now, and the property's local day. No door can set it; only the demo and tests stand elsewhere."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
