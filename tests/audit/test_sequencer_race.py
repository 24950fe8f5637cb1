"""Writers and sequencers in processes of their own: no event is lost, none gets two positions."""

import random
import time
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from empower.audit.models import AuditEvent, Position, Unsealed
from empower.audit.services import first_fault, record_event, sequence_events
from tests.audit.people import MARIA
from tests.races.processes import at_once

pytestmark = pytest.mark.races

EVENTS = 40  # of each of four writers


def write():
    for n in range(EVENTS):
        with transaction.atomic():
            record_event(actor=None, verb="spend.posted", facts={"n": n})
            time.sleep(random.random() / 200)


def keep_sequencing():
    """Until all is written, or a writer has died."""
    ends = time.monotonic() + 240
    while AuditEvent.objects.count() < 4 * EVENTS and time.monotonic() < ends:
        sequence_events(batch=7)
        time.sleep(0.005)


def test_four_writers_and_three_sequencers_at_once_lose_nothing(own_database):
    assert at_once(lambda act: act(), [[write]] * 4 + [[keep_sequencing]] * 3) == [0] * 7
    assert Position.objects.exists()
    sequence_events()
    assert AuditEvent.objects.count() == 160
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == list(range(160))
    assert first_fault() is None


def sequence_naively(last):
    """The red control: what a sequencer would do that asks for ids above the last one. Answers the new last."""
    for event in AuditEvent.objects.filter(pk__gt=last).order_by("pk"):
        Position.objects.create(position=Position.objects.count(), event=event)
        Unsealed.objects.filter(event=event).delete()
        last = event.pk
    return last


def two_events_of_which_the_first_commits_last(sequence):
    """Runs ``sequence`` between the two commits, and again after both. Answers the ids, the late one first."""
    written, go_on, ids = Event(), Event(), []

    def write_slowly():
        try:
            with transaction.atomic():
                ids.append(record_event(actor=MARIA, verb="spend.posted").pk)
                written.set()
                go_on.wait(120)
        finally:
            connections.close_all()

    slow = Thread(target=write_slowly)
    slow.start()
    assert written.wait(120)
    with transaction.atomic():
        ids.append(record_event(actor=MARIA, verb="spend.posted").pk)
    sequence()
    go_on.set()
    slow.join(120)
    sequence()
    return ids


@pytest.mark.postgres  # On SQLite writers are serial: no event can commit after one with a greater id.
def test_a_sequencer_that_looks_for_ids_above_the_last_loses_the_late_one(own_database):
    last = 0

    def sequence():
        nonlocal last
        last = sequence_naively(last)

    late, _early = two_events_of_which_the_first_commits_last(sequence)
    assert not Position.objects.filter(event_id=late).exists()


@pytest.mark.postgres
def test_the_queue_keeps_the_late_one(own_database):
    late, early = two_events_of_which_the_first_commits_last(sequence_events)
    assert late < early
    assert list(Position.objects.order_by("position").values_list("event_id", flat=True)) == [early, late]
    assert first_fault() is None


def test_a_second_sequencer_waits_for_the_first(own_database):
    with transaction.atomic():
        for _ in range(3):
            record_event(actor=MARIA, verb="spend.posted")
    given = []

    def sequence():
        try:
            given.append(sequence_events())
        finally:
            connections.close_all()

    with transaction.atomic():
        sequence_events()
        second = Thread(target=sequence)
        second.start()
        time.sleep(0.3)
        assert given == []
    second.join(120)
    assert given == [0]
    assert connection.in_atomic_block is False
    assert Position.objects.count() == 3
