"""Small worlds whose truth is known, at the level of counts: what happened, what was given, drawn by chance. No database.

Teams are twelve, of 40 to 200 incidents a quarter. In the fair world all are alike: who acts, how much they give, and what
a no does to them; a twentieth of the sums reach the limit. In each of the others one thing is otherwise.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

TEAMS = tuple(("LAX", f"team_{number:02}") for number in range(12))
BEGINS = date(2026, 7, 1)
DAYS = 90

#: Currency, category and severity, and the logarithm of what is given there as a rule.
STRATA = {("USD", 1, 2): 8.0, ("USD", 2, 3): 9.0, ("JPY", 1, 2): 7.0}


@dataclass
class World:
    """``use``: {team: (with an own act, incidents)}; ``weeks``: the same by week, of all; ``gifts``: {team: {stratum: [(amount,
    how many)]}}; ``reached``: (sums that reached the limit, sums); ``noes`` and ``days`` as `chill` takes them.
    """

    use: dict = field(default_factory=dict)
    weeks: list = field(default_factory=list)
    gifts: dict = field(default_factory=dict)
    reached: tuple = (0, 0)
    noes: dict = field(default_factory=dict)
    days: dict = field(default_factory=dict)


def fair(chance, **otherwise):
    """A world drawn by ``chance``; ``otherwise`` says what is not as in the fair one.

    ``fearful``: (team, how often it acts); ``limit``: the limit in the median's measure; ``uneven``: (team, how far its gifts
    scatter); ``chilled``: how much less often teams act after a no; ``level``: how often everybody acts.
    """
    level = otherwise.get("level", 0.7)
    fearful, its_level = otherwise.get("fearful", (None, level))
    uneven, its_scatter = otherwise.get("uneven", (None, 0.5))
    sizes = {team: chance.randint(40, 200) for team in TEAMS}
    world = World()
    for team, n in sizes.items():
        world.use[team] = _some(chance, n, its_level if team == fearful else level), n
        scatter = its_scatter if team == uneven else 0.5
        world.gifts[team] = {
            which: [(round(chance.lognormvariate(median, scatter)), 1) for _gift in range(n // 3)]
            for which, median in STRATA.items()
        }
    world.weeks = [(_some(chance, n, level), n) for n in (chance.randint(60, 140) for _week in range(26))]
    # What a guest ought to have; e^(0.5·1.645) = 2.28 medians are passed by one in twenty.
    limit = otherwise.get("limit", 2.28 / 0.95)
    wishes = [chance.lognormvariate(0, 0.5) for _sum in range(300)]
    world.reached = sum(wish >= 0.95 * limit for wish in wishes), len(wishes)
    _live_the_days(chance, world, level, otherwise.get("chilled", 0))
    return world


def _live_the_days(chance, world, level, chilled):
    """Three teams get a no in the middle month; they act less often for thirty days, where a no chills."""
    for team in TEAMS:
        if team in TEAMS[:3]:
            world.noes[team] = [BEGINS + timedelta(days=chance.randint(35, 50))]
        of = world.days[team] = {}
        for number in range(DAYS):
            day = BEGINS + timedelta(days=number)
            after = team in world.noes and 0 < (day - world.noes[team][0]).days <= 30
            n = chance.randint(0, 3)
            if n:
                of[day] = n, _some(chance, n, level - chilled if after else level)


def _some(chance, n, share):
    return sum(chance.random() < share for _one in range(n))
