"""The reports: the figures of a question as a whole and, where asked, of each group. The same for the page and the API.

Each takes a `Selection` and up to two dimensions and answers a `Report`. The number of queries is fixed for each report,
whatever the number of rows, groups, currencies and properties; budgets of other days than the rest take one more.
"""

from dataclasses import dataclass

from empower.incidents.models import Outcome
from empower.spending.models import Judged

from . import costs, counts, facts, figures, timing
from .budgets import budgets
from .families import FAMILIES
from .figures import count, hide, money, money_per, share
from .hiding import is_hidden, out_of_sight

#: How many dimensions may be told apart at once.
MOST_DIMENSIONS = 2

#: What happened is nobody's act, so it is told of small groups too.
_NOT_ABOUT_PEOPLE = frozenset({"recovery_incidents", "delight_incidents"})


@dataclass(frozen=True)
class Group:
    """One row of a table: the codes of its dimensions ("" for none) and its figures."""

    key: tuple
    figures: tuple
    hidden: bool = False


@dataclass(frozen=True)
class Report:
    """What a question is answered with. ``hidden``: the whole is of fewer than five people, and not this person's."""

    name: str
    selection: object
    by: tuple
    figures: tuple
    groups: tuple = ()
    hidden: bool = False

    def figure(self, name, currency=None):
        """The figure of this name (and currency), or None."""
        return next((one for one in self.figures if one.name == name and one.currency == currency), None)

    def in_each_currency(self, name):
        """The figures of this name, by currency."""
        return sorted((one for one in self.figures if one.name == name and one.currency), key=lambda one: one.currency)


def report(name, selection, by=(), *, hidden=None, with_families=True):
    """The `Report` of this ``name``, told apart by ``by``. KeyError for one that there is not.

    ``hidden``: what `is_hidden` says of the selection, from a caller who has asked already. ``with_families``: what
    `families` count too, from the facts. As of a moment, where the selection is: every figure as it would have been told
    then.
    """
    with selection.as_of.tables():
        return _report(name, selection, by, hidden, FAMILIES.get(name, ()) if with_families else ())


def families_of(families, selection, *, hidden):
    """The figures of these `families` of a question as a whole, with none of the reports' own; ``hidden`` as in `report`."""
    with selection.as_of.tables():
        return _seen([one for family in families for one in family.whole(selection)], hidden)


def sums_of(selection, by, *, hidden):
    """The `Report` of usage told apart by ``by`` with its sums alone; ``hidden`` as in `report`. Not as of a moment."""
    acts, unseen = counts.count_acts(selection, by), out_of_sight(selection, by)
    groups = [_group(key, list(_sums(acts[key])), hidden or key in unseen) for key in sorted(acts)]
    return Report("usage", selection, tuple(by), (), tuple(groups), hidden)


def _report(name, selection, by, hidden, families):
    counted, speaks_of_people = REPORTS[name]
    hidden = speaks_of_people and (is_hidden(selection) if hidden is None else hidden)
    _keys, figures_of = counted(selection, ())
    whole = [*figures_of(()), *(one for family in families for one in family.whole(selection))]
    groups = ()
    if by:
        keys, figures_of = counted(selection, by)
        more = [found for family in families if (found := family.groups(selection, tuple(by))) is not None]
        unseen = out_of_sight(selection, by) if speaks_of_people else set()
        groups = tuple(
            _group(
                key,
                [*figures_of(key), *(one for found in more for one in found(key))],
                hidden or key in unseen,
            )
            for key in sorted(keys.union(*(found.keys for found in more)))
        )
    return Report(name, selection, tuple(by), _seen(whole, hidden), groups, hidden)


def _group(key, whole, hidden):
    return Group(key, _seen(whole, hidden), hidden)


def _seen(whole, hidden):
    return tuple(hide(one) if hidden and one.name not in _NOT_ABOUT_PEOPLE else one for one in whole)


# --- what each counts: the keys there are, and a function that makes a key's figures ----------------------------------


def _usage(selection, by):
    """How often empowerment is used, and what was given."""
    incidents, acts = counts.count_incidents(selection, by), counts.count_acts(selection, by)
    everywhere = {} if by else {currency: facts.ActCounts() for currency in selection.currencies}

    def figures_of(key):
        of, given = incidents.get(key, facts.IncidentCounts()), everywhere | acts.get(key, {})
        return (
            share("use", of.used, of.recoveries),
            share("use_at_a_cost", of.used_at_a_cost, of.recoveries),
            share("autonomy", of.autonomous, of.resolved),
            count("recovery_incidents", of.recoveries),
            count("delight_incidents", of.delights),
            count("acts", sum(one.acts for one in given.values())),
            *(count(f"acts_{how}", sum(one.judged.get(how, 0) for one in given.values())) for how in Judged.values),
            *_sums(given),
        )

    return {*incidents, *acts}, figures_of


def _sums(given):
    for currency, one in sorted(given.items()):
        yield money("amount", one.amount, currency, n=one.acts)
        yield money("cost", one.cost, currency, n=one.acts)
        if one.credit_entries:
            yield money("unmatched_credits", one.credits, currency, n=one.credit_entries)


def _outcomes(selection, by):
    """What it resolved, and what a recovery cost."""
    incidents, feelings = counts.count_incidents(selection, by), counts.count_feelings(selection, by)
    recoveries, sizes = counts.recovery_costs(selection, by), counts.cost_sizes(selection, by)
    none_yet = {} if by else {currency: costs.RecoveryCosts() for currency in selection.currencies}

    def figures_of(key):
        of = incidents.get(key, facts.IncidentCounts())
        return (
            share("recovery_rate", of.made_right, of.made_right + of.lost),
            share("unknown", of.unknown, of.resolved),
            count("recovery_incidents", of.recoveries),
            count("resolved", of.resolved),
            *(count(name, getattr(of, name)) for name in Outcome.values if name != Outcome.UNKNOWN),
            figures.mean_of_changes("feeling_change", feelings.get(key, {})),
            *(
                money_per("cost_per_recovery", one.cost, one.made_right, currency)
                for currency, one in sorted((none_yet | recoveries.get(key, {})).items())
            ),
            *(
                figures.money_quantile(f"cost_p{percent}", these, percent / 100, currency)
                for currency, these in sorted(sizes.get(key, {}).items())
                for percent in (50, 90)
            ),
        )

    return {*incidents, *feelings, *recoveries, *sizes}, figures_of


def _authority(selection, by):
    """Who decided: the person on the spot, or somebody who was asked; and how much of the limits is used."""
    incidents, requests = counts.count_incidents(selection, by), counts.count_requests(selection, by)
    limits = counts.limit_use(selection, by)

    def figures_of(key):
        of, asked = incidents.get(key, facts.IncidentCounts()), requests.get(key, facts.RequestCounts())
        use = limits.get(key, costs.LimitUse())
        names = ("requests", "answered", "approved", "declined", "open", "verbal", "denied")
        return (
            share("autonomy", of.autonomous, of.resolved),
            share("needless_asks", asked.answered, asked.requests),
            *(count(name, getattr(asked, name)) for name in names),
            figures.share_quantile("limit_use_p50", use.shares, 0.5),
            figures.share_quantile("limit_use_p90", use.shares, 0.9),
            share("limit_reached", use.close, use.n),
        )

    return {*incidents, *requests, *limits}, figures_of


def _timing(selection, by):
    """How long guests waited for a yes, and for the end of it."""
    waits = {"own": counts.own_waits(selection, by), "asked": counts.asked_waits(selection, by)}
    resolved = counts.resolve_waits(selection, by)

    def figures_of(key):
        told = []
        for who, those in waits.items():
            one = those.get(key, timing.Waits())
            told += [
                figures.wait_quantile(f"time_to_yes_{who}_p50", one, 0.5),
                figures.wait_quantile(f"time_to_yes_{who}_p90", one, 0.9),
                share(f"yes_within_5_min_{who}", *one.within(timing.SOON)),
                count(f"still_waiting_{who}", one.waiting),
            ]
        one = resolved.get(key, timing.Waits())
        told += [figures.wait_quantile(f"time_to_resolve_p{percent}", one, percent / 100) for percent in (50, 90)]
        return tuple(told)

    return {*waits["own"], *waits["asked"], *resolved}, figures_of


def _causes(selection, by):
    """What happened, and whether it had happened before."""
    incidents = counts.count_use(selection, by)

    def figures_of(key):
        of = incidents.get(key, facts.UseCounts())
        return (
            count("recovery_incidents", of.recoveries),
            count("delight_incidents", of.delights),
            share("recurrence", of.recurrent, of.recoveries),
        )

    return {*incidents}, figures_of


def _health(selection, by):
    """Whether it lives: asks that were not needed, limits reached, verbal yeses denied, ends that nobody knows."""
    incidents, requests = counts.count_incidents(selection, by), counts.count_requests(selection, by)
    limits = counts.limit_use(selection, by)

    def figures_of(key):
        of, asked = incidents.get(key, facts.IncidentCounts()), requests.get(key, facts.RequestCounts())
        use = limits.get(key, costs.LimitUse())
        return (
            share("use", of.used, of.recoveries),
            share("needless_asks", asked.answered, asked.requests),
            share("limit_reached", use.close, use.n),
            share("limit_reached_in_parts", use.close_in_parts, use.n),
            share("verbal_denied", asked.denied, asked.verbal),
            share("unknown", of.unknown, of.resolved),
        )

    return {*incidents, *requests, *limits}, figures_of


def _budget(selection, by):
    """How the budgets stand that are in force on the last day: of the whole in each currency, and of each property."""
    positions = budgets(selection)
    keys = {(position.property,) for position in positions} if by else {()}

    def figures_of(key):
        mine = [position for position in positions if not key or position.property == key[0]]
        return tuple(one for position in _by_currency(mine) for one in position.figures())

    return keys, figures_of


def _by_currency(positions):
    sums = {}
    for position in positions:
        known = sums.get(position.currency)
        sums[position.currency] = position if known is None else known + position
    return [sums[currency] for currency in sorted(sums)]


#: Name: (what counts it, whether it speaks of what people did).
REPORTS = {
    "usage": (_usage, True),
    "outcomes": (_outcomes, True),
    "authority": (_authority, True),
    "timing": (_timing, True),
    "causes": (_causes, False),
    "health": (_health, True),
    "budget": (_budget, False),
}

#: By what a report can be told apart, where not by every dimension.
DIMENSIONS_OF = {"budget": ("property",)}
