"""What each gesture achieved for each cause. Not why: who gave what, when, is nobody's experiment."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Q

from empower.statistics import quantile_interval

from .. import counts
from ..facts import IncidentCounts, joined_to_acts, key_of
from ..figures import Figure, count, hide, mean_of_changes, money_quantile, share
from ..hiding import out_of_sight
from ..selection import counted_once, keys
from .family import Family

#: Cells of fewer incidents are hidden.
FEWEST_INCIDENTS = 8


@dataclass
class Effect:
    """Resolved recovery incidents on which a gesture was given: how they ended, and what it cost each time.

    ``costs`` is {currency: [(cost, acts)]}, ascending, what cost nothing too.
    """

    resolved: int = 0
    made_right: int = 0
    lost: int = 0
    costs: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A line of the table: a gesture for a cause, in one currency."""

    category: str
    gesture: str
    currency: str
    incidents: Figure
    recovered: Figure
    cost: Figure
    feeling: Figure
    works: bool


@counted_once
def count_effects(selection, by):
    """{key: Effect} of the resolved recovery incidents of the period; ``by`` has the gesture. Two queries."""
    incidents = joined_to_acts(selection, selection.recoveries(all_of_them=True).filter(status="resolved"), by)
    incidents = selection.told_apart(incidents, by)
    rows = incidents.values(*keys(by)).annotate(
        resolved=Count("pk", distinct=True),
        made_right=Count("pk", filter=Q(outcome__in=["recovered", "delighted"]), distinct=True),
        lost=Count("pk", filter=Q(outcome="lost"), distinct=True),
    )
    found = {key_of(row, by): Effect(row["resolved"], row["made_right"], row["lost"]) for row in rows}
    costs = (
        incidents.annotate(standing=F("spends__cost") - F("spends__reversed_cost"))
        .values("spends__currency", "standing", *keys(by))
        .annotate(acts=Count("spends__pk", distinct=True))
        .order_by("standing")
    )
    for row in costs.iterator(chunk_size=5000):
        sizes = found[key_of(row, by)].costs.setdefault(row["spends__currency"], [])
        sizes.append((row["standing"], row["acts"]))
    return found


def table(selection):
    """[Row] of what each gesture achieved for each cause, cells of fewer than eight incidents or five people left out.

    Within a cause those that work come first, the cheapest of them before the others. A gesture works where its share of
    recovered ones is not shown to lie below that of the cause as a whole: its interval reaches up to it. A fixed
    number of queries.
    """
    by = ("category", "gesture")
    with selection.as_of.tables():
        effects, feelings = count_effects(selection, by), counts.count_feelings(selection, by)
        whole = counts.count_incidents(selection, ("category",))
        of_few = out_of_sight(selection, by)
    rows = []
    for key, effect in effects.items():
        if effect.resolved < FEWEST_INCIDENTS or key in of_few:
            continue
        incidents, recovered, feeling, costs = _told(effect, feelings.get(key, {}))
        of = whole.get((key[0],), IncidentCounts())
        known = of.made_right + of.lost
        works = bool(recovered.interval) and recovered.interval[1] >= of.made_right / known
        rows += [Row(*key, cost.currency, incidents, recovered, cost, feeling, works) for cost in costs]
    return sorted(rows, key=lambda row: (row.category, row.currency, not row.works, row.cost.value, row.gesture))


def _told(effect, feelings):
    recovered = share("effect_recovered", effect.made_right, effect.made_right + effect.lost)
    costs = [_median_cost(sizes, currency) for currency, sizes in sorted(effect.costs.items())]
    return count("effect_incidents", effect.resolved), recovered, mean_of_changes("effect_feeling", feelings), costs


def _median_cost(sizes, currency):
    told = money_quantile("effect_cost_p50", sizes, 0.5, currency)
    interval = quantile_interval([cost for cost, acts in sizes for _act in range(acts)], 0.5)
    return Figure(told.name, told.unit, told.value, told.n, currency=currency, interval=interval)


def _effects(selection, by):
    found, feelings = count_effects(selection, by), counts.count_feelings(selection, by)

    def figures_of(key):
        effect = found.get(key, Effect())
        incidents, recovered, feeling, costs = _told(effect, feelings.get(key, {}))
        figures = (incidents, recovered, feeling, *costs)
        return map(hide, figures) if 0 < effect.resolved < FEWEST_INCIDENTS else figures

    return set(found), figures_of


EFFECTS = Family(_effects, needs=frozenset({"gesture"}))
