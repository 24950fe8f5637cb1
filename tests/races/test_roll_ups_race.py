"""Several keep the roll-ups at once while others give: in the end they are what a new making makes of the facts."""

import threading
import time

import pytest
from django.db import DatabaseError, connections, transaction

from empower.incidents.services import log_incident
from empower.insights.models import RollUp
from empower.insights.services import keep_roll_ups, make_roll_ups, rebuild_roll_ups, rolling
from empower.spending.models import Gesture
from empower.spending.services import give_spend
from tests.scene import set_the_scene

pytestmark = pytest.mark.races

GIVEN = 12


def state():
    return set(RollUp.objects.values_list("house", "grain", "facet", "part", "begins_on", "tally"))


def live_and_keep(keepers=3):
    """Two people give while several keep the roll-ups; then they are kept once more. Answers what is kept."""
    scene = set_the_scene()
    meal = Gesture.objects.get(code="meal")
    rebuild_roll_ups()
    incidents = [
        log_incident(actor=actor, property=actor.property, guests=[{"name": "A guest"}])
        for actor in (scene.maria, scene.paul)
    ]
    start, over, faults = threading.Barrier(len(incidents) + keepers), threading.Event(), []

    def give(incident):
        guest = incident.guests.get()
        start.wait(60)
        for amount in range(1, GIVEN + 1):
            give_spend(
                actor=incident.recorded_by,
                incident=incident,
                guest=guest,
                gesture=meal,
                amount=amount * 100,
                currency="USD",
            )

    def keep():
        start.wait(60)
        while not over.is_set():
            keep_roll_ups()

    def run(act, *arguments):
        try:
            act(*arguments)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    givers = [threading.Thread(target=run, args=(give, incident)) for incident in incidents]
    others = [threading.Thread(target=run, args=(keep,)) for _one in range(keepers)]
    for thread in givers + others:
        thread.start()
    for thread in givers:
        thread.join(120)
    over.set()
    for thread in others:
        thread.join(120)
    assert not faults, faults
    make_roll_ups()
    return state()


def test_who_keeps_them_at_once_keeps_them_right(own_database):
    kept = live_and_keep()
    rebuild_roll_ups()
    assert kept == state()
    [row] = RollUp.objects.filter(house=0, grain="month", facet="", part="counts")
    assert f'"|acts|USD|judged|own":{2 * GIVEN}' in row.tally


@pytest.mark.postgres
def test_without_their_lock_they_would_not(own_database, monkeypatch):
    """The red control: the same race, each in a plain transaction, and a moment longer between reading and writing."""
    kept_before = rolling._kept

    def read_and_wait(sums):
        found = kept_before(sums)
        time.sleep(0.05)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(rolling, "_alone", transaction.atomic)
        patch.setattr(rolling, "_kept", read_and_wait)
        try:
            kept = live_and_keep()
        except (AssertionError, DatabaseError):
            return  # they got into each other's way
    rebuild_roll_ups()
    assert kept != state()
