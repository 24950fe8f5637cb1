"""Where a plot is played: its house, its dice, and shorthand for what people do."""

from datetime import timedelta

from empower import clock
from empower.incidents.services import log_incident
from empower.spending.services import give_spend, resolve_incident


class Stage:
    """One plot's house, dice and shorthand. Amounts are in what feels like dollars (`Hotel`)."""

    def __init__(self, world, code, name):
        self.world, self.hotel, self.rng = world, world.hotels[code], world.dice("plot", name)
        self.people = world.people

    def guest(self, *, nights=4, **facts):
        day = clock.local_day(clock.now(), self.hotel.house.timezone)
        return self.hotel.guests.arrive(self.rng, day, nights=nights) | facts

    def log(
        self, actor, category, department, guests, narrative, *, severity=3, kind="recovery", touchpoint=None, ago=6
    ):
        """(incident, its guests): written down now, told ``ago`` minutes ago."""
        reported = clock.now() - timedelta(minutes=ago / 2)
        incident = log_incident(
            actor=self.people[actor],
            property=self.hotel.property,
            department=self.hotel.departments[department],
            category=self.world.categories[category],
            touchpoint=self.world.touchpoints[touchpoint or department],
            severity=severity,
            kind=kind,
            narrative=narrative,
            guests=guests,
            reported_at=reported,
            occurred_at=reported - timedelta(minutes=ago),
            feeling_before=None if kind == "delight" else max(0, 5 - severity),
        )
        return incident, [row.guest for row in incident.incident_guests.select_related("guest")]

    def money(self, dollars):
        return round(dollars * self.hotel.house.unit / self.hotel.house.step) * self.hotel.house.step

    def give(self, actor, incident, guest, gesture, dollars, **more):
        return give_spend(
            actor=self.people[actor],
            incident=incident,
            guest=guest,
            gesture=self.world.gestures[gesture],
            amount=self.money(dollars),
            currency=self.hotel.house.currency,
            **more,
        )

    def end(self, actor, incident, outcome, feeling):
        resolve_incident(actor=self.people[actor], incident=incident, outcome=outcome, feeling_after=feeling)


def in_minutes(minutes):
    return clock.now() + timedelta(minutes=minutes)
