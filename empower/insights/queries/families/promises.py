"""What was promised and kept, and whether somebody asked the guest afterwards how it went."""

from datetime import timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from empower.incidents.models import FollowUp

from ..facts import GIVEN, joined_to_acts, key_of
from ..figures import share
from ..period import local
from ..selection import counted_once, keys
from .family import Family

#: A contact so soon after the resolution counts, wherever the guest is.
SOON = timedelta(hours=24)


#: A promise that was kept.
KEPT = Q(given_at__lte=F("promised_for"))


def promises_due(selection):
    """The acts that were promised for a time in the period that has passed."""
    found = selection.spends_ever().filter(GIVEN, promised_for__lte=selection.now).annotate(act_at=F("promised_for"))
    return found.filter(selection.period.covers(selection.houses, field="act_at"))


@counted_once
def count_promises(selection, by=()):
    """{key: (kept, due)}: of the promised times that lie in the period and have passed, at how many it had been given.

    Of what was given and not wholly taken back, as the line-up shows it. One query.
    """
    found = selection.told_apart(promises_due(selection), by)
    counts = {"due": Count("pk"), "kept": Count("pk", filter=KEPT)}
    rows = found.values(*keys(by)).annotate(**counts) if by else [found.aggregate(**counts)]
    return {key_of(row, by): (row["kept"], row["due"]) for row in rows if row["due"]}


@counted_once
def count_followed_up(selection, by=()):
    """{key: (followed up, resolved)} of the recovery incidents of the period: a contact with one of its guests after the
    (last) resolution, within 24 hours or by the local day on which that guest checks out. One query.

    The day of an erased guest is not known: what is left for them is the 24 hours.
    """
    found = joined_to_acts(selection, selection.recoveries(all_of_them=True).filter(status="resolved"), by)
    day = local("day", moment="contacted_at", zone="incident__property__timezone", timezones=selection.timezones)
    in_time = (
        FollowUp.objects.order_by()
        .filter(incident=OuterRef("pk"), contacted_at__gte=OuterRef("resolved_at"))
        .annotate(
            on_day=day,
            leaves=Cast("guest__departure", CharField()),
            leaves_too=Cast("guest__merged_into__departure", CharField()),
        )
        .filter(
            Q(contacted_at__lte=OuterRef("resolved_at") + SOON)
            | Q(on_day__lte=F("leaves"))
            | Q(on_day__lte=F("leaves_too"))
        )
    )
    found = selection.told_apart(found, by).annotate(is_followed_up=Exists(in_time))
    counts = {
        "resolved": Count("pk", distinct=True),
        "followed_up": Count("pk", filter=Q(is_followed_up=True), distinct=True),
    }
    rows = found.values(*keys(by)).annotate(**counts) if by else [found.aggregate(**counts)]
    return {key_of(row, by): (row["followed_up"], row["resolved"]) for row in rows if row["resolved"]}


def _promises(selection, by):
    found = count_promises(selection, by)
    return set(found), lambda key: (share("promises_kept", *found.get(key, (0, 0))),)


def _followed_up(selection, by):
    found = count_followed_up(selection, by)
    return set(found), lambda key: (share("followed_up", *found.get(key, (0, 0))),)


PROMISES = Family(_promises)
FOLLOWED_UP = Family(_followed_up)
