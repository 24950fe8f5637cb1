"""The week on a Monday morning: last week's main figures beside those of the week before, by mail, for who asked for it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower import clock
from empower.notices.models import Mail, MailWish
from empower.notices.services import Letter, MailKind, mail_leaves, queue_mails, register_mail, stop_url
from empower.staff.models import Property

from ..permissions import can_read_figures
from ..queries.period import Period
from ..queries.weeks import week_of
from .asking import up_to_date

KIND = "weekly"
#: When it is put in line, by the clock of one's property; by UTC for who oversees all, and when the week is over at each.
AT = time(7)
#: A worker that stood still on Monday sends it late, but not when the week is half over.
LATEST = timedelta(hours=48)


def queue_weekly_mails():
    """The worker's duty: puts last week's mail in line for each who asked for it, once it is Monday morning there.

    Each gets one for each Monday, ever, whatever is restarted. Who asks for it later on Monday gets the next. Three queries
    when nobody is due.
    """
    if not mail_leaves():
        return
    now, due = clock.now(), {}
    wishes = MailWish.objects.filter(kind=KIND, employee__is_active=True).exclude(employee__email="")
    zones = sorted(Property.objects.order_by().values_list("timezone", flat=True).distinct())
    for wish in wishes.select_related("employee__property").order_by("pk"):
        monday, begins_at = _monday(wish.employee, now, zones)
        if wish.created_at < begins_at <= now < begins_at + LATEST and _is_for(wish.employee):
            due.setdefault(monday.toordinal(), []).append(wish.employee)
    had = set(Mail.objects.filter(kind=KIND, about_id__in=list(due)).values_list("recipient_id", "about_id"))
    for about_id, people in due.items():
        waiting = [(person, now) for person in people if (person.pk, about_id) not in had]
        if waiting:
            queue_mails(kind=KIND, about_id=about_id, recipients=waiting)


def write_weekly_mail(mail):
    """The `Letter` about the week before the Monday that the mail is about; None for who may not read figures any more."""
    person = mail.recipient
    if not _is_for(person):
        return None
    monday = date.fromordinal(mail.about_id)
    last, before = (Period(monday - timedelta(days=7 * n), monday - timedelta(days=7 * n - 6)) for n in (1, 2))
    with up_to_date():
        week = week_of(person, last, before)
    told = {
        "week": week,
        "last": last,
        "before": before,
        "property": person.property,
        "link": _dashboard(last),
        "link_before": _dashboard(before),
        "stop_url": stop_url(employee=person, kind=KIND),
    }
    where = person.property.name if person.property else _("all properties")
    return Letter(
        subject=_("The week that was: %(property)s") % {"property": where},
        text=render_to_string("insights/mail_weekly.txt", told),
        html=render_to_string("insights/mail_weekly.html", told),
    )


def _monday(person, now, zones):
    """(the Monday of this week there, the moment at which its mail is due).

    Who oversees the properties in all these ``zones`` is told of a week that is over in each: at seven by UTC it may be
    Sunday evening in Honolulu.
    """
    zone = person.property.timezone if person.property_id else "UTC"
    today = clock.local_day(now, zone)
    monday = today - timedelta(days=today.weekday())
    due = datetime.combine(monday, AT, ZoneInfo(zone)).astimezone(UTC)
    if not person.property_id:
        due = max([due, *(clock.day_bounds(monday, there)[0] for there in zones)])
    return monday, due


def _is_for(employee):
    return can_read_figures(employee) and not employee.is_service


def _dashboard(period):
    """Where the same question is asked of the page: in the reader's own eyes, so it names no property."""
    asked = {"period": "days", "from": period.begins.isoformat(), "to": period.ends.isoformat()}
    return f"{settings.SITE_URL}{reverse('insights:dashboard')}?{urlencode(asked)}"


def register():
    """Hands the kind of mail to the room that sends it."""
    register_mail(
        MailKind(
            name=KIND,
            says=gettext_lazy("The week in figures, every Monday morning"),
            is_for=_is_for,
            write=write_weekly_mail,
            is_asked_for=True,
        )
    )
