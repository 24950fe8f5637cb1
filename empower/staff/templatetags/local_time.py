"""Moments as people at a property read them: in its time zone, said as they would say it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from empower import clock
from empower.dates import written

register = template.Library()


def _at(moment, property):
    """``moment`` in the zone of ``property``: a Property, the name of a zone, or None for UTC."""
    return moment.astimezone(ZoneInfo(getattr(property, "timezone", property) or "UTC"))


@register.filter
def clock_time(moment, property):
    """``15:42``, in the property's zone; nothing for no moment."""
    return f"{_at(moment, property):%H:%M}" if moment else ""


@register.filter
def day(moment, property):
    """Today, Yesterday, ``18 Nov``, or with its year when that is another one."""
    if not moment:
        return ""
    there, today = _at(moment, property).date(), _at(clock.now(), property).date()
    if there == today:
        return _("Today")
    if there == today - timedelta(days=1):
        return _("Yesterday")
    if there == today + timedelta(days=1):
        return _("Tomorrow")
    return written(there, "18 Nov" if there.year == today.year else "18 Nov 2026")


@register.filter
def when(moment, property):
    """Within a sentence: ``15:42`` for today, ``tomorrow, 09:00``, else the date and the time."""
    if not moment:
        return ""
    time = clock_time(moment, property)
    days = (_at(moment, property).date() - _at(clock.now(), property).date()).days
    if days == 0:
        return time
    if days == 1:
        return _("tomorrow, %(time)s") % {"time": time}
    if days == -1:
        return _("yesterday, %(time)s") % {"time": time}
    return _("%(day)s, %(time)s") % {"day": day(moment, property), "time": time}


@register.filter
def day_said(day):
    """A calendar day in full: ``Saturday 21 November``, with its year when that is another one."""
    return written(day, "Saturday 18 November" if day.year == clock.now().year else "Saturday 18 November 2026")


@register.filter
def day_near(day, other):
    """A calendar day beside another one, short: ``today`` if they are the same, ``Mon`` within a week, ``18 Dec``."""
    if not day:
        return ""
    ahead = (day - other).days
    if ahead == 0:
        return _("today")
    return written(day, "Sat" if 0 < ahead < 7 else "18 Nov")


@register.filter
def machine_time(moment):
    """For the ``datetime`` attribute: RFC 3339 in UTC."""
    return f"{_at(moment, None):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


@register.filter
def lasting(begin, end=None):
    """How long from ``begin`` to ``end`` (now): ``under a minute``, ``11 min``, ``3 h 20 min``, ``2 days``."""
    return _duration((end or clock.now()) - begin) if begin else ""


@register.filter
def until(moment):
    """How long it is from now to ``moment``; nothing when that is over."""
    left = moment - clock.now() if moment else timedelta()
    return _duration(left) if left > timedelta() else ""


def _duration(span):
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return _("under a minute")
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return (
            _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
            if minutes
            else _("%(hours)s h") % {"hours": hours}
        )
    days = hours // 24
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@register.simple_tag
def today_at(property, like="Saturday 18 November"):
    """The present day at the property: ``Saturday 21 November``."""
    return written(_at(clock.now(), property), like)


@register.simple_tag
def greeting(property):
    """Good morning, afternoon or evening, by the property's clock."""
    hour = _at(clock.now(), property).hour
    if 4 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")
