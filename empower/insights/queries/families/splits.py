"""Gifts in parts that together pass what one person may give: is the limit too low? By incident and by day, of no person."""

from dataclasses import dataclass

from django.db.models import Case, Count, F, Max, Min, Q, Sum, When
from django.db.models.functions import Coalesce

from empower.spending.models import Judged

from ..facts import GIVEN, key_of
from ..figures import share
from ..period import local
from ..selection import counted_once, keys
from .family import EVERY_DIMENSION, Family


@dataclass(frozen=True)
class Parts:
    """Of so many ``sums`` so many are ``above`` the limit, in two parts or more."""

    sums: int = 0
    above: int = 0


#: Over what gifts to a guest are summed: one incident, or one local day.
OVER = {
    "incident": lambda selection: F("incident"),
    "guest_day": lambda selection: local(
        "day", moment="act_at", zone="property__timezone", timezones=selection.timezones
    ),
}

#: A sum of several parts that passes the highest limit in force among them.
PASSING = Q(parts__gte=2, given__gt=F("limit"))


@counted_once
def count_on_incidents(selection, by=()):
    """{key: Parts}: what a guest was given on one incident. As `_count`."""
    return _count(selection, by, OVER["incident"](selection))


@counted_once
def count_on_guest_days(selection, by=()):
    """{key: Parts}: what a guest was given on one local day, whatever the incident. As `_count`."""
    return _count(selection, by, OVER["guest_day"](selection))


def _count(selection, by, what):
    """Sums of the acts of the period that the guest saw, over all employees, of which one at least was an own act: how many
    there are, and how many were given in parts and pass the highest limit in force among them. One query.

    What was given in parts with somebody's yes to the rest counts too. Records that were merged are one guest.
    """
    sums = _sums(selection, by, what)
    if not by:
        told = sums.aggregate(sums=Count("*"), above=Count("parts", filter=PASSING))
        return {(): Parts(**told)} if told["sums"] else {}
    found = {}
    for row in sums.annotate(is_above=Case(When(PASSING, then=1), default=0)).iterator(chunk_size=5000):
        number, above = found.get(key_of(row, by), (0, 0))
        found[key_of(row, by)] = number + 1, above + row["is_above"]
    return {key: Parts(*told) for key, told in found.items()}


def first_parts(selection, over):
    """The ids of the first act of each sum that passes, ``over`` as in `OVER`. One query."""
    sums = _sums(selection, (), OVER[over](selection)).filter(PASSING)
    return list(sums.annotate(first=Min("pk")).values_list("first", flat=True))


def _sums(selection, by, what):
    acts = selection.told_apart(selection.spends().filter(GIVEN, amount__gt=F("reversed_amount")), by)
    return (
        acts.annotate(sum_of=what, standing_guest=Coalesce("guest__merged_into", "guest"))
        .values("sum_of", "standing_guest", *keys(by))
        .annotate(
            parts=Count("pk"),
            own=Count("pk", filter=Q(judged_as=Judged.OWN)),
            given=Sum(F("amount") - F("reversed_amount")),
            limit=Max("limit_in_force"),
        )
        .filter(own__gte=1)
    )


def _splits(selection, by):
    on_incidents, on_days = count_on_incidents(selection, by), count_on_guest_days(selection, by)

    def figures_of(key):
        for name, found in (("incident", on_incidents), ("guest_day", on_days)):
            one = found.get(key, Parts())
            yield share(f"in_parts_above_the_limit_{name}", one.above, one.sums)

    return {*on_incidents, *on_days}, figures_of


#: The parts of one sum may differ in gesture, and in who gave them: told apart by these they would be no parts.
SPLITS = Family(_splits, EVERY_DIMENSION - {"gesture", "role", "tenure"})
