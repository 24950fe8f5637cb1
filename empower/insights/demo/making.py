"""The whole history, in one transaction: all of it is there, or nothing."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction

from . import course, opening, plots, rules, seasons, today
from .scenes import DELIGHTS, RECOVERIES
from .world import World

#: Of a hundred ordinary incidents so many are made memorable, not right.
_DELIGHTS = 24


def make_history(*, seed, scale, turned=None):
    """Lives eighteen months up to now; ``turned((year, month))`` is told of each month that begins. Returns the `World`.

    About ``scale`` times 1,500 incidents. Everything is committed at the end. The caller has looked that nothing
    stands in the way (`summary.codes_taken`).
    """
    world = World(seed=seed, scale=scale)
    with _unlogged(), transaction.atomic():
        opening.open_houses(world)
        rules.change_rules(world)
        for hotel in world.hotels.values():
            _ordinary_days(world, hotel)
        plots.enter_plots(world)
        today.enter_today(world)
        world.diary.live(turned)
    return world


def _ordinary_days(world, hotel):
    house, zone = hotel.house, hotel.house.timezone
    rng = world.dice(house.code)
    for day in seasons.days_between(world.first_day, world.anchor.date() - timedelta(days=1)):
        for number in range(seasons.incidents_on(rng, house.code, day, average=house.share * world.scale)):
            kind = "delight" if rng.random() * 100 < _DELIGHTS else "recovery"
            scenes = DELIGHTS if kind == "delight" else RECOVERIES
            scene = rng.choices(scenes, weights=[one.weight for one in scenes])[0]
            moment = seasons.moment_on(rng, zone, day, scene.hours)
            own = world.dice(house.code, day, number)
            world.enter(moment, course.ordinary(world, hotel, own, scene, kind=kind))


@contextmanager
def _unlogged():
    """Under DEBUG Django writes every statement down once more, and the demo would take a quarter longer."""
    connection.make_debug_cursor = connection.make_cursor
    try:
        yield
    finally:
        del connection.make_debug_cursor
