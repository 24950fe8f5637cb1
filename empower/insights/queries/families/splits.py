"""Gifts in parts that together pass what one person may give: is the limit too low? By incident and by day, of no person."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db.models import F
from django.db.models.functions import Coalesce

from empower import clock
from empower.spending.models import Judged

from ..facts import GIVEN
from ..figures import share
from ..rollups.blocks import Micros, moment_of
from ..selection import counted_once, keys
from .family import EVERY_DIMENSION, Family

#: Over what gifts to a guest are summed: one incident, or one local day.
OVER = ("incident", "guest_day")

#: The columns of an act, as they are read; those by which it is told apart come after.
_GUEST, _INCIDENT, _MOMENT, _HOUSE, _JUDGED, _AMOUNT, _BACK, _LIMIT, _PK = range(9)
_KEY = slice(9, None)


@dataclass(frozen=True)
class Parts:
    """Of so many ``sums`` so many are ``above`` the limit, in two parts or more."""

    sums: int = 0
    above: int = 0


@counted_once
def count_parts(selection, by=()):
    """{over: {key: Parts}}, ``over`` as in `OVER`: what a guest was given on one incident, and on one local day.

    Sums of the acts of the period that the guest saw, over all employees, of which one at least was an own act: how many
    there are, and how many were given in parts and pass the highest limit in force among them. One query for both.

    What was given in parts with somebody's yes to the rest counts too. Records that were merged are one guest.
    """
    found = {over: defaultdict(lambda: [0, 0]) for over in OVER}
    for acts in _of_each_guest(selection, by):
        if len(acts) == 1:
            # Most guests: two sums of one part, and no need to know of which day.
            if acts[0][_JUDGED] == Judged.OWN:
                for of in found.values():
                    of[acts[0][_KEY]][0] += 1
            continue
        for over, of in found.items():
            for key, parts in _sums(selection, acts, over):
                told = of[key]
                told[0] += 1
                told[1] += _pass(parts)
    return {over: {key: Parts(*told) for key, told in of.items()} for over, of in found.items()}


def first_parts(selection, over):
    """The ids of the first act of each sum that passes, ascending; ``over`` as in `OVER`. One query."""
    return sorted(
        min(act[_PK] for act in parts)
        for acts in _of_each_guest(selection)
        if len(acts) > 1
        for _key, parts in _sums(selection, acts, over)
        if _pass(parts)
    )


def _of_each_guest(selection, by=()):
    """The acts of one guest after the other: so many as there are of one are held at a time."""
    acts = selection.spends(all_of_them=True).filter(GIVEN, amount__gt=F("reversed_amount"))
    rows = (
        selection.told_apart(acts, by)
        .annotate(standing_guest=Coalesce("guest__merged_into", "guest"))
        .order_by("standing_guest")
        .values_list(
            "standing_guest", "incident", Micros("act_at"), "property", "judged_as", "amount", "reversed_amount",
            "limit_in_force", "pk", *keys(by),
        )
    )  # fmt: skip
    for _guest, acts in groupby(rows.iterator(chunk_size=5000), itemgetter(_GUEST)):
        yield list(acts)


def _sums(selection, acts, over):
    """(key, parts) of each sum of a guest's acts of which one at least was an own act."""
    found = {}
    for act in acts:
        what = act[_INCIDENT] if over == "incident" else _day_of(act, selection)
        found.setdefault((what, act[_KEY]), []).append(act)
    for (_what, key), parts in found.items():
        if any(act[_JUDGED] == Judged.OWN for act in parts):
            yield key, parts


def _day_of(act, selection):
    return clock.local_day(moment_of(act[_MOMENT]), selection.zone_of[act[_HOUSE]])


def _pass(parts):
    """Whether a sum of several parts passes the highest limit in force among them."""
    limits = [act[_LIMIT] for act in parts if act[_LIMIT] is not None]
    return len(parts) > 1 and bool(limits) and sum(act[_AMOUNT] - act[_BACK] for act in parts) > max(limits)


def _splits(selection, by):
    found = count_parts(selection, by)

    def figures_of(key):
        for over in OVER:
            one = found[over].get(key, Parts())
            yield share(f"in_parts_above_the_limit_{over}", one.above, one.sums)

    return {*found["incident"], *found["guest_day"]}, figures_of


#: The parts of one sum may differ in gesture, and in who gave them: told apart by these they would be no parts.
SPLITS = Family(_splits, EVERY_DIMENSION - {"gesture", "role", "tenure"})
