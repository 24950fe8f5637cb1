"""The counts behind the figures: read from the roll-ups where they tell it, else counted from the facts. The same either way.

Everything that makes figures asks here and nowhere else. A selection with ``facts_alone`` asks the facts, whatever is kept.
"""

from . import costs, facts, timing
from .costs import LimitUse, RecoveryCosts
from .facts import ActCounts, BookCounts, IncidentCounts, RequestCounts, UseCounts
from .marks import EXACT, by_marks
from .rollups.answers import route_of
from .rollups.cells import FLAGS, flags_of
from .rollups.stored import Kept
from .selection import counted_once
from .timing import Waits


def count_incidents(selection, by=(), *, with_recurrence=False):
    """As `facts.count_incidents`."""
    told = _told(selection, by, part="incidents")
    if told is None:
        return facts.count_incidents(selection, by, with_recurrence=with_recurrence)
    return _incidents_of(selection, by)


@counted_once
def _incidents_of(selection, by):
    told = _told(selection, by, part="incidents")
    return {key: _incidents(tally["incidents"]) for key, tally in told.items() if "incidents" in tally}


def _incidents(by_currency):
    found = dict.fromkeys(FLAGS, 0)
    for masks in by_currency.values():
        for mask, number in masks.items():
            for name in flags_of(int(mask)):
                found[name] += number
    return IncidentCounts(**found)


def count_use(selection, by=()):
    """{key: UseCounts}: what `count_incidents` says, and no more of it."""
    told = _told(selection, by, part="use")
    if told is None:
        told = count_incidents(selection, by, with_recurrence=True)
        return {key: UseCounts(of.recoveries, of.delights, of.used, of.recurrent) for key, of in told.items()}
    return {key: UseCounts(**tally) for key, tally in told.items()}


def count_acts(selection, by=()):
    """As `facts.count_acts`."""
    told = _told(selection, by, part="acts")
    if told is None:
        return facts.count_acts(selection, by)
    return {
        key: {
            currency: ActCounts(acts=sum(acts.get("judged", {}).values()), **acts) for currency, acts in tally.items()
        }
        for key, tally in told.items()
    }


def count_books(selection, by=()):
    """As `facts.count_books`; of whatever cause, gesture and kind."""
    told = _told(selection, by, part="books")
    if told is None:
        return facts.count_books(selection, by)
    return {key: {currency: BookCounts(**sums) for currency, sums in tally.items()} for key, tally in told.items()}


def count_requests(selection, by=()):
    """As `facts.count_requests`."""
    told = _told(selection, by, part="requests")
    if told is None:
        return facts.count_requests(selection, by)
    return {key: _requests(tally) for key, tally in told.items()}


def _requests(by_status):
    verbal = sum(by_status.get(status, 0) for status in ("to_confirm", "confirmed", "denied"))
    named = {name: by_status.get(name, 0) for name in ("answered", "approved", "declined", "open", "denied")}
    return RequestCounts(requests=sum(by_status.values()), verbal=verbal, **named)


def count_feelings(selection, by=()):
    """As `facts.count_feelings`."""
    told = _told(selection, by, part="incidents")
    if told is None:
        return facts.count_feelings(selection, by)
    return {
        key: {int(change): pairs for change, pairs in tally["feelings"].items()}
        for key, tally in told.items()
        if "feelings" in tally
    }


def count_people(selection, by=()):
    """As `facts.count_people`."""
    told = _told(selection, by, part="people")
    if told is None:
        return facts.count_people(selection, by)
    return {key: len(tally) for key, tally in told.items()}


def few_people(selection, by=(), *, most):
    """As `count_people`, and of more than ``most`` no more than that: for who need not know how many more there are.

    The roll-ups are read only until that many are found.
    """
    route = _route(selection, tuple(by), "people")
    if route is None or _kept(selection).corrections:
        return {key: min(most, number) for key, number in count_people(selection, by).items()}
    return route.people(_kept(selection), selection.period, most)


def recovery_costs(selection, by=()):
    """As `costs.recovery_costs`."""
    told = _told(selection, by, part="incidents")
    if told is None:
        return costs.recovery_costs(selection, by)
    found = {}
    for key, tally in told.items():
        costs_of, right_of = tally.get("recovery", {}), {}
        for currency, masks in tally.get("incidents", {}).items():
            right_of[currency] = sum(
                number for mask, number in masks.items() if {"recovered", "delighted"} & {*flags_of(int(mask))}
            )
        sums = {
            currency: RecoveryCosts(costs_of.get(currency, 0), right_of.get(currency, 0))
            for currency in {*costs_of, *right_of}
            if costs_of.get(currency) or right_of.get(currency)
        }
        if sums:
            found[key] = sums
    return found


def cost_sizes(selection, by=()):
    """As `costs.cost_sizes`."""
    told = _told(selection, by, part="values")
    if told is None:
        return costs.cost_sizes(selection, by)
    found = {
        key: {currency: _pairs(sizes) for currency, sizes in tally["costs"].items()}
        for key, tally in told.items()
        if "costs" in tally
    }
    few = {currency for told in found.values() for currency, sizes in told.items() if _are_few(sizes)}
    if few:
        for key, exact in costs.cost_sizes(selection, by, currencies=tuple(sorted(few))).items():
            found[key] |= {currency: sizes for currency, sizes in exact.items() if _are_few(sizes)}
    return found


def limit_use(selection, by=()):
    """As `costs.limit_use`."""
    told = _told(selection, by, part="values")
    if told is None or any(_are_exact(tally.get("limits")) for tally in told.values()):
        return costs.limit_use(selection, by)
    return {
        key: LimitUse.of_thousandths(_pairs(tally["limits"]), tally.get("close_in_parts", 0))
        for key, tally in told.items()
        if "limits" in tally
    }


def own_waits(selection, by=()):
    """As `timing.own_waits`: open ones on which nothing was given yet are asked for live."""
    return _waits(selection, by, timing.own_waits, timing.still_without, "own")


def asked_waits(selection, by=()):
    """As `timing.asked_waits`: those who wait are asked for live, for as long as they have waited by now."""
    return _waits(selection, by, timing.asked_waits, timing.still_asked, "asked", "never_answered")


def resolve_waits(selection, by=()):
    """As `timing.resolve_waits`; open ones live."""
    return _waits(selection, by, timing.resolve_waits, timing.still_open, "resolved")


def _waits(selection, by, from_facts, live, ended, censored=None):
    told = _told(selection, by, part="values")
    if told is None or any(_are_exact(tally.get(ended), tally.get(censored)) for tally in told.values()):
        return from_facts(selection, by)
    waiting, found = live(selection, by), {}
    for key in {*told, *waiting}:
        tally, still = told.get(key, {}), waiting.get(key, ())
        over, not_over = _pairs(tally.get(ended, {})), _pairs(tally.get(censored, {}))
        if over or not_over:
            found[key] = Waits(over, by_marks((*not_over, *still)))
        elif still:
            found[key] = Waits.of((), still)
    return found


# --- from where --------------------------------------------------------------------------------------------------------


def is_kept(selection, by=(), *, part="acts"):
    """Whether the roll-ups tell this part; else the facts do."""
    return _route(selection, tuple(by), part) is not None


def read_together(selection, asked):
    """Has the whole and all of these (by, part) read in one query, where the roll-ups tell them."""
    routes = [(_route(selection, by, part), part) for by, part in asked]
    _kept(selection).read_together((route.facet, part) for route, part in routes if route is not None)


def _route(selection, by, part):
    if selection.facts_alone:
        return None
    routes = selection.__dict__.setdefault("_routes", {})
    if (by, part) not in routes:
        route = route_of(selection, by, part)
        routes[by, part] = route if route is not None and _kept(selection).serves else None
    return routes[by, part]


def _kept(selection):
    """The roll-ups at the moment of the question: asked for once a selection, which lives for one question."""
    return selection.__dict__.setdefault("_kept", Kept())


@counted_once
def _told(selection, by=(), *, part):
    route = _route(selection, by, part)
    if route is None:
        return None
    return route.sums(_kept(selection), selection.period, part)


def _pairs(told):
    return tuple(sorted((int(value), many) for value, many in told.items()))


def _are_few(pairs):
    return sum(many for _value, many in pairs) <= EXACT


def _are_exact(*histograms):
    """Whether there is anything in these, and no more than the facts are asked for: its quantiles are exact."""
    return 0 < sum(sum(told.values()) for told in histograms if told) <= EXACT
