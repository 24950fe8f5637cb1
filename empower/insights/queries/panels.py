"""What stands in each panel of the dashboard: the same figures for the page, the paper and the table to download.

The main ones are the first answer's, from the roll-ups alone. The others are counted after the first paint, some of them
from the facts, and with them what the main ones were in the period before.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from .families.chill import CHILL
from .families.declines import AFTER_NO, REGRETS
from .families.delights import DELIGHTS
from .families.forecasts import FORECASTS
from .families.promises import FOLLOWED_UP, PROMISES
from .families.quiet import QUIET
from .families.reach import FIRST_DECISIONS, REACH
from .families.second_failures import SECOND_FAILURES
from .families.splits import SPLITS
from .families.strata import STRATA
from .hiding import is_hidden
from .period import Period
from .reports import REPORTS, families_of, report


@dataclass(frozen=True)
class Panel:
    """``main`` and ``more``: {report: the names of the figures shown}; ``families``: what ``more`` takes beside it."""

    main: dict
    more: dict
    families: tuple = ()


PANELS = {
    "used": Panel(
        {"usage": ("use", "use_at_a_cost", "acts")},
        {
            "usage": (
                "reach", "delights_per_1000_room_nights", "delights_per_employee_and_month", "acts_own", "acts_approved",
                "acts_excused", "acts_unlimited",
            ),
            "authority": ("limit_use_p50", "limit_use_p90"),
            "health": (
                "first_decision_p50", "first_decision_within_30_days", "first_decision_within_60_days",
                "first_decision_within_90_days", "use_before_decline", "use_after_decline", "chill",
            ),
        },
        (("usage", REACH), ("usage", DELIGHTS), ("health", FIRST_DECISIONS), ("health", CHILL), ("health", AFTER_NO)),
    ),
    "needed": Panel(
        {"usage": ("recovery_incidents", "delight_incidents"), "causes": ("recurrence",)},
        {"causes": ("second_failure",)},
        (("causes", SECOND_FAILURES),),
    ),
    "allowed": Panel(
        {"authority": ("autonomy", "needless_asks"), "timing": ("time_to_yes_own_p50", "time_to_yes_asked_p50")},
        {
            "timing": (
                "yes_within_5_min_own", "yes_within_5_min_asked", "time_to_yes_own_p90", "time_to_yes_asked_p90",
                "still_waiting_own", "still_waiting_asked",
            ),
            "authority": ("requests", "answered", "approved", "declined", "open", "verbal", "denied"),
            "health": ("decline_regret",),
        },
        (("health", REGRETS),),
    ),
    "resolved": Panel(
        {"outcomes": ("recovery_rate", "feeling_change", "unknown")},
        {
            "outcomes": ("promises_kept", "followed_up", "resolved", "recovered", "delighted", "lost"),
            "timing": ("time_to_resolve_p50", "time_to_resolve_p90"),
        },
        (("outcomes", PROMISES), ("outcomes", FOLLOWED_UP)),
    ),
    "cost": Panel(
        {"usage": ("cost",), "outcomes": ("cost_per_recovery",), "budget": ("budget_used",)},
        {
            "usage": ("amount", "unmatched_credits"),
            "outcomes": ("cost_p50", "cost_p90"),
            "authority": ("escalation_ratio", "consistency"),
            "budget": ("allotted", "held", "spent", "available", "days_passed", "forecast"),
        },
        (("authority", STRATA), ("budget", FORECASTS)),
    ),
    "look": Panel(
        {},
        {
            "health": (
                "quiet_teams", "limit_reached", "limit_reached_in_parts", "in_parts_above_the_limit_incident",
                "in_parts_above_the_limit_guest_day", "verbal_denied",
            )
        },
        (("health", QUIET), ("health", SPLITS)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """The figures of a panel, in its order, and ``before``: {(name, currency): the figure of the period before}."""

    main: tuple
    more: tuple
    before: dict


def filled(selection, name):
    """The panel of this ``name``, `Filled`. Some forty queries, those of families from the facts; KeyError for none."""
    panel = PANELS[name]
    hidden = is_hidden(selection)
    main = figures_of(selection, panel.main, hidden=hidden)
    families = _by_report(selection, panel.families, hidden)
    more = figures_of(selection, panel.more, hidden=hidden, beside=families)
    return Filled(main, more, _before(selection, panel.main))


def figures_of(selection, wanted, *, hidden, beside=None):
    """The figures of {report: names}, in that order, one after the other for each currency."""
    found = []
    for report_name, names in wanted.items():
        told = report(report_name, selection, hidden=hidden, with_families=False).figures
        told += (beside or {}).get(report_name, ())
        found += [one for name in names for one in told if one.name == name]
    return tuple(found)


def period_before(period):
    """The equally long `Period` that ends the day before; None before one that is open."""
    if period.days is None:
        return None
    ends = period.begins - timedelta(days=1)
    return Period(ends - timedelta(days=period.days - 1), ends)


def before(selection):
    """The same question about the period before, or None."""
    period = period_before(selection.period)
    return period and replace(selection, period=period)


def _before(selection, wanted):
    earlier = before(selection)
    if earlier is None:
        return {}
    # How a budget stood then is no measure of how it stands now: it may be another.
    wanted = {name: names for name, names in wanted.items() if name != "budget"}
    told = figures_of(earlier, wanted, hidden=is_hidden(earlier))
    return {(one.name, one.currency): one for one in told}


def _by_report(selection, families, hidden):
    found = {}
    for report_name, family in families:
        _counted, speaks_of_people = REPORTS[report_name]
        told = families_of((family,), selection, hidden=hidden and speaks_of_people)
        found[report_name] = found.get(report_name, ()) + told
    return found
