"""How long a guest waited for a yes, and for the end of it. In seconds.

Imported history is left out: a file says what was given, not when somebody said yes.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from django.db.models import Exists, Min, OuterRef, Q

from empower.spending.models import ApprovalStatus, Judged, Spend
from empower.statistics import survival_quantile

from .facts import joined_to_acts
from .marks import EXACT, by_marks, gathered, interval_by_ranks, quantile
from .rollups.blocks import Micros, micros
from .selection import OF_SPENDS, counted_once, keys

SOON = 5 * 60


@dataclass(frozen=True)
class Waits:
    """Waits that ended, and how long those had lasted that did not (``censored``): (seconds, how many), ascending."""

    ended: tuple = ()
    censored: tuple = ()

    @classmethod
    def of(cls, ended, censored=()):
        """Of (seconds, how many) in any order; above a thousand by their marks (`marks`)."""
        few = sum(many for _seconds, many in (*ended, *censored)) <= EXACT
        return cls(gathered(ended), gathered(censored)) if few else cls(by_marks(ended), by_marks(censored))

    @cached_property
    def yeses(self):
        """How many have ended."""
        return sum(many for _seconds, many in self.ended)

    @cached_property
    def waiting(self):
        """How many have not."""
        return sum(many for _seconds, many in self.censored)

    @property
    def n(self):
        return self.yeses + self.waiting

    def quantile(self, p):
        """The ``p`` quantile in seconds; None where there is none, or where too many have not ended to tell.

        Type 7 where all have ended. Else Kaplan & Meier's (1958): who still waits counts as waiting for as long as is
        known, and is not dropped; then the first wait by which a share of ``p`` had ended.
        """
        return self._told(p)[0]

    def interval(self, p):
        """The 95 % interval of the quantile, its upper end None where it is not known, or None.

        By ranks (`marks.interval_by_ranks`) where all have ended, else the curve's (Brookmeyer & Crowley 1982).
        """
        return self._told(p)[1]

    def _told(self, p):
        if not self.censored:
            return quantile(self.ended, p), interval_by_ranks(self.ended, p)
        known = self.__dict__.setdefault("_known", {})
        if p not in known:
            known[p] = survival_quantile(self.ended, self.censored, p)
        return known[p]

    def within(self, seconds):
        """(how many ended by then, of how many that is known): who has waited less so far is in neither."""
        ended, censored = self._so_far
        over, given_up = ended.up_to(seconds), censored.up_to(seconds - 1)
        return over, self.yeses + self.waiting - given_up

    @cached_property
    def _so_far(self):
        return _Cumulated(self.ended), _Cumulated(self.censored)


class _Cumulated:
    """How many of (seconds, how many), ascending, are no longer than something: asked often, for each point of a curve."""

    def __init__(self, pairs):
        self.waits, self.number = [wait for wait, _many in pairs], [0, *accumulate(many for _wait, many in pairs)]

    def up_to(self, seconds):
        return self.number[bisect_right(self.waits, seconds)]


def first_own_yes(selection):
    """When the first act of somebody's own accord on an incident was given: to annotate incidents with. None for none."""
    own = Q(spends__judged_as=Judged.OWN, spends__external_id="")
    if selection.gesture:
        own &= Q(spends__gesture__code=selection.gesture)
    return Min("spends__posted_at", filter=own)


def own_waits(selection, by=()):
    """{key: Waits} from the report of a recovery incident to the first act of somebody's own accord. As `_of_incidents`.

    What was given before the guest said anything had no wait: 0. Open ones on which nothing was given yet wait until now.
    """
    return _of_incidents(selection, by)[0]


def resolve_waits(selection, by=()):
    """{key: Waits} from the report of a recovery incident to each time it was resolved. As `_of_incidents`.

    One that was reopened keeps both; open ones wait until now.
    """
    return _of_incidents(selection, by)[1]


@counted_once
def _of_incidents(selection, by):
    """(`own_waits`, `resolve_waits`). One query for both."""
    found = joined_to_acts(selection, selection.recoveries(), by)
    rows = (
        selection.told_apart(found, by)
        .values("pk", "status", "reported_at", "resolutions__pk", "resolutions__resolved_at", *keys(by))
        .annotate(first_own=first_own_yes(selection), first_given=Min("spends__posted_at"))
        .values_list(
            "pk", "status", Micros("reported_at"), Micros("resolutions__resolved_at"), Micros("first_own"),
            Micros("first_given"), *keys(by),
        )
    )  # fmt: skip
    now, seen = micros(selection.now), set()
    own, without, resolved, still_open = (defaultdict(list) for _each in range(4))
    for pk, status, reported_at, resolved_at, first_own, first_given, *key in rows:
        key = tuple(key)
        if resolved_at is not None:
            resolved[key].append((seconds_between(reported_at, resolved_at), 1))
        if (pk, key) in seen:  # it was reopened
            continue
        seen.add((pk, key))
        if first_own is not None:
            own[key].append((seconds_between(reported_at, first_own), 1))
        if status == "open":
            still_open[key].append((seconds_between(reported_at, now), 1))
            if first_given is None:
                without[key].append(still_open[key][-1])
    return _waits(own, without), _waits(resolved, still_open)


def still_without(selection, by=()):
    """{key: [(seconds so far, 1)]} of the open recovery incidents on which nothing was ever given. As `still_open`."""
    told = {key: [(wait, 1) for wait, is_without in waits if is_without] for key, waits in _open(selection, by).items()}
    return {key: waits for key, waits in told.items() if waits}


def still_open(selection, by=()):
    """{key: [(seconds so far, 1)]} of the recovery incidents that are open. One query, and none after `still_without`."""
    return {key: [(wait, 1) for wait, _is_without in waits] for key, waits in _open(selection, by).items()}


@counted_once
def _open(selection, by):
    """{key: [(seconds so far, whether nothing was ever given)]} of the open recovery incidents."""
    given = Spend.objects.order_by().filter(incident=OuterRef("pk"), posted_at__isnull=False)
    found = selection.told_apart(joined_to_acts(selection, selection.recoveries().filter(status="open"), by), by)
    rows = found.values_list("pk", Micros("reported_at"), ~Exists(given), *keys(by))
    now, waits = micros(selection.now), {}
    for _pk, reported_at, is_without, *key in rows.distinct() if OF_SPENDS & set(by) else rows:
        waits.setdefault(tuple(key), []).append((seconds_between(reported_at, now), is_without))
    return waits


@counted_once
def asked_waits(selection, by=()):
    """{key: Waits} from a request to somebody's answer, yes or no. One query.

    Open ones wait until now, expired ones waited until they did; those taken back are left out (nobody knows when), as
    are verbal yeses, and what the system answered at once.
    """
    ended = [ApprovalStatus.APPROVED, ApprovalStatus.DECLINED, ApprovalStatus.EXPIRED]
    return _waits(*_asked(selection, by, [*ended, ApprovalStatus.OPEN]))


@counted_once
def still_asked(selection, by=()):
    """{key: [(seconds so far, 1)]} of the requests that wait for an answer. One query."""
    return dict(_asked(selection, by, [ApprovalStatus.OPEN])[1])


def _asked(selection, by, statuses):
    """({key: [(seconds, 1)]} of those that were answered, the same of those that were not) of the requests of these."""
    rows = (
        selection.told_apart(selection.requests(), by)
        .filter(status__in=statuses, spend__external_id="")
        .values_list("status", Micros("requested_at"), Micros("decided_at"), Micros("expires_at"), *keys(by))
    )
    now = micros(selection.now)
    ended, censored = defaultdict(list), defaultdict(list)
    for status, requested_at, decided_at, expires_at, *key in rows:
        until = expires_at or now
        if status == ApprovalStatus.OPEN:
            those, until = censored, min(now, until)
        elif decided_at:
            those, until = ended, decided_at
        else:
            those = censored
        those[tuple(key)].append((seconds_between(requested_at, until), 1))
    return ended, censored


def _waits(ended, censored):
    return {key: Waits.of(ended.get(key, ()), censored.get(key, ())) for key in {*ended, *censored}}


def seconds(begins, ends):
    """From the one moment to the other, whole seconds; 0 where it ended before it began."""
    return max(0, round((ends - begins).total_seconds()))


def seconds_between(begins, ends):
    """The same of microseconds."""
    return max(0, round((ends - begins) / 1_000_000))
