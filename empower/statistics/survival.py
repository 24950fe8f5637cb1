"""How long it takes until something happens, when for some it has not happened yet."""

from collections import Counter
from dataclasses import dataclass
from math import exp, log, sqrt

from .means import Z_95

#: Half the width of an interval on log(−log S) up to which only the steps near a quantile tell of it.
_NARROW = 0.2


@dataclass(frozen=True)
class Step:
    """At ``time`` it happened to some: ``share`` is of those to whom it has not happened since (S), from ``low`` to ``high``.

    ``low`` and ``high`` are None where it has happened to all: the formula has no interval there.
    """

    time: float
    share: float
    standard_error: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Survival:
    """The curve: its steps, how many there are, to how many it ``happened``, and for how long it is known (``until``)."""

    steps: tuple
    n: int
    happened: int
    until: float

    def left_at(self, time):
        """The `Step` that holds at ``time``; None after all that is known, and where there is nobody."""
        if not self.n or (time > self.until and self._is_open):
            return None
        found = Step(0, 1.0, 0.0, 1.0, 1.0)
        for step in self.steps:
            if step.time > time:
                break
            found = step
        return found

    @property
    def _is_open(self):
        return not self.steps or self.steps[-1].share > 0

    def quantile(self, p=0.5):
        """The first time by which it had happened to a share of ``p``; None where too few are known to tell."""
        return self._quantile(p)[0]

    def quantile_interval(self, p=0.5):
        """(low, high) of that time: where the curve's own interval holds 1 − p (Brookmeyer & Crowley 1982, Biometrics 38).

        ``high`` is None where it is not known; None where ``low`` is not.
        """
        return self._quantile(p)[1]

    def _quantile(self, p):
        return _quantile(((step.time, step.share, step.low, step.high) for step in self.steps), p)


def kaplan_meier(happened, still_waiting):
    """The `Survival` of the times at which it ``happened``, and of how long those have waited to whom it has not yet.

    Kaplan & Meier (1958), JASA 53:457-481; Greenwood's standard error; the interval on log(−log S), which stays within
    0 and 1 (Kalbfleisch & Prentice 1980, The Statistical Analysis of Failure Time Data, 1.3). Who stopped waiting at a
    moment was still waiting when it happened to others at that same moment.
    """
    happened, waiting = Counter(happened), Counter(still_waiting)
    steps = tuple(
        Step(time, share, share * sqrt(greenwood), *_limits(share, greenwood))
        for time, share, greenwood in _fall(sorted(happened.items()), sorted(waiting.items()))
    )
    n = happened.total()
    return Survival(steps, n + waiting.total(), n, max([0, *happened, *waiting]))


def survival_quantile(happened, still_waiting, p):
    """(the ``p`` quantile, its interval): as `Survival` has them, of (time, how many) in ascending order, without its steps.

    Of a million times that are gathered by their marks it takes half a millisecond: of most steps no limits are worked out.
    """
    # Far above the quantile nothing tells of it. With h the half width on log(−log S), the lower limit is S^exp(h), and h is
    # at most _NARROW here, as −log S is at least 1 − S: so the limit is at least S^exp(_NARROW), which is above 1 − p.
    far, narrow = (1 - p) ** exp(-_NARROW), (_NARROW / Z_95) ** 2
    steps = (
        (time, share, *_limits(share, greenwood))
        for time, share, greenwood in _fall(happened, still_waiting)
        if share <= far or greenwood > narrow * (1 - share) ** 2
    )
    return _quantile(steps, p)


def _quantile(steps, p):
    """(the ``p`` quantile, its interval) of (time, share, its lower and its upper limit), read no further than they tell."""
    value = low = high = None
    for time, share, lower, upper in steps:
        if low is None and (lower is None or lower <= 1 - p):
            low = time
        if value is None and share <= 1 - p + 1e-12:
            value = time
        if upper is not None and upper <= 1 - p:
            high = time
            break
    return value, None if low is None else (low, high)


def _fall(happened, waiting):
    """(time, share to whom it has not happened since, Greenwood's sum) at each time at which it happened to some."""
    left = sum(many for _time, many in (*happened, *waiting))
    share, greenwood, place = 1.0, 0.0, 0
    for time, many in happened:
        while place < len(waiting) and waiting[place][0] < time:
            left -= waiting[place][1]
            place += 1
        if left > many:
            share *= 1 - many / left
            greenwood += many / (left * (left - many))
        else:
            share = 0.0
        yield time, share, greenwood
        left -= many


def _limits(share, greenwood):
    """The interval of a share on log(−log S); (None, None) where it has happened to all."""
    if share <= 0:
        return None, None
    half = Z_95 * sqrt(greenwood) / abs(log(share))
    return share ** exp(half), share ** exp(-half)
