"""Similar cases in a few figures, each with what it is out of."""

from dataclasses import dataclass

from empower.statistics import quantile7

from .similar import similar_incidents

#: Of fewer cases no middle half is drawn.
FEWEST_FOR_A_RANGE = 4


@dataclass(frozen=True)
class SimilarCases:
    """``n`` cases; ``good`` of ``known`` ended well; the middle half and median of what was given, minor units.

    ``few``: what was given where it was too seldom for a middle half. ``at_least``: those that were given the asked amount or
    more, as (good, known). Quantiles of type 7.
    """

    n: int
    known: int
    good: int
    currency: str
    low: int | None
    median: int | None
    high: int | None
    few: tuple
    gesture: object
    at_least: tuple | None


def similar_cases(*, incident, user, asked=None, most=50):
    """The `SimilarCases` beside an incident, of the ``most`` nearest. At most four queries."""
    found = similar_incidents(incident=incident, user=user, most=most)
    amounts = sorted(case.amount for case in found if case.amount)
    gestures = [gesture for case in found for gesture in case.gestures]
    usual = max(gestures, key=gestures.count, default=None)
    enough = len(amounts) >= FEWEST_FOR_A_RANGE
    low, median, high = (round(quantile7(amounts, p)) if enough else None for p in (0.25, 0.5, 0.75))
    known = _known(found)
    return SimilarCases(
        n=len(found),
        known=len(known),
        good=_good(known),
        currency=incident.property.currency,
        low=low,
        median=median,
        high=high,
        few=() if enough else tuple(amounts),
        gesture=usual,
        at_least=None if asked is None else _at_least(found, asked),
    )


def _at_least(found, asked):
    known = _known([case for case in found if case.amount >= asked])
    return _good(known), len(known)


def _known(cases):
    return [case for case in cases if case.outcome not in ("", "unknown")]


def _good(known):
    return sum(case.outcome != "lost" for case in known)
