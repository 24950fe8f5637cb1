"""Which of many differ from the rest by more than chance, and which days from the others. No place of anybody in a row."""

from dataclasses import dataclass
from math import erfc, fsum, sqrt

from .quantiles import binomial, quantile7

#: The two lines of a funnel: one in twenty lies outside the first by chance, one in a thousand outside the second.
WARNING, ALARM = 1.96, 3.29

#: Fewer than so many can't tell chance of another size from one that stands out: the funnel is then never widened.
ENOUGH_TO_WIDEN = 10

_WINSORISED = 0.1


@dataclass(frozen=True)
class Funnel:
    """A funnel round ``target``. ``widening`` is φ, by which the variance is multiplied: 1 where chance explains it."""

    target: float
    widening: float
    n: int

    def limits(self, size, z):
        """(low, high) between which a share of ``size`` lies by chance, cut at 0 and 1; None for nothing."""
        if not size:
            return None
        reach = z * sqrt(self.widening * self.target * (1 - self.target) / size)
        return max(0.0, self.target - reach), min(1.0, self.target + reach)

    def distance(self, successes, size):
        """How many standard errors a share lies from the target, after widening; 0 where there is no scatter."""
        error = sqrt(self.widening * self.target * (1 - self.target) / size) if size else 0
        return (successes / size - self.target) / error if error else 0.0

    def is_beyond(self, successes, size, z):
        """Whether a share lies outside the line of this ``z``, and is as rare as it says: a few can lie there by chance.

        The line is drawn by the normal law, which promises too much of small sizes and of shares near 0 and 1; so the
        exact binomial tail is asked too, both ends together. After widening the line alone.
        """
        if abs(self.distance(successes, size)) <= z:
            return False
        return self.widening > 1 or tail(successes, size, self.target) <= erfc(z / sqrt(2))


def funnel(counts, *, target=None):
    """The `Funnel` of [(successes, n)]: p0 ± z·√(φ·p0(1−p0)/n), p0 the share of all together unless ``target`` is given.

    Spiegelhalter (2005), Statistics in Medicine 24:1185-1202: φ = Σz²/I of the z-scores, winsorised by a tenth at both
    ends, so that what stands out does not hide itself; the funnel is widened where φ > 1 + 2·√(2/I), which chance alone
    hardly ever passes, and where there are ten or more. None where there is nothing.
    """
    counts = [(successes, n) for successes, n in counts if n]
    if not counts:
        return None
    p0 = sum(successes for successes, _n in counts) / sum(n for _successes, n in counts) if target is None else target
    scatter = sqrt(p0 * (1 - p0))
    phi = 1.0
    if len(counts) >= ENOUGH_TO_WIDEN and scatter:
        phi = dispersion([(successes / n - p0) * sqrt(n) / scatter for successes, n in counts])
        if phi <= 1 + 2 * sqrt(2 / len(counts)):
            phi = 1.0
    return Funnel(p0, phi, len(counts))


def dispersion(scores, winsorised=_WINSORISED):
    """φ: the mean square of z-scores, those beyond the ``winsorised`` quantile at either end drawn in to it."""
    ordered = sorted(scores)
    low, high = quantile7(ordered, winsorised), quantile7(ordered, 1 - winsorised)
    return fsum(min(max(score, low), high) ** 2 for score in scores) / len(scores)


def variance_between(errors, phi):
    """τ², the variance between units, of their standard ``errors`` and φ: for limits that add it instead of multiplying.

    Spiegelhalter (2005), after DerSimonian & Laird (1986); 0 where chance explains all.
    """
    weights = [1 / (error * error) for error in errors]
    total = fsum(weights)
    free = total - fsum(weight * weight for weight in weights) / total
    return max(0.0, (len(errors) * phi - (len(errors) - 1)) / free) if free else 0.0


def tail(successes, size, share):
    """Twice the smaller of P(B <= successes) and P(B >= successes), B binomial (size, share); at most 1."""
    below = successes < size * share
    places = range(successes, -1, -1) if below else range(successes, size + 1)
    total = 0.0
    for place in places:
        one = binomial(place, size, share)
        total += one
        if one < total * 1e-12:
            break
    return min(1.0, 2 * total)


def control_limits(counts, *, target=None):
    """(p̄, [(low, high) of each]) of [(successes, n)] in the order of time: p̄ ± 3·√(p̄(1−p̄)/n), cut at 0 and 1.

    Shewhart's p-chart (NIST/SEMATECH e-Handbook, 6.3.3.2). The limits of nothing are None; None where there is nothing.
    """
    total = sum(n for _successes, n in counts)
    if not total:
        return None
    mean = sum(successes for successes, _n in counts) / total if target is None else target
    line = Funnel(mean, 1.0, len(counts))
    return mean, [line.limits(n, 3) for _successes, n in counts]
