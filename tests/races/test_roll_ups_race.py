"""Several keep the roll-ups at once while others give: in the end they are what a new making makes of the facts."""

import threading

import pytest
from django.db import connections, transaction

from empower.incidents.services import log_incident
from empower.insights.services import keep_roll_ups, make_roll_ups, news, rebuild_roll_ups, rolling
from empower.spending.models import Gesture
from empower.spending.services import give_spend
from tests.insights.kept import state
from tests.scene import set_the_scene

pytestmark = pytest.mark.races

GIVEN = 12


def log(actor):
    return log_incident(actor=actor, property=actor.property, guests=[{"name": "A guest"}])


def give(incident, times):
    meal = Gesture.objects.get(code="meal")
    for amount in range(1, times + 1):
        give_spend(
            actor=incident.recorded_by,
            incident=incident,
            guest=incident.guests.get(),
            gesture=meal,
            amount=amount * 100,
            currency="USD",
        )


def live_and_keep(keepers=3):
    """Two people give while several keep the roll-ups; then they are kept once more. Answers what is kept."""
    scene = set_the_scene()
    rebuild_roll_ups()
    incidents = [log(scene.maria), log(scene.paul)]
    start, over, faults = threading.Barrier(len(incidents) + keepers), threading.Event(), []

    def give_often(incident):
        start.wait(300)
        give(incident, GIVEN)

    def keep():
        start.wait(300)
        while not over.is_set():
            keep_roll_ups()

    def run(act, *arguments):
        try:
            act(*arguments)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    givers = [threading.Thread(target=run, args=(give_often, incident)) for incident in incidents]
    others = [threading.Thread(target=run, args=(keep,)) for _one in range(keepers)]
    for thread in givers + others:
        thread.start()
    for thread in givers:
        thread.join(300)
    over.set()
    for thread in others:
        thread.join(300)
    assert not faults, faults
    make_roll_ups()
    return state()


def test_who_keeps_them_at_once_keeps_them_right(own_database):
    kept = live_and_keep()
    rebuild_roll_ups()
    assert kept == state()
    [told] = [tally for *at, tally in state() if at[:4] == [0, "month", "", "acts"]]
    assert f'"|USD|judged":{{"own":{2 * GIVEN}}}' in told


def one_reads_on_while_another_does(monkeypatch, patience=1):
    """One has counted what is new and not yet written it; another comes and would be done before it goes on."""
    scene = set_the_scene()
    rebuild_roll_ups()
    give(log(scene.maria), 1)
    kept_before, counted, done = news._kept, threading.Event(), threading.Event()

    def count_and_wait(sums):
        if not counted.is_set():
            counted.set()
            done.wait(patience)
        return kept_before(sums)

    def keep():
        try:
            keep_roll_ups()
        finally:
            connections.close_all()

    def come_between():
        counted.wait(300)
        keep()
        done.set()

    with monkeypatch.context() as patch:
        patch.setattr(news, "_kept", count_and_wait)
        both = [threading.Thread(target=keep), threading.Thread(target=come_between)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(300)
    assert counted.is_set()
    assert done.is_set()
    make_roll_ups()
    return state()


def test_who_comes_between_waits_or_leaves_it(own_database, monkeypatch):
    kept = one_reads_on_while_another_does(monkeypatch)
    rebuild_roll_ups()
    assert kept == state()


@pytest.mark.postgres
def test_without_their_lock_it_would_be_counted_twice(own_database, monkeypatch):
    """The red control: the same two, each in a plain transaction."""
    with monkeypatch.context() as patch:
        patch.setattr(rolling, "_alone", transaction.atomic)
        kept = one_reads_on_while_another_does(monkeypatch, patience=300)
    rebuild_roll_ups()
    assert kept != state()
