"""The houses open, people are hired, money is set aside, month by month."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from empower import clock
from empower.journal.services import allot_budget
from empower.policies.services import open_property
from empower.staff.services import create_department, hire_employee, report_room_nights

from .cast import ACCOUNTS, PASSWORD, PEOPLE
from .diary import once
from .guests import GuestBook
from .seasons import days_between, local_moment, rooms_on
from .world import Hotel

#: Since so many days a house that reports its rooms does so: a quarter, and the one before it.
_ROOMS_SINCE = 190


def open_houses(world):
    """Everything that was there before the first incident, the day before it; and who joins later, when they do."""
    opened_at = datetime.combine(world.first_day, time(), UTC) - timedelta(hours=30)
    with clock.standing_at(opened_at):
        admin = hire_employee(
            actor=None,
            username="admin",
            code="admin",
            name="Administrator",
            role="",
            password=PASSWORD,
            is_superuser=True,
        )
        world.people["admin"] = admin
        for house in world.houses:
            property = open_property(
                actor=admin, code=house.code, name=house.name, currency=house.currency, timezone=house.timezone
            )
            departments = {
                code: create_department(actor=admin, property=property, code=code, name=name)
                for code, name in house.departments
            }
            world.hotels[house.code] = Hotel(house, property, departments, [], GuestBook(house))
        for person in PEOPLE:
            if world.days_ago(person.since) <= opened_at:
                _hire(world, person)
    for person in PEOPLE:
        if world.days_ago(person.since) > opened_at:
            world.enter(world.days_ago(person.since, hours=-8), once(_hire, world=world, person=person))
    for hotel in world.hotels.values():
        _report_rooms(world, hotel)
        for begins_on, ends_on in _periods(world, hotel):
            # The day before it begins: on the first of a month there is one already.
            moment = local_moment(hotel.house.timezone, begins_on - timedelta(days=1), 15)
            moment = max(moment, opened_at + timedelta(hours=1))
            world.enter(
                moment,
                once(
                    allot_budget,
                    actor=world.of_role(hotel.house.code, "general_manager")[0],
                    property=hotel.property,
                    # It grows as what is given does; the turns that are always there need some at any scale.
                    amount=round(hotel.house.allotment * max(world.scale, 0.2)),
                    begins_on=begins_on,
                    ends_on=ends_on,
                ),
            )


def _report_rooms(world, hotel):
    house = hotel.house
    if not house.rooms:
        return
    for day in days_between(world.days_ago(_ROOMS_SINCE).date(), world.anchor.date()):
        world.enter(
            local_moment(house.timezone, day, 15),
            once(
                report_room_nights,
                actor=world.of_role(house.code, "general_manager")[0],
                property=hotel.property,
                day=day,
                occupied=rooms_on(world.dice(house.code, "rooms", day), house.code, day, of=house.rooms),
            ),
        )


def _hire(world, person):
    hotel = world.hotels.get(person.house)
    world.people[person.username] = employee = hire_employee(
        actor=None,  # the system, whose passwords nobody checks
        username=person.username,
        code=person.username,
        name=person.name,
        role=person.role,
        property=hotel and hotel.property,
        department=hotel and hotel.departments.get(person.department),
        password=PASSWORD if person.username in ACCOUNTS else None,
        joined_on=world.days_ago(person.since).date(),
    )
    if hotel:
        hotel.people.append((person, employee))


def _periods(world, hotel):
    """[(first day, last day)] of the months or quarters that the history touches, the present one too."""
    months = hotel.house.months
    firsts = [
        day
        for day in days_between(world.first_day - timedelta(days=100), world.anchor.date() + timedelta(days=100))
        if day.day == 1 and (day.month - 1) % months == 0
    ]
    periods = [(first, following - timedelta(days=1)) for first, following in pairwise(firsts)]
    return [(first, last) for first, last in periods if first <= world.anchor.date() and last >= world.first_day]
