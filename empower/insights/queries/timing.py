"""How long a guest waited for a yes, and for the end of it. In seconds; two statements for the one, one for the other.

Imported history is left out: a file says what was given, not when somebody said yes.
"""

from dataclasses import dataclass
from math import ceil, floor, sqrt

from django.db.models import F, Min, Q

from empower.spending.models import ApprovalStatus, Judged
from empower.statistics import Z_95, quantile7

from .facts import joined_to_acts, key_of
from .selection import counted_once, keys

SOON = 5 * 60


@dataclass(frozen=True)
class Waits:
    """Waits that ended, in ascending order, and how long those had lasted that did not end (``censored``), in seconds."""

    ended: tuple = ()
    censored: tuple = ()

    @property
    def n(self):
        return len(self.ended) + len(self.censored)

    def quantile(self, p):
        """The ``p`` quantile in seconds; None where there is none, or where too many have not ended to tell.

        Type 7 where all have ended. Else Kaplan & Meier's (1958): who still waits counts as waiting for as long as is
        known, and is not dropped; then the first wait by which a share of ``p`` had ended.
        """
        if not self.censored:
            return quantile7(self.ended, p)
        waiting, index, left = 1.0, 0, self.n
        censored = sorted(self.censored)
        for wait in self.ended:
            # Who left at the same moment as somebody's wait ended was still waiting then.
            while index < len(censored) and censored[index] < wait:
                index += 1
                left -= 1
            waiting *= 1 - 1 / left
            left -= 1
            if waiting <= 1 - p + 1e-12:
                return wait
        return None

    def interval(self, p):
        """The 95 % interval of the quantile by the ranks of its neighbours (binomial, normal approximation), or None.

        Only where all have ended and there are enough for both ranks to exist.
        """
        n = len(self.ended)
        if self.censored or not n:
            return None
        reach = Z_95 * sqrt(n * p * (1 - p))
        low, high = floor(n * p - reach), ceil(n * p + reach) + 1
        return (self.ended[low - 1], self.ended[high - 1]) if low >= 1 and high <= n else None

    def within(self, seconds):
        """(how many ended by then, of how many that is known): who has waited less so far is in neither."""
        ended = sum(wait <= seconds for wait in self.ended)
        return ended, len(self.ended) + sum(wait >= seconds for wait in self.censored)


@counted_once
def own_waits(selection, by=()):
    """{key: Waits} from the report of a recovery incident to the first act of somebody's own accord. One query.

    What was given before the guest said anything had no wait: 0.
    """
    found = joined_to_acts(selection, selection.recoveries(), by)
    own = Q(spends__judged_as=Judged.OWN, spends__external_id="")
    if selection.gesture:
        own &= Q(spends__gesture__code=selection.gesture)
    rows = (
        selection.told_apart(found, by)
        .values("pk", "reported_at", *keys(by))
        .annotate(first=Min("spends__posted_at", filter=own))
        .filter(first__isnull=False)
    )
    ended = {}
    for row in rows.iterator(chunk_size=5000):
        ended.setdefault(key_of(row, by), []).append(_seconds(row["reported_at"], row["first"]))
    return {key: Waits(tuple(sorted(waits))) for key, waits in ended.items()}


@counted_once
def asked_waits(selection, by=()):
    """{key: Waits} from a request to somebody's answer, yes or no. One query.

    Open ones wait until now, expired ones waited until they did; those taken back are left out (nobody knows when), as
    are verbal yeses, and what the system answered at once.
    """
    counted = [ApprovalStatus.APPROVED, ApprovalStatus.DECLINED, ApprovalStatus.OPEN, ApprovalStatus.EXPIRED]
    rows = (
        selection.told_apart(selection.requests(), by)
        .filter(status__in=counted, spend__external_id="")
        .values_list("requested_at", "decided_at", "expires_at", *keys(by))
    )
    now, found = selection.now, {}
    for requested_at, decided_at, expires_at, *key in rows.iterator(chunk_size=5000):
        ended, censored = found.setdefault(tuple(key), ([], []))
        if decided_at:
            ended.append(_seconds(requested_at, decided_at))
        else:
            censored.append(_seconds(requested_at, min(now, expires_at or now)))
    return {key: Waits(tuple(sorted(ended)), tuple(sorted(censored))) for key, (ended, censored) in found.items()}


@counted_once
def resolve_waits(selection, by=()):
    """{key: Waits} from the report of a recovery incident to each time it was resolved. One query.

    One that was reopened keeps both; open ones wait until now.
    """
    found = joined_to_acts(selection, selection.recoveries(), by)
    rows = (
        selection.told_apart(found, by)
        .annotate(ended=F("resolutions__resolved_at"))
        .values_list("pk", "status", "reported_at", "ended", *keys(by))
        .distinct()
    )
    now, waits = selection.now, {}
    still_open = {}
    for pk, status, reported_at, ended_at, *key in rows.iterator(chunk_size=5000):
        ended, _censored = waits.setdefault(tuple(key), ([], []))
        if ended_at:
            ended.append(_seconds(reported_at, ended_at))
        if status == "open":
            still_open[(pk, *key)] = _seconds(reported_at, now)
    for (_pk, *key), seconds in still_open.items():
        waits[tuple(key)][1].append(seconds)
    return {key: Waits(tuple(sorted(ended)), tuple(sorted(censored))) for key, (ended, censored) in waits.items()}


def _seconds(begins, ends):
    return max(0, round((ends - begins).total_seconds()))
