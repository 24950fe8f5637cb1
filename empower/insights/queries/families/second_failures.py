"""Guests to whom it happened again. Records that were merged are one guest: the one that stands."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from empower.incidents.models import Guest, IncidentGuest

from ..facts import joined_to_acts, key_of
from ..figures import share
from ..selection import counted_once, keys
from .family import Family

DAYS = 30


@counted_once
def count_second_failures(selection, by=()):
    """{key: (guests to whom it happened again, guests)} of the recovery incidents of the period.

    Again is within 30 days of another of the guest's recovery incidents, of whatever cause and period; void ones never
    count. One query, with two looks by index for each guest of an incident; most have no other, and that is all.
    """
    found = selection.told_apart(joined_to_acts(selection, selection.recoveries(all_of_them=True), by), by)
    found = found.filter(incident_guests__isnull=False).annotate(
        standing=Coalesce("incident_guests__guest__merged_into", "incident_guests__guest")
    )
    standing, appearance = OuterRef("standing"), OuterRef("incident_guests")
    earlier = Q(incident__occurred_at__lt=OuterRef("occurred_at")) | Q(
        incident__occurred_at=OuterRef("occurred_at"), incident__lt=OuterRef("pk")
    )
    before = (
        IncidentGuest.objects.order_by()
        .filter(earlier, incident__kind="recovery")
        .filter(incident__occurred_at__gte=OuterRef("occurred_at") - timedelta(days=DAYS))
        .exclude(incident__status="void")
    )
    # And no join with the merged ones: with statistics SQLite would begin at the incidents of the thirty days.
    by_record = Exists(before.filter(guest=standing).exclude(pk=appearance))
    merged = Guest.objects.order_by().filter(merged_into=standing)
    by_merged = Exists(merged) & Exists(
        before.filter(guest__in=Guest.objects.order_by().filter(merged_into=OuterRef(standing)).values("pk"))
    )
    found = found.annotate(is_again=by_record | by_merged)
    counts = {
        "guests": Count("standing", distinct=True),
        "again": Count("standing", filter=Q(is_again=True), distinct=True),
    }
    rows = found.values(*keys(by)).annotate(**counts) if by else [found.aggregate(**counts)]
    return {key_of(row, by): (row["again"], row["guests"]) for row in rows if row["guests"]}


def _second_failures(selection, by):
    found = count_second_failures(selection, by)
    return set(found), lambda key: (share("second_failure", *found.get(key, (0, 0))),)


SECOND_FAILURES = Family(_second_failures)
