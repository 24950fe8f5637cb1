"""How long it takes until something happens, when for some it has not happened yet."""

from bisect import bisect_right
from dataclasses import dataclass
from math import exp, log, sqrt

from .means import Z_95


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
        return next((step.time for step in self.steps if step.share <= 1 - p + 1e-12), None)

    def quantile_interval(self, p=0.5):
        """(low, high) of that time: where the curve's own interval holds 1 − p (Brookmeyer & Crowley 1982, Biometrics 38).

        ``high`` is None where it is not known; None where ``low`` is not.
        """
        low = next((step.time for step in self.steps if step.low is None or step.low <= 1 - p), None)
        high = next((step.time for step in self.steps if step.high is not None and step.high <= 1 - p), None)
        return None if low is None else (low, high)


def kaplan_meier(happened, still_waiting):
    """The `Survival` of the times at which it ``happened``, and of how long those have waited to whom it has not yet.

    Kaplan & Meier (1958), JASA 53:457-481; Greenwood's standard error; the interval on log(−log S), which stays within
    0 and 1 (Kalbfleisch & Prentice 1980, The Statistical Analysis of Failure Time Data, 1.3). Who stopped waiting at a
    moment was still waiting when it happened to others at that same moment.
    """
    happened, waiting = sorted(happened), sorted(still_waiting)
    n = left = len(happened) + len(waiting)
    share, greenwood, steps, gone, place = 1.0, 0.0, [], 0, 0
    while place < len(happened):
        time = happened[place]
        while gone < len(waiting) and waiting[gone] < time:
            gone += 1
            left -= 1
        deaths = bisect_right(happened, time, lo=place) - place
        share *= 1 - deaths / left
        if left > deaths:
            greenwood += deaths / (left * (left - deaths))
        steps.append(_step(time, share if left > deaths else 0.0, greenwood))
        left -= deaths
        place += deaths
    return Survival(tuple(steps), n, len(happened), max([0, *happened, *waiting]))


def _step(time, share, greenwood):
    if share <= 0:
        return Step(time, 0.0, 0.0, None, None)
    half = Z_95 * sqrt(greenwood) / abs(log(share))
    return Step(time, share, share * sqrt(greenwood), share ** exp(half), share ** exp(-half))
