"""`manage.py verify` as a process of its own, on a database that others write to."""

import threading

import pytest
from django.db import connections

from empower.incidents.services import log_incident
from empower.insights.verification.running import verify
from empower.spending.models import Authority, Gesture
from empower.spending.services import give_spend
from tests.scene import set_the_scene


def give(scene, amount):
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": "Somebody"}])
    return give_spend(
        actor=scene.maria, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
        amount=amount, currency="USD",
    )  # fmt: skip


def test_it_ends_with_nothing_for_a_whole_database_and_with_one_for_another(own_database):
    scene = set_the_scene()
    give(scene, 12_345)
    done = own_database.run_manage("verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All is well: ")
    Authority.objects.filter(own=12_345).update(own=12_344)
    done = own_database.run_manage("verify")
    assert done.returncode == 1
    assert done.stdout.startswith("authority_not_its_spends: ")


@pytest.mark.races
def test_it_sees_one_moment_while_others_give(own_database):
    scene = set_the_scene()
    stop = threading.Event()
    given = []

    def keep_giving():
        try:
            while not stop.is_set():
                given.append(give(scene, 1_000))
        finally:
            connections.close_all()

    writer = threading.Thread(target=keep_giving)
    writer.start()
    try:
        faults = []
        for _one in range(5):
            before = len(given)
            faults.append(verify().fault)
            while len(given) < before + 2 and writer.is_alive():
                stop.wait(0.01)
    finally:
        stop.set()
        writer.join()
    assert faults == [None] * 5
    assert len(given) >= 10
