"""When things go wrong: by month, by weekday and by hour, each house in its own rhythm."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

#: How busy a house is, January first; 100 is an ordinary month.
MONTHS = {
    "LAX": (85, 95, 105, 100, 100, 120, 135, 135, 95, 90, 95, 125),
    "NYC": (75, 75, 90, 105, 115, 110, 95, 90, 120, 120, 105, 145),
    "PAR": (70, 80, 95, 110, 120, 130, 115, 85, 125, 115, 85, 110),
    "KYO": (70, 75, 125, 150, 110, 75, 80, 90, 85, 125, 155, 85),
}

#: Monday first. Business houses are busy in mid-week, the others from Friday to Sunday.
WEEKDAYS = {
    "LAX": (85, 80, 85, 95, 125, 130, 110),
    "NYC": (105, 115, 115, 105, 95, 90, 75),
    "PAR": (85, 85, 90, 95, 120, 125, 105),
    "KYO": (80, 80, 85, 90, 120, 140, 115),
}

#: By local hour, midnight first: breakfast, the afternoon's arrivals, dinner, and a night that seldom sleeps.
HOURS = (8, 6, 4, 3, 2, 3, 8, 26, 34, 30, 26, 28, 26, 24, 36, 52, 50, 44, 34, 38, 36, 28, 20, 12)


def incidents_on(rng, code, day, *, average):
    """How many incidents a house has on a local day, where ``average`` is that of an ordinary one."""
    weight = MONTHS[code][day.month - 1] * WEEKDAYS[code][day.weekday()] / 10_000
    expected = average * weight * rng.uniform(0.55, 1.45)
    return int(expected) + (rng.random() < expected % 1)


def rooms_on(rng, code, day, *, of):
    """How many of a house's rooms are occupied on a local day: what makes it busy fills it."""
    weight = MONTHS[code][day.month - 1] * WEEKDAYS[code][day.weekday()] / 10_000
    return round(of * min(0.98, 0.5 + 0.3 * weight + rng.uniform(-0.05, 0.05)))


def moment_on(rng, zone, day, hours=None):
    """A moment of the local ``day``, in UTC: within ``hours`` (from, to) where the matter has its time of day."""
    first, last = hours or (0, 24)
    places = [hour % 24 for hour in range(first, last)]
    hour = rng.choices(places, weights=[HOURS[place] for place in places])[0]
    return local_moment(zone, day, hour, rng.randrange(60), rng.randrange(60))


def local_moment(zone, day, hour, minute=0, second=0):
    return datetime.combine(day, time(hour, minute, second), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def days_between(first, last):
    """Every day from ``first`` to ``last``, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def months_back(day, months):
    """The same day ``months`` earlier, or the last one that such a month has."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=last)
        except ValueError:
            continue
    raise AssertionError("Every month has twenty-eight days.")
